"""The mass of a county: its units, people, rounds, inspections and findings, as actions/bulk.py is told of them.

Nothing here writes; days are counted back from the day that is today in the county.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import overload
from uuid import UUID
from zoneinfo import ZoneInfo

from bihuan.actions import bulk
from bihuan.actions.bulk import Hand, Hands, MassFile, MassFinding, MassInspection, MassMeasure
from bihuan.demo import _cast, _particulars
from bihuan.demo._texts import Composer, Words

ON_AVERAGE, SPREAD = 30, 8
# Of the units that are no villages, so many in a hundred are inspected in the first two rounds at the most.
MOST_OF_OTHERS = 0.9
LONGEST_WORK = 104
SECONDS_APART = 23
NOTE_SHARE = 0.12


@dataclass(frozen=True)
class RoundPlan:
    """One round of the term: kind, number, feedback received so many days before today, how far findings have come."""

    key: str
    kind: str
    years_ago: int
    number: int
    received: tuple[int, int]
    ways: Mapping[str, int]


ROUNDS = (
    RoundPlan("first", "regular", 1, 2, (430, 395), {
        "closed": 80, "phase_done_long_term": 9, "reopened": 3, "returned": 2, "in_progress": 2, "not_extended": 1,
        "extended": 1, "pending_review": 1, "withdrawn": 1,
    }),
    RoundPlan("linked", "linked", 0, 1, (250, 215), {
        "closed": 62, "phase_done_long_term": 11, "basically_done": 5, "pending_review": 4, "closing_agreed": 2,
        "returned": 4, "in_progress": 5, "reopened": 2, "reopening_asked": 1, "extended": 2, "extension_asked": 1,
        "withdrawn": 1,
    }),
    RoundPlan("village", "village", 0, 2, (90, 18), {
        "closed": 17, "phase_done_long_term": 3, "basically_done": 7, "pending_review": 9, "closing_agreed": 3,
        "returned": 5, "in_progress": 33, "extension_asked": 2, "plan_submitted": 6, "plan_agreed": 3,
        "plan_returned": 5, "awaiting_plan": 6, "withdrawn": 1,
    }),
)  # fmt: skip
# So soon after the feedback nobody has got further than the plan.
EARLY_DAYS, EARLY = (
    30,
    {"awaiting_plan": 46, "plan_submitted": 26, "plan_agreed": 8, "plan_returned": 12, "in_progress": 8},
)
# How far the last inspections of the last round have come, the last one first.
NOT_YET_GIVEN = ("planned", "on_site", "left", "drafted", "approved")
FROM_ENTRY, TO_LEAVE, LEAD = 55, 12, 95


@dataclass(frozen=True)
class Place:
    """An inspectable unit with its place and whoever acts for it."""

    id: UUID
    lo: int
    name: str
    organization_class: str
    head: Hand | None = None
    clerk: Hand | None = None


@dataclass(frozen=True)
class Team:
    """A team and its people: leader, deputy, liaison, member."""

    id: UUID
    hands: tuple[Hand, ...]


@dataclass
class Mass:
    """What is needed to tell of inspection after inspection."""

    chance: random.Random
    on: date
    zone: ZoneInfo
    findings: int
    rounds: Mapping[str, tuple[UUID, str]]
    office: Mapping[str, Hand]
    teams: Sequence[Team]
    units: Mapping[str, Sequence[Place]]
    files: Sequence[tuple[str, MassFile]]
    office_word: str
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        self.composer = Composer(self.chance, on=self.on)

    def inspections(self) -> "Inspections":
        """Round after round, unit after unit; each is made when it is asked for, whichever came before."""
        sizes, turns, seed = spread(self.findings, self.chance), list[Turn](), self.chance.getrandbits(64)
        for plan in ROUNDS:
            places, first = self.units[plan.key], 1
            for number, place in enumerate(places):
                last = len(places) - 1 - number
                reach = "given"
                if plan is ROUNDS[-1] and last < len(NOT_YET_GIVEN) and len(places) > 2 * len(NOT_YET_GIVEN):
                    reach = NOT_YET_GIVEN[last]
                size = next(sizes) if reach not in NOT_YET_GIVEN[:3] else 0
                share = number / max(1, len(places) - 1)
                team = self.teams[len(turns) % len(self.teams)]
                turns.append(Turn(f"{seed} {len(turns)}", plan, place, team, size, share, reach, first))
                first += size
        return Inspections(self, turns)

    def told(self, turn: "Turn") -> MassInspection:
        """One inspection, by chance of its own."""
        self.chance.seed(turn.seed)
        made = self._inspection(turn.plan, turn.place, turn.team, turn.size, turn.share, turn.reach)
        return replace(made, first=turn.first)

    def _inspection(
        self, plan: RoundPlan, place: Place, team: Team, size: int, share: float, reach: str
    ) -> MassInspection:
        first, last = plan.received
        ago = round(first + (last - first) * share)
        if reach != "given":
            ago = {"approved": -2, "drafted": -4, "left": -8, "on_site": -30, "planned": -80}[reach]
        received = self.on - timedelta(days=ago)
        days, moments = self._days(received, ago), self._moments(received, min(max(ago, 1), LONGEST_WORK))
        round_id, round_name = self.rounds[plan.key]
        ways = EARLY if ago < EARLY_DAYS else plan.ways
        found = [self._finding(place, ways, received) for _number in range(size)]
        title = f"关于巡察{place.name}的反馈意见"
        document, found = self._document(title, place, found)
        content = document.encode()
        return MassInspection(
            unit=place.id, unit_lo=place.lo, unit_name=place.name, round=round_id, round_name=round_name,
            office_word=self.office_word, year=self.on.year - plan.years_ago, number=plan.number, team=team.id,
            hands=self._hands(place, team), reach=reach, moments=moments, days=days, title=title,
            file_name=f"{title}.txt", document=document,
            file=bulk.file_of(content, media_type="text/plain") if found else None,
            findings=tuple(found),
        )  # fmt: skip

    def _hands(self, place: Place, team: Team) -> Hands:
        office = self.office
        assert place.head, "who is inspected has people"
        assert place.clerk, "likewise"
        return Hands(
            director=office["zhuren"], officer=office["xunchaban"], secretary=office["shuji"],
            leading=office["lingdao"], discipline=office["jijian"], organization=office["zuzhibu"],
            leader=team.hands[0], liaison=team.hands[2], head=place.head, clerk=place.clerk, team=team.hands,
        )  # fmt: skip

    def _days(self, received: date, ago: int) -> dict[str, date]:
        draw = self.chance.randint
        remains = self.on + timedelta(days=14) if ago < LONGEST_WORK * 2 else received + timedelta(days=200)
        return {
            "arrived": received - timedelta(days=FROM_ENTRY), "left": received - timedelta(days=TO_LEAVE),
            "received": received, "until": self.on + timedelta(days=draw(3, 60)), "remains_by": remains,
            "redo_by": self.on + timedelta(days=5), "next_review_on": self.on + timedelta(days=draw(5, 120)),
        }  # fmt: skip

    def _moments(self, received: date, span: int) -> dict[str, datetime]:
        """When what happens, by the hour of the office; `span`: days of work between the giving and the last act."""

        def at(days: float, hour: int, minute: int = 0) -> datetime:
            moment = datetime.combine(received + timedelta(days=int(days)), time(hour, minute), tzinfo=self.zone)
            return moment + timedelta(seconds=self.chance.randint(1, 55))

        return {
            "planned": at(-LEAD, 10), "enter": at(-FROM_ENTRY, 9), "leave": at(-TO_LEAVE, 17), "upload": at(-6, 9),
            "confirm": at(-6, 9, 30), "withdraw": at(-5, 10), "approve": at(-3, 15), "give": at(0, 9),
            "sign": at(0, 9, 40), "fill": at(0.14 * span, 10), "submit": at(0.14 * span, 16),
            "send_back": at(0.18 * span, 16, 30), "fill_again": at(0.22 * span, 16, 50),
            "submit_again": at(0.22 * span, 17, 30), "decide_again": at(0.22 * span, 17, 50),
            "decide": at(0.26 * span, 18), "write": at(0.8 * span, 10), "work": at(0.45 * span, 18, 20),
            "basically": at(0.6 * span, 18, 50), "ask": at(0.7 * span, 19), "agree": at(0.8 * span, 19, 30),
            "close": at(0.8 * span, 20), "ask_extension": at(0.86 * span, 20, 20),
            "decide_extension": at(0.92 * span, 20, 40), "ask_reopening": at(0.92 * span, 20, 50),
        }  # fmt: skip

    def _finding(self, place: Place, ways: Mapping[str, int], received: date) -> tuple[Words, MassFinding]:
        chance = self.chance
        words = self.composer.finding(village=place.organization_class == "village")
        way = chance.choices(tuple(ways), tuple(ways.values()))[0]
        measures = tuple(self._measure(received) for _ in range(chance.choices((1, 2, 3), (50, 35, 15))[0]))
        prominent = chance.random() < 0.1
        return words, MassFinding(
            level="", heading="", text=words.text, span=(0, 1), category=words.category, way=way,
            causes=chance.choice(_cast.CAUSES), goal=chance.choice(_cast.GOALS), leader=chance.choice(_cast.LEADERS),
            measures=measures, says=self._says(), files=self._files(measures),
            severity="prominent" if prominent else "ordinary",
            commonality="common" if words.is_common else "individual", amount=words.amount,
            fix_now=chance.random() < 0.12, listed=prominent and chance.random() < 0.5, key=prominent,
            head_leads=chance.random() < 0.15, again=way in bulk.STRETCHES and chance.random() < 0.18,
        )  # fmt: skip

    def _measure(self, received: date) -> MassMeasure:
        draw, (text, product, kind) = self.chance.randint, self.composer.measure()
        return MassMeasure(
            text=text, person=self.chance.choice(_cast.PERSONS), due_on=received + timedelta(days=draw(35, 88)),
            product=product, kinds=(kind,), supervisor="纪检委员" if draw(0, 2) == 0 else "",
            starts_on=received + timedelta(days=draw(1, 12)),
        )  # fmt: skip

    def _files(self, measures: Sequence[MassMeasure]) -> tuple[tuple[str, str], ...]:
        chosen = [self.chance.choice(self.files) for _ in measures] if self.files else []
        return tuple(
            (f"{measure.product}.{ending}", file.sha256)
            for measure, (ending, file) in zip(measures, chosen, strict=False)
        )

    def _says(self) -> Mapping[str, str]:
        """What people say on the way; the words of the cast's own walks."""
        choice, reasons = self.chance.choice, _cast.REASONS
        luck, notes = self.chance.random(), {"office_note": "", "unit_note": ""}
        if luck < NOTE_SHARE or luck > 1 - NOTE_SHARE:
            side = "office_note" if luck < NOTE_SHARE else "unit_note"
            notes[side] = choice(reasons[side])
        said = {
            "progress": choice(reasons["progress"]), "remains": choice(reasons["remains"]),
            "extension": choice(reasons["extension"]), "return_closing": choice(reasons["return_closing"]),
            "return_plan": choice(_cast.PLAN_RETURNS[:2])[0],
        }  # fmt: skip
        return said | notes | SAID

    def _document(
        self, title: str, place: Place, found: Sequence[tuple[Words, MassFinding]]
    ) -> tuple[str, list[MassFinding]]:
        """The document that holds the findings, part by part, and the findings with their places in it."""
        lines, placed, length = [title, "", f"{place.name}："], [], 0
        length = sum(len(line) + 1 for line in lines)
        parts = [part for part in _particulars.PARTS if any(words.category[0] == part for words, _ in found)]
        for number, part in enumerate(parts):
            lines.append(f"{NUMERALS[number]}、{_particulars.PARTS[part]}")
            length += len(lines[-1]) + 1
            mine = [one for words, one in found if words.category[0] == part]
            headings = _particulars.HEADINGS[part]
            groups = [mine[start :: len(headings)] for start in range(min(len(headings), len(mine)))]
            for place_of, (heading, group) in enumerate(zip(headings, groups, strict=False)):
                lines.append(f"（{NUMERALS[place_of]}）{heading}")
                length += len(lines[-1]) + 1
                for position, one in enumerate(group, 1):
                    marker = f"{position}."
                    start = length + len(marker)
                    lines.append(marker + one.text)
                    length += len(lines[-1]) + 1
                    level = f"{NUMERALS[number]}、({NUMERALS[place_of]}){position}."
                    placed.append(
                        bulk.placed(one, level=level, heading=heading, start=start, seconds=len(placed) * SECONDS_APART)
                    )
        return "\n".join(lines) + "\n", placed


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known of an inspection before it is made, its seed and the number of its first finding too."""

    seed: str
    plan: RoundPlan
    place: Place
    team: Team
    size: int
    share: float
    reach: str
    first: int


class Inspections(Sequence[MassInspection]):
    """The inspections of a mass as a sequence that holds none of them."""

    def __init__(self, mass: Mass, turns: Sequence[Turn]) -> None:
        self._mass, self._turns = mass, turns

    def __len__(self) -> int:
        return len(self._turns)

    @overload
    def __getitem__(self, number: int) -> MassInspection: ...
    @overload
    def __getitem__(self, number: slice) -> "Inspections": ...
    def __getitem__(self, number: int | slice) -> "MassInspection | Inspections":
        if isinstance(number, slice):
            return Inspections(self._mass, self._turns[number])
        return self._mass.told(self._turns[number])


NUMERALS = "一二三四五六七八九十"
SAID = {
    "grant": "情况属实，同意延期一次。", "refuse": "清理台账不受外部条件限制，请按原定时限完成。",
    "agree_discipline_reviewer": "现场核对与佐证一致。", "close": "三方意见一致，同意销号。",
    "plan_organization_reviewer": "措施与问题对应，同意。", "reopening": "回访时群众反映问题仍然存在。",
    "reopen": "情况属实，同意重启。", "withdraw": "与另一条说的是同一笔款项",
    "stage_goals": "每季度末复查一次并报数，连续四个季度无反弹再议。",
} | {code if applies else f"not_{code}": text for code, (applies, text) in _cast.CRITERIA.items()}  # fmt: skip


def spread(findings: int, chance: random.Random) -> Iterator[int]:
    """Sizes of inspections, about thirty each, that come to so many findings; then zeros."""
    left, count = findings, inspections_for(findings)
    for remaining in range(count, 0, -1):
        size = left if remaining == 1 else min(left, max(1, round(left / remaining) + chance.randint(-SPREAD, SPREAD)))
        left -= size
        yield size
    while True:
        yield 0


def inspections_for(findings: int) -> int:
    """How many inspections have about thirty findings each."""
    return max(1, round(findings / ON_AVERAGE))
