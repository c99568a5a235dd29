"""One inspection loaded in bulk: stay, feedback, drafts, three signatures, the giving, the plan; then each finding.

Every row and event is what the actions of rounds.py, feedback.py, drafts.py and plans.py leave for the same deeds.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.actions._bulk_content import (
    APPROVED,
    DRAFTED,
    GIVEN,
    LEFT,
    ON_SITE,
    REACHES,
    WITHDRAWN,
    Hand,
    MassFile,
    MassInspection,
)
from bihuan.actions._bulk_finding import Track
from bihuan.actions._bulk_plan import Versions
from bihuan.actions._bulk_record import Record, places, said
from bihuan.actions._bulk_rows import Batch, Lines
from bihuan.actions._draft_columns import ROW
from bihuan.actions._record import digest
from bihuan.rules.identifiers import drawn_from, new_id_text
from bihuan.rules.numbering import finding_number
from bihuan.rules.profile import Profile
from bihuan.rules.time_limits import TimedEvent
from bihuan.rules.work_calendar import DueDate, WorkCalendar, due_for


@dataclass(frozen=True, slots=True)
class Making:
    """Makes the rows of any stretch of the mass, the same whoever makes which: it has a seed of its own."""

    inspections: Sequence[MassInspection]
    seed: str
    zone: ZoneInfo
    whole: bool
    profile: Profile
    calendar: WorkCalendar
    files: Mapping[str, MassFile]

    def made(self, stretch: slice) -> tuple[list[Batch], dict[str, int]]:
        """All rows of these inspections, and the last number of each series that their findings have."""
        record, last = Record(Lines(), self.zone, self.whole), dict[str, int]()
        with drawn_from(random.Random(f"{self.seed} {stretch.start}")):  # noqa: S311 - a county, not a secret
            for content in self.inspections[stretch]:
                course = Course(content, record=record, profile=self.profile, calendar=self.calendar, files=self.files)
                course.run()
                if course.feedback:
                    last[content.series] = content.first + len(content.findings) - 1
        return record.rows.taken(), last


class Course:
    """One inspection on its course; `run` writes everything about it."""

    def __init__(
        self, content: MassInspection, *, record: Record, profile: Profile, calendar: WorkCalendar,
        files: Mapping[str, MassFile],
    ) -> None:  # fmt: skip
        self.content, self.record = content, record
        self.profile, self.calendar, self.files = profile, calendar, files
        self.put = record.rows.put
        self.id = new_id_text(content.moments["planned"])
        self.unit = str(content.unit)
        self.places = places(self.unit, content.unit_lo, self.id)
        self.stands, self.revision, self.stage = "planned", 0, 0
        self.feedback = self.upload = ""

    def run(self) -> None:
        """As far as it has come."""
        content = self.content
        reached = REACHES.index(content.reach)
        self._add()
        if reached >= REACHES.index(ON_SITE):
            self._stay("enter", "on_site", content.days["arrived"])
        if reached >= REACHES.index(LEFT):
            self._stay("leave", "left", content.days["left"])
        if reached >= REACHES.index(DRAFTED):
            self._feed_back(reached)
        arrived, left = (content.days.get(name) for name in ("arrived", "left"))
        self.put(
            "inspection", self.id, str(content.round), f"{content.unit_name}（{content.round_name}）",
            str(content.team), content.office_word, content.year, content.number, self.profile.name, self.stands,
            arrived if reached else None, left if reached >= REACHES.index(LEFT) else None, self.revision,
            self.places[self.stage, "both"],
        )  # fmt: skip

    def _add(self) -> None:
        at, team = self.content.moments["planned"], sorted(self.content.hands.team, key=lambda hand: hand.post)
        after = said(unit=self.unit, team=str(self.content.team), assigned=[hand.post for hand in team])
        self._step("add", "planned", at, self.content.hands.director, "both", after=after)
        for hand in team:
            self.put("assignment", new_id_text(at), hand.post, self.id)

    def _stay(self, step: str, target: str, day: object) -> None:
        self.stage = 1
        self._step(
            step, target, self.content.moments[step], self.content.hands.leader, "office", after=said(on=str(day))
        )

    def _step(
        self, step: str, target: str, at: datetime, by: Hand, side: str, *, after: str = "{}",
        because_of: str | None = None,
    ) -> None:  # fmt: skip
        state_from = "" if not self.revision else self.stands
        self.record.event(
            "inspection", self.id, step, at=at, by=by, place=self.places[self.stage, side], state_from=state_from,
            state_to=target, after=after, because_of=because_of,
        )  # fmt: skip
        self.stands, self.revision = target, self.revision + 1

    def _feed_back(self, reached: int) -> None:
        content = self.content
        self._upload()
        tracks = [self._found(position) for position in range(len(content.findings))]
        for track in tracks:
            if track.content.way == WITHDRAWN:
                track.withdraw()
        kept = [track for track in tracks if track.content.way != WITHDRAWN]
        self._feedback_revision, self._feedback_stands = 1, "draft"
        self._received: date | None = None
        self._plan_due: DueDate | None = None
        content_hash = self._content_hash(kept)
        if reached >= REACHES.index(APPROVED):
            self._take("approve", "approved", content.moments["approve"], content.hands.secretary, 0, content_hash)
        if reached >= REACHES.index(GIVEN):
            self._take("give", "given", content.moments["give"], content.hands.officer, 1)
            self._sign_and_give(kept, content_hash)
            Versions(self.feedback, content, self.record, self.places).run(kept)
        self._end(tracks, given=reached >= REACHES.index(GIVEN))

    def _upload(self) -> None:
        content, file = self.content, self.content.file
        assert file, "an inspection that has fed back has a document"
        at, by = content.moments["upload"], content.hands.liaison
        self.feedback, self.upload = new_id_text(at), new_id_text(at)
        self._keep(file)
        self.record.event(
            "feedback", self.feedback, "upload", at=at, by=by, place=self.places[0, "both"], state_to="draft",
            after=said(file=content.file_name, sha256=file.sha256, items=len(content.findings)),
        )  # fmt: skip

    def _keep(self, file: MassFile) -> None:
        self.put("file_content", file.sha256, file.content)

    def _found(self, position: int) -> Track:
        content = self.content
        finding, by, moments = content.findings[position], content.hands.liaison, content.moments
        number = finding_number(
            office_word=content.office_word, year=content.year, round_number=content.number,
            sequence=content.first + position,
        )  # fmt: skip
        track = Track(
            finding, number=number, record=self.record, hands=content.hands, moments=moments, days=content.days,
            places=self.places, unit=self.unit, criteria=self.profile.closing,
            files=self.files,
        )  # fmt: skip
        at, event = track.at("confirm"), None
        if self.record.whole:
            track.draft, event = self._draft(track, position, at, by)
        track.begin(at, by, because_of=event, after=said(number=number, level=finding.level))
        return track

    def _draft(self, track: Track, position: int, at: datetime, by: Hand) -> tuple[str, str]:
        """The draft as it was read, and as it was confirmed with what people told of it."""
        finding, place, read_at = track.content, self.places[0, "both"], self.content.moments["upload"]
        draft = new_id_text(read_at)
        self.record.event(
            "draft", draft, "read", at=read_at, by=by, place=place, belongs_to=self.feedback, state_to="proposed"
        )
        before, after = _told(track, self.profile.taxonomy.version)
        event = self.record.event(
            "draft", draft, "confirm", at=at, by=by, place=place, belongs_to=self.feedback, state_from="proposed",
            state_to="confirmed", before=said(**before), after=said(**after, text=finding.text),
        )  # fmt: skip
        self.put(
            "draft", finding.category, after["taxonomy_version"], finding.severity, None, finding.commonality,
            finding.amount, finding.fix_now, finding.listed, finding.key, draft, self.feedback, self.upload,
            position + 1, finding.level, finding.heading, finding.text, *finding.span, "[]", "{}", False, "[]",
            "confirmed", 2, place,
        )  # fmt: skip
        return draft, event

    def _content_hash(self, kept: Sequence[Track]) -> str:
        lines = sorted(f"{track.number}:{track.content.text}" for track in kept)
        findings = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        title = self.content.title
        return digest({"feedback": self.feedback, "title": title, "audience": "leadership", "findings": findings})

    def _take(
        self, step: str, target: str, at: datetime, by: Hand, stage: int, content_hash: str = "", after: str = "{}"
    ) -> str:
        event = self.record.event(
            "feedback", self.feedback, step, at=at, by=by, place=self.places[stage, "both"],
            state_from=self._feedback_stands, state_to=target, after=after, content_hash=content_hash,
        )  # fmt: skip
        self._feedback_stands, self._feedback_revision = target, self._feedback_revision + 1
        return event

    def _sign_and_give(self, kept: Sequence[Track], content_hash: str) -> None:
        hands, received = self.content.hands, self.content.days["received"]
        place, event = self.places[1, "both"], ""
        at = self.content.moments["sign"]
        for number, by in enumerate((hands.head, hands.leader, hands.director)):
            at = self.content.moments["sign"] + timedelta(minutes=4 * number)
            self.put(
                "signature", new_id_text(at), self.feedback, by.role, by.account, by.post, received, at, content_hash,
                place,
            )  # fmt: skip
            after = said(role=by.role, signed_on=str(received))
            event = self._take("sign", "given", at, by, 1, content_hash, after)
        limits = self.profile.time_limits
        due = self._due(limits.entries[TimedEvent.CONCENTRATED_RECTIFICATION])
        assert due, "the profile sets the period of rectification"
        self._received = received
        line = limits.limit_for(TimedEvent.SUBMIT_PLAN)
        self._plan_due = self._due(line) if line else None
        for track in sorted(kept, key=lambda track: track.number):
            track.stage, track.given_on = 1, received
            track.due_on, track.due_basis, track.due_provisional = due.on, due.basis, due.provisional
            track.take("give", at, hands.director, because_of=event, after=said(received_on=str(received)))
        self._step("feed_back", "fed_back", at, hands.director, "both", because_of=event)

    def _due(self, line: object) -> DueDate | None:
        return due_for(line, anchor=self.content.days["received"], work_calendar=self.calendar)  # type: ignore[arg-type]

    def _end(self, tracks: Sequence[Track], *, given: bool) -> None:
        content, stage = self.content, 1 if given else 0
        due, file = self._plan_due, content.file
        assert file
        self.put(
            "upload", self.upload, self.feedback, content.file_name, file.media_type, len(file.content), file.sha256,
            content.document, content.hands.liaison.account, content.moments["upload"], self.places[stage, "both"],
        )  # fmt: skip
        self.put(
            "feedback", self.feedback, "leadership", content.title, self.upload, self._feedback_stands, self._received,
            due.on if due else None, due.basis[:200] if due else "", due.provisional if due else False,
            self._feedback_revision, self.places[stage, "both"],
        )  # fmt: skip
        for track in tracks:
            track.end(
                feedback=self.feedback, upload=self.upload, round_id=str(content.round),
                taxonomy=self.profile.taxonomy.version,
            )  # fmt: skip


def _told(track: Track, taxonomy: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What describing changed, as the record keeps it: before, in words and as it was, and after."""
    finding = track.content
    usual = {"category": "", "severity": "ordinary", "commonality": "individual", "amount": None, "fix_now": False,
             "listed": False, "key": False}  # fmt: skip
    changed = {name: getattr(finding, name) for name in usual if getattr(finding, name) != usual[name]}
    before = {name: "" if usual[name] is None else str(usual[name]) for name in changed}
    after = {name: str(value) for name, value in changed.items()}
    version = taxonomy if finding.category else ""
    kept: dict[str, Any] = {name: usual[name] for name in changed}
    if version:
        before["taxonomy_version"], after["taxonomy_version"], kept["taxonomy_version"] = "", version, ""
    return before | {ROW: kept}, after | ({} if version else {"taxonomy_version": ""})
