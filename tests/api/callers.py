"""Programs that call the API with a person's token, as the door will find it; and what every refusal must look like."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.test import Client

from bihuan.api.door import hash_of
from bihuan.models import Account
from bihuan.rules.access import Actor

PROBLEM = {"code", "message", "article", "where"}


def token_of(actor: Actor) -> str:
    """A fresh token of that person; the account keeps its hash."""
    token = secrets.token_urlsafe(32)
    Account.objects.filter(pk=actor.account).update(token_hash=hash_of(token))
    return token


def caller(actor: Actor, **headers: str) -> Client:
    """A program with that person's token, acting as that post."""
    given = {"Authorization": f"Bearer {token_of(actor)}", "X-Acting-Post": str(actor.post)} | headers
    return Client(headers=given, raise_request_exception=False)


def sent(client: Client, url: str, **typed: Any) -> HttpResponse:
    """A body of JSON, posted."""
    return client.post(url, typed, content_type="application/json")


def problem(response: HttpResponse, status: int) -> dict[str, str]:
    """The refusal, which must have that status and exactly the agreed shape."""
    assert response.status_code == status, response.content.decode()[:400]
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    told = response.json()
    assert set(told) == PROBLEM
    assert told["code"]
    assert told["message"]
    return told
