"""The one gate of the pages: closed by default, one transaction and one scope a request, the clock read once.

The API has its own door and passes by.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from bihuan.queries import desk, people
from bihuan.queries.acting import acting, give_up, reaching
from bihuan.queries.desk import MenuCounts
from bihuan.queries.people import AT_THE_DOOR, WITHOUT_POST, Entry
from bihuan.rules.access import Actor
from bihuan.web import errors

VIA = "web"
ACCOUNT, POST, STAMP = "account_id", "post_id", "stamp"
# When the person last did more than read, and when the session was last written down as in use.
ACTED, SEEN = "acted_at", "seen_at"
DESK = "/"
PUBLIC = ("/sign-in", "/set-up", "/language")
ALWAYS = ("/sign-out", "/language")
BEFORE_PASSWORD = ("/password", *ALWAYS)
BEFORE_POST = ("/act-as", *BEFORE_PASSWORD)
REFUSED, FAILED = 400, 500


class Gate:
    """Middleware, the innermost: what it wraps runs as the actor, and stays only when the answer says that it did."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read the clock, speak the chosen language, and let in whoever may come in."""
        request.at = timezone.now()
        request.on = timezone.localdate(request.at)
        request.actor = request.entry = None
        _speak(request)
        _without_nul(request)
        path = request.path_info
        if path == "/healthz" or path.startswith(("/api/", settings.STATIC_URL)):
            return self.get_response(request)
        request.is_gated = True
        if path in PUBLIC:
            return self._within(request, reaching(AT_THE_DOOR), gives_up_from=FAILED)
        return self._signed_in(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal becomes its page; whatever was half done is rolled back."""
        if not getattr(request, "is_gated", False):
            return None
        give_up()
        return errors.answer_to(request, exception)

    def _signed_in(self, request: HttpRequest) -> HttpResponseBase:
        request.entry = _entry(request)
        if request.entry is None:
            request.session.flush()
            return _away(request, "/sign-in", keep=True)
        _go_on(request)
        request.actor = request.entry.actor
        if request.entry.must_change_password and request.path_info not in BEFORE_PASSWORD:
            return _away(request, "/password")
        if request.actor is None and request.path_info not in BEFORE_POST:
            return _away(request, "/act-as", keep=True)
        scope = acting(request.actor) if request.actor else reaching(WITHOUT_POST)
        response = self._within(request, scope, gives_up_from=REFUSED)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def _within(
        self, request: HttpRequest, scope: AbstractContextManager[object], *, gives_up_from: int
    ) -> HttpResponseBase:
        """The view and its page inside one transaction; an answer that says no, or is a head alone, leaves nothing."""
        with scope:
            if request.actor:
                request.menu_counts = _menu_counts(request, request.actor)
            response = self.get_response(request)
            if response.streaming:
                raise TypeError("a streaming answer would be read after its scope has ended: render it first")
            if response.status_code >= gives_up_from or request.method == "HEAD":
                # Who asks for the head alone got nothing: no taking out is on the record.
                give_up()
            elif request.actor and request.method not in ("GET", "HEAD") and ACCOUNT in request.session:
                request.session[ACTED] = request.at.timestamp()
        return response


def _entry(request: HttpRequest) -> Entry | None:
    account, post = request.session.get(ACCOUNT), request.session.get(POST)
    if not account:
        return None
    return people.entry_for(
        UUID(account),
        post=UUID(post) if post else None,
        stamp=request.session.get(STAMP, ""),
        via=VIA,
        on=request.on,
    )


def _go_on(request: HttpRequest) -> None:
    """The session lasts from now on; reading page after page writes that down but once in a while."""
    now = request.at.timestamp()
    if not 0 <= now - request.session.get(SEEN, 0) < settings.SESSION_SEEN_SECONDS:
        request.session[SEEN] = now


def _menu_counts(request: HttpRequest, actor: Actor) -> MenuCounts:
    """The figures beside the menu: on the desk counted now, elsewhere at most MENU_SECONDS old.

    Never older than the last act of the person, by whichever process it was served.
    """
    key = f"menu-{actor.post}-{request.on}"
    kept = cache.get(key) if request.path_info != DESK else None
    if kept and kept[0] > request.session.get(ACTED, 0):
        found: MenuCounts = kept[1]
        return found
    found = desk.menu_counts(actor, on=request.on)
    cache.set(key, (request.at.timestamp(), found), settings.MENU_SECONDS)
    return found


def _away(request: HttpRequest, where: str, *, keep: bool = False) -> HttpResponseBase:
    """To another page first; `keep`: and back to this one afterwards."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") and not request.htmx else ""
    if request.htmx:
        back = request.htmx.current_url_abs_path or ""
    target = f"{where}?{urlencode({'next': back})}" if keep and back not in ("", "/") else where
    return HttpResponseClientRedirect(target) if request.htmx else HttpResponseRedirect(target)


def _without_nul(request: HttpRequest) -> None:
    """PostgreSQL stores no NUL, and no address of ours holds one: what is asked is asked without it."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", ""):
        asked = request.GET.copy()
        for name in asked:
            asked.setlist(name, [value.replace("\0", "") for value in asked.getlist(name)])
        request.GET = asked


def _speak(request: HttpRequest) -> None:
    """Chinese unless the person chose otherwise; what the browser asks for does not count."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    request.LANGUAGE_CODE = language
