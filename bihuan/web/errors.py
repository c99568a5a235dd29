"""Refusals and failures as pages: 400, 403, 404, 409, 413, 415, 422, 429, 500. They need no session and no database."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unknown, Unreadable
from bihuan.web import frame, words

TOO_LARGE = "too_large"


def page(request: HttpRequest, *, status: int, message: str = "", article: str = "") -> HttpResponse:
    """The error page of a status; without a message the page's own words stand. No context processor runs."""
    context: dict[str, Any] = {
        "request": request,
        "frame": frame.frame_of(request),
        "csrf_token": get_token(request),
        "refusal": {"message": "", "article": article},
        "message": message,
    }
    return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)


def answer_to(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for a refusal of an action; None for any other exception."""
    if isinstance(exception, Unknown):
        return page(request, status=404)
    if isinstance(exception, NotYours):
        return page(request, status=403, message=words.say(exception.objection))
    if isinstance(exception, Refused):
        objection = exception.objection
        return page(request, status=422, message=words.say(objection), article=objection.article)
    if isinstance(exception, Overtaken):
        return page(request, status=409, message=_who_and_when(exception))
    if isinstance(exception, Unreadable):
        status = 413 if exception.code == TOO_LARGE else 415
        return page(request, status=status, message=exception.said(words.label))
    return None


def _who_and_when(overtaken: Overtaken) -> str:
    if not overtaken.by:
        return ""
    at = timezone.localtime(overtaken.at).strftime("%Y-%m-%d %H:%M")
    return gettext("%(who)s 已在 %(at)s 先办了，您刚才的操作没有生效。") % {"who": overtaken.by, "at": at}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, from Django."""
    return page(request, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, from Django."""
    return page(request, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, from Django: an address that leads nowhere."""
    return page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: something failed that nobody foresaw."""
    return page(request, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form does not belong to this browser's visit."""
    message = gettext("这个页面打开得太久，或者在别处重新登录过，刚才的操作没有生效。请返回上一页刷新后再办。")
    return page(request, status=403, message=message)
