"""How a command answers: what an action refused becomes a sentence (or a JSON object) and an exit code."""

from collections.abc import Callable

from bihuan.cli.accounts import NotSignedIn
from bihuan.cli.words import DONE, NO, UNREADABLE, USAGE, _, show_json, tell
from bihuan.rules.typed import Objection


class CannotRead(Exception):
    """A file named in the command cannot be read; the text is a sentence for people."""


class Malformed(Exception):
    """An option does not say what it should; the text is a sentence for people."""


def answered(work: Callable[[], None], *, as_json: bool) -> int:
    """Do the work of a command; tell a refusal and return its exit code."""
    try:
        work()
    except NotSignedIn as refusal:
        return _refuse("not_signed_in", str(refusal), as_json=as_json)
    except Malformed as mistake:
        return _refuse("malformed", str(mistake), as_json=as_json, code=USAGE)
    except CannotRead as refusal:
        return _refuse("unreadable", str(refusal), as_json=as_json, code=UNREADABLE)
    except Exception as error:
        if type(error).__module__ != "bihuan.actions.refusals":
            raise
        return _refuse(*_words_of(error), as_json=as_json)
    return DONE


def worded(objection: Objection) -> str:
    """The sentence of an objection in the language in use, its values too."""
    values = {name: _(value) if isinstance(value, str) else value for name, value in objection.values.items()}
    sentence = f"{objection.subject}{_('：')}{_(objection.message)}" if objection.subject else _(objection.message)
    return sentence % values if values else sentence


def _words_of(error: Exception) -> tuple[str, str, str, str]:
    """Code, sentence, article and field of what an action raised."""
    from django.utils import timezone

    from bihuan.actions.refusals import NotYours, Overtaken, Refused, Unreadable
    from bihuan.rules.acts import act_label

    if isinstance(error, Refused | NotYours):
        said = error.objection
        return said.code, worded(said), said.article, said.where
    if isinstance(error, Overtaken):
        sentence = _("{by} 已于 {at} 办理“{step}”。请重新查看后再决定是否办理。").format(
            by=error.by,
            at=timezone.localtime(error.at).strftime("%Y-%m-%d %H:%M"),
            step=_(act_label(error.step, thing=error.thing or "finding")),
        )
        return "overtaken", sentence, "", "seen"
    if isinstance(error, Unreadable):
        return error.code, error.said(_), "", "evidence"
    return "unknown", _("没有找到，或不在您的知悉范围内。请核对编号。"), "", ""


def _refuse(reason: str, message: str, article: str = "", where: str = "", *, as_json: bool, code: int = NO) -> int:
    if as_json:
        show_json({"code": reason, "message": message, "article": article, "where": where})
    tell(message)
    return code
