"""The addresses under /api/: each matter has its own operations; what is not there is 404 in JSON."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from ninja import NinjaAPI
from ninja.operation import Operation

from bihuan import __version__
from bihuan.api import closing, desk, drafts, errors, feedback, findings, people, plans, progress, statistics
from bihuan.api.door import ACTING_POST, Token, through
from bihuan.api.requests import PlainParser
from bihuan.api.shapes import as_json

app_name = "api"

ABOUT = """\
The same reads and deeds as on the pages and in the command, with the same JSON. A person's token (issued on the page \
of one's own account) stands in Authorization; X-Acting-Post says as which post: its id, its role or its organization. \
Every deed carries `seen`, the revision that the person saw; 409 says that another was faster. Every refusal has code, \
message, article and where; messages are Chinese, or English with Accept-Language: en. One request carries at most as \
much as BIHUAN_MAX_UPLOAD allows for a file."""


def told(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """What the view answers, as the command prints it; ninja would only copy it once more before."""

    @wraps(view)
    def answered(request: HttpRequest, **given: Any) -> HttpResponse:
        return HttpResponse(as_json(view(request, **given)), content_type="application/json; charset=utf-8")

    return answered


class Api(NinjaAPI):
    """Ninja with the header that every operation understands written into the document."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """The OpenAPI document."""
        document = super().get_openapi_schema(**given)
        header = {
            "in": "header", "name": ACTING_POST, "required": False, "schema": {"type": "string"},
            "description": "The post to act as: id, role or organization; may stay away for who holds one post.",
        }  # fmt: skip
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["parameters"] = [*operation["parameters"], header]
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The matter and the deed, such as findings_step."""
        return f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"


api = Api(
    title="Bihuan",
    version=__version__,
    description=ABOUT,
    urls_namespace=app_name,
    docs_url=None,
    auth=Token(),
    parser=PlainParser(),
)
api.add_decorator(told)
api.add_exception_handler(Exception, errors.answer_to)
for kind in errors.OF_NINJA:
    api.add_exception_handler(kind, errors.answer_to)
for prefix, router in (
    ("/me", people.router),
    ("/desk", desk.router),
    ("/findings", findings.router),
    ("/feedback", feedback.router),
    ("/drafts", drafts.router),
    ("/plans", plans.router),
    ("/closing", closing.router),
    ("/progress", progress.router),
    ("/statistics", statistics.router),
):
    api.add_router(prefix, router)


def _nowhere(request: HttpRequest) -> HttpResponse:
    raise Http404


_nowhere.csrf_exempt = True  # type: ignore[attr-defined]


def _behind_the_door(patterns: list[URLPattern]) -> list[URLPattern]:
    for pattern in patterns:
        pattern.callback = through(pattern.callback)
    return patterns


urlpatterns = _behind_the_door([*api.urls[0], re_path("", _nowhere, name="nowhere")])
