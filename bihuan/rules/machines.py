"""What a lifecycle is made of: states, steps, the machine of one kind of thing; and the page that shows them.

The tables themselves stand in lifecycle.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class State:
    """A condition a thing can be in: code, Chinese label, and its look (a shape and a tone beside the word)."""

    code: str
    label: str
    shape: str = "○"
    tone: str = "open"


@dataclass(frozen=True)
class Step:
    """One act: from `sources` to `target` (None: the state stays), by `who`, with the `needs` checked in order.

    `who` names relations of access.RELATIONS. `consequence`: nobody takes it by hand, another act brings it about and
    is itself what it needs.
    """

    code: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    who: tuple[str, ...]
    needs: tuple[str, ...] = ()
    consequence: bool = False


@dataclass(frozen=True)
class Machine:
    """The lifecycle of one kind of thing."""

    thing: str
    label: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]

    def state(self, code: str) -> State:
        """The state of that code; KeyError when there is none."""
        return self._states_by_code[code]

    def step(self, code: str) -> Step:
        """The step of that code; KeyError when there is none."""
        return self._steps_by_code[code]

    @cached_property
    def _states_by_code(self) -> dict[str, State]:
        return {state.code: state for state in self.states}

    @cached_property
    def _steps_by_code(self) -> dict[str, Step]:
        return {step.code: step for step in self.steps}

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """Every step that leaves, or acts in, that state; consequences too."""
        return tuple(step for step in self.steps if state in step.sources)


def page_of(machines: Iterable[Machine]) -> str:
    """For each machine its states, a diagram, and the table of steps, as Markdown."""
    parts = [
        "# Lifecycles",
        "",
        "Generated from `bihuan/rules/lifecycle.py` by `make fix`; `make check` fails when they differ.",
    ]
    for machine in machines:
        parts += ["", f"## {machine.thing} {machine.label}", "", *_diagram(machine), "", *_table(machine)]
    return "\n".join(parts) + "\n"


def _diagram(machine: Machine) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.code}: {state.code} {state.label}" for state in machine.states]
    lines.append(f"    [*] --> {machine.states[0].code}")
    for step in machine.steps:
        if step.target:
            lines += [f"    {source} --> {step.target}: {step.code}" for source in step.sources]
    return [*lines, "```"]


def _table(machine: Machine) -> list[str]:
    lines = ["| step | 步骤 | from | to | who | needs |", "| --- | --- | --- | --- | --- | --- |"]
    for step in machine.steps:
        who = (
            ", ".join(step.who)
            if not step.consequence
            else f"consequence of an act by {', '.join(step.who) or 'another step'}"
        )
        cells = (step.code, step.label, ", ".join(step.sources), step.target or "(stays)", who, ", ".join(step.needs))
        lines.append(f"| {' | '.join(cells)} |")
    return lines
