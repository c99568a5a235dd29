"""Visitors: a test client that is already signed in as a stored post, as the gate will find it."""

from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from bihuan.models import Account
from bihuan.queries.people import stamp_of
from bihuan.rules.access import Actor
from bihuan.web import gate
from tests.builders import NOW

TOMORROW = NOW + timedelta(days=1)


def visitor(actor: Actor) -> Client:
    """A browser whose session says that this actor signed in."""
    client = Client()
    session = client.session
    session[gate.ACCOUNT] = str(actor.account)
    session[gate.POST] = str(actor.post)
    session[gate.STAMP] = stamp_of(Account.objects.get(pk=actor.account).password_changed_at)
    session.save()
    return client


def text(response: HttpResponse) -> str:
    """The answer as text."""
    return response.content.decode()
