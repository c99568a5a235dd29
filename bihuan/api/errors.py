"""Refusals and failures as JSON: always code, message, article and where, in the reader's language; never a page."""

import logging
import traceback
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import get_language, gettext
from ninja.errors import HttpError, ValidationError

from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.api.shapes import as_json
from bihuan.rules.typed import Objection

logger = logging.getLogger("bihuan.api")

TOO_LARGE = "too_large"
LIST_MARK = "、"
# Ninja knows these better than Exception, and would answer them itself.
OF_NINJA = (Http404, HttpError, ValidationError)


class Malformed(Exception):
    """A request that does not say what it should: 400. `where` is the field or parameter; the text is a sentence."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class NotSignedIn(Exception):
    """No token, a wrong one, or no such post: 403. The text is a sentence."""


@dataclass(frozen=True)
class Problem:
    """Why not: a code for programs, a sentence for people, the article it rests on, the field it concerns."""

    code: str
    message: str
    article: str = ""
    where: str = ""


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer for whatever was raised."""
    status, problem = problem_of(error)
    if status == 500:
        _log(request, error)
    response = answer(problem, status=status)
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = 'Bearer realm="bihuan"'
    return response


def answer(problem: Problem, *, status: int) -> HttpResponse:
    """A problem as an HTTP answer."""
    return HttpResponse(as_json(problem), status=status, content_type="application/json; charset=utf-8")


def not_allowed(response: HttpResponseBase) -> HttpResponse:
    """405 in JSON, with the methods that are."""
    said = gettext("这个地址不接受这种方法，可用：%(methods)s。") % {"methods": response["Allow"]}
    told = answer(Problem("method_not_allowed", said), status=405)
    told["Allow"] = response["Allow"]
    return told


def too_large() -> Unreadable:
    """The refusal of a file, or a request, over the limit."""
    said = gettext("文件超过 %(most)s MB，请压缩或拆分以后再上传。") % {"most": settings.MAX_UPLOAD // 1024**2}
    return Unreadable(TOO_LARGE, said)


def say(objection: Objection) -> str:
    """A refusal as a sentence in the reader's language, its values filled in; values that are labels are translated."""
    sentence = _label(objection.message)
    if objection.subject:
        sentence = f"{objection.subject}{gettext('：')}{sentence}"
    return (
        sentence % {name: _value(value) for name, value in objection.values.items()} if objection.values else sentence
    )


def _label(text: str) -> str:
    return gettext(text) if text else ""


def _value(value: object) -> str:
    said = [_label(part) for part in str(value).split(LIST_MARK)]
    return (", " if get_language() == "en" else LIST_MARK).join(said)


@singledispatch
def problem_of(error: Exception) -> tuple[int, Problem]:
    """Status and problem of an exception; what nobody foresaw is 500."""
    return 500, Problem("server_error", gettext("系统出错，这次操作没有生效。请稍后再试，仍不行请联系系统管理员。"))


@problem_of.register
def _(error: Refused) -> tuple[int, Problem]:
    return 422, _objected(error.objection)


@problem_of.register
def _(error: NotYours) -> tuple[int, Problem]:
    return 403, _objected(error.objection)


@problem_of.register(Unknown)
@problem_of.register(Http404)
def _(error: Exception) -> tuple[int, Problem]:
    return 404, Problem("unknown", gettext("没有找到，或不在您的知悉范围内。请核对编号。"))


@problem_of.register
def _(error: Overtaken) -> tuple[int, Problem]:
    if not error.by:
        said = gettext("您看到的版次已经过时，操作没有生效。请重新查看后再决定是否办理。")
        return 409, Problem("overtaken", said, where="seen")
    said = gettext("%(who)s 已在 %(at)s 先办了，您刚才的操作没有生效。请重新查看后再决定是否办理。")
    at = timezone.localtime(error.at).strftime("%Y-%m-%d %H:%M")
    return 409, Problem("overtaken", said % {"who": error.by, "at": at}, where="seen")


@problem_of.register
def _(error: Unreadable) -> tuple[int, Problem]:
    return 413 if error.code == TOO_LARGE else 415, Problem(error.code, error.said(gettext), where="file")


@problem_of.register
def _(error: RequestDataTooBig) -> tuple[int, Problem]:
    return 413, Problem(TOO_LARGE, gettext("请求太大。文件请用 multipart/form-data 上传。"))


@problem_of.register
def _(error: NotSignedIn) -> tuple[int, Problem]:
    return 403, Problem("not_signed_in", str(error))


@problem_of.register
def _(error: Malformed) -> tuple[int, Problem]:
    return 400, Problem("malformed", str(error), where=error.where)


@problem_of.register(SuspiciousOperation)
@problem_of.register(BadRequest)
@problem_of.register(MultiPartParserError)
@problem_of.register(HttpError)
def _(error: Exception) -> tuple[int, Problem]:
    return 400, Problem("malformed", gettext("请求读不懂。请对照 /api/openapi.json 核对。"))


@problem_of.register
def _(error: ValidationError) -> tuple[int, Problem]:
    first = error.errors[0]
    where = _where(first["loc"])
    said = {
        "missing": gettext("缺少“%(where)s”。请对照 /api/openapi.json 补上。"),
        "extra_forbidden": gettext("没有“%(where)s”这一项。请对照 /api/openapi.json 核对。"),
    }.get(first["type"], gettext("“%(where)s”的写法不对。请对照 /api/openapi.json 核对。"))
    return 400, Problem("malformed", said % {"where": where}, where=where)


@problem_of.register
def _(error: DataError) -> tuple[int, Problem]:
    return 422, Problem("value_out_of_range", gettext("有一项写得太长，或超出能存的范围。请缩短后再办。"))


def _objected(objection: Objection) -> Problem:
    return Problem(objection.code, say(objection), objection.article, objection.where)


def _where(place: tuple[Any, ...]) -> str:
    """The place as refusals name it, rows counted from one: body, typed, measures, 0, unit is measures.1.unit."""
    source, *rest = place
    inner = rest[1:] if source in ("body", "form") and len(rest) > 1 else rest
    return ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in inner)


def _log(request: HttpRequest, error: Exception) -> None:
    """What failed and where in the code. No message of the exception and no address: they may hold what was typed."""
    route = request.resolver_match.route if request.resolver_match else ""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    logger.error("%s %s: %s at %s", request.method, route, type(error).__name__, where)
