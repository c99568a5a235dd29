"""What any step may meet whatever it needs: it is another's to take, or the thing is in another state."""

from collections.abc import Iterable

from bihuan.rules.access import RELATIONS
from bihuan.rules.machines import Machine, Step
from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_


def not_yours(who: Iterable[str]) -> Objection:
    """The refusal that names whose step it is; `who` names relations."""
    names = "、".join(RELATIONS[name] for name in who)
    return Objection("not_yours", N_("这一步由%(who)s办理。"), values={"who": names})


def wrong_state(step: Step, *, machine: Machine, state: str) -> Objection:
    """The refusal that names the state the thing is in."""
    values = {"state": machine.state(state).label, "step": step.label}
    return Objection("wrong_state", N_("现在是“%(state)s”，不能办理“%(step)s”。"), values=values)
