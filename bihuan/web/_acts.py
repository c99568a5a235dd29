"""A page that is one form: shown, acted upon, shown again with the refusal beside its field and what was typed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bihuan.actions.refusals import NotYours, Refused
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_, ROLES
from bihuan.web._forms import PlainForm

UNPROCESSABLE = 422


def form_page(
    request: HttpRequest,
    form: PlainForm,
    *,
    page: Mapping[str, Any],
    template: str,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """The form's page; when a valid form is posted, `act` does the deed and says which address comes next."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act(dict(form.cleaned_data)))
        except Refused as refused:
            form.refuse(refused.objection)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"page": page, "form": form}, status=status)


def open_only_to(roles: Iterable[str], *, role: str) -> None:
    """403, with whose deed it is, before a form is shown that the actor could not send."""
    if role not in roles:
        names = "、".join(ROLES[each] for each in roles)
        raise NotYours(Objection("not_yours", N_("这件事由%(who)s办理。"), values={"who": names}))
