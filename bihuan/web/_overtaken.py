"""What a form says when somebody was faster: who, when, which step; what was typed is kept by the form."""

from django.utils import timezone
from django.utils.translation import gettext

from bihuan.actions.refusals import Overtaken
from bihuan.rules.acts import act_label
from bihuan.web import words

CONFLICT = 409


def sentence(thing: str, overtaken: Overtaken) -> str:
    """Who did what since the page was opened, to the kind of thing that was overtaken; `thing` where that is unsaid."""
    at = timezone.localtime(overtaken.at).strftime("%Y-%m-%d %H:%M")
    step = words.label(act_label(overtaken.step, thing=overtaken.thing or thing))
    names = {"who": overtaken.by, "at": at, "step": step}
    return (
        gettext("%(who)s 已在 %(at)s 办理“%(step)s”，您刚才的操作没有生效。请看过最新情况再决定，您填的内容还在。")
        % names
    )
