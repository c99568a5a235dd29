"""The first set-up: the three officers, once, from the machine itself."""

from dataclasses import dataclass
from ipaddress import ip_address

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bihuan.actions import people as acts
from bihuan.actions.people import NewOfficer
from bihuan.actions.refusals import Refused
from bihuan.queries import people
from bihuan.rules.sign_in import objection_to_name, objection_to_password, plain_name
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import OFFICERS, ROLES
from bihuan.web import gate, words
from bihuan.web._forms import PlainForm

FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA",
)  # fmt: skip
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
EXPLAIN = {
    "system_officer": _("建单位，开账号，授予职务，重置密码。"),
    "security_officer": _("授权某人在某段时间看某件东西，管安全策略。"),
    "audit_officer": _("查看全部操作的记录，看不到内容。"),
}


class OfficerForm(PlainForm):
    """One of the three."""

    name = forms.CharField(label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    account = forms.CharField(label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("再输一次密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> None:
        """The account and the password must be fit, and both passwords the same; all is said at once."""
        typed = self.cleaned_data
        name = plain_name(typed.get("account", ""))
        if name and (objection := objection_to_name(name)):
            self.add_error("account", words.say(objection))
        if typed.get("password") and (objection := objection_to_password(typed["password"], name=name)):
            self.add_error("password", words.say(objection))
        if typed.get("password") and typed.get("password_again") and typed["password"] != typed["password_again"]:
            self.add_error("password_again", gettext("两次输入的密码不一样，请重新输入。"))


@dataclass(frozen=True)
class OfficerPart:
    """One officer's part of the page."""

    label: str
    explain: str
    form: OfficerForm


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Make the three officers of an empty installation; afterwards this address is gone."""
    if people.has_accounts():
        raise Http404
    if not is_from_this_machine(request):
        message = gettext(
            "系统还没有设置。首次设置只能在服务器本机上做，请在服务器本机打开 http://localhost:%(port)s/ 。"
        ) % {"port": request.get_port()}
        return render(request, "errors/set_up_elsewhere.html", {"message": message}, status=403)
    if request.method != "POST":
        return _page(request, _forms(None))
    filled = _forms(request.POST)
    if [form for form in filled if not form.is_valid()]:
        return _page(request, filled, status=422)
    try:
        acts.set_up_three_officers(_officers(filled), at=request.at, on=request.on, via=gate.VIA)
    except Refused as refused:
        return _page(request, filled, refused=refused.objection, status=422)
    messages.success(request, gettext("三员已设置。请由系统管理员登录，先建单位，再登记人员。"))
    return HttpResponseRedirect("/sign-in")


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made on this machine, by this machine's own name, with nothing in between."""
    if any(header in request.META for header in FORWARDED):
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    try:
        return name in OWN_NAMES and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _forms(data: object) -> tuple[OfficerForm, ...]:
    return tuple(OfficerForm(data, prefix=role) for role in OFFICERS)


def _officers(filled: tuple[OfficerForm, ...]) -> tuple[NewOfficer, ...]:
    return tuple(
        NewOfficer(role, form.cleaned_data["name"], form.cleaned_data["account"], form.cleaned_data["password"])
        for role, form in zip(OFFICERS, filled, strict=True)
    )


def _page(
    request: HttpRequest, filled: tuple[OfficerForm, ...], *, refused: Objection | None = None, status: int = 200
) -> HttpResponse:
    officers = [OfficerPart(ROLES[role], str(EXPLAIN[role]), form) for role, form in zip(OFFICERS, filled, strict=True)]
    context = {"officers": officers, "form_errors": [words.say(refused)] if refused else []}
    return render(request, "set_up.html", context, status=status)


urlpatterns = [path("set-up", set_up, name="set_up")]
