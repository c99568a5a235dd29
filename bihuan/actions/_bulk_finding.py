"""One finding loaded in bulk, step by step along its way; each step leaves what actions/_finding_effects.py leaves.

Steps are checked against rules/lifecycle.py as they are taken, in memory; nothing is read from the database.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.actions._bulk_content import LONG_TERM, STRETCHES, Hand, Hands, MassFile, MassFinding
from bihuan.actions._bulk_record import NOTHING, Record, said
from bihuan.actions._bulk_rows import Formatted
from bihuan.actions._record import NEXT, digest
from bihuan.rules.identifiers import new_id_text
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.profile import ClosingCriteria

_STEPS = {step.code: (frozenset(step.sources), step.target) for step in FINDING.steps}
CONFIRMED = FINDING.states[0].code


class Track:
    """A finding on its way: what its row will say in the end, and what the later steps need to know."""

    def __init__(
        self, content: MassFinding, *, number: str, record: Record, hands: Hands, moments: Mapping[str, datetime],
        days: Mapping[str, date], places: Mapping[tuple[int, str], Formatted], unit: str, criteria: ClosingCriteria,
        files: Mapping[str, MassFile],
    ) -> None:  # fmt: skip
        self.content, self.number, self.record, self.hands = content, number, record, hands
        self.moments, self.days, self.places, self.unit = moments, days, places, unit
        self.criteria, self.files = criteria, files
        self.draft: str | None = None
        self.id = ""
        self.stands = ""
        self.revision = 0
        self.changed_at: datetime = moments["planned"]
        self.stage = 0
        self.given_on: date | None = None
        self.due_on: date | None = None
        self.due_basis = ""
        self.due_provisional = False
        self.redo_by: date | None = None
        self.remains, self.stage_goals = "", ""
        self.remains_by: date | None = None
        self.next_review_on: date | None = None
        self.row = self.row_hash = ""
        self.measures: list[str] = []
        self.request = self.request_hash = ""
        self.open_request = ""

    def at(self, occasion: str) -> datetime:
        """When the occasion comes for this finding."""
        return self.moments[occasion] + timedelta(seconds=self.content.seconds)

    def say(self, occasion: str) -> str:
        """What is said then; nothing where nothing was given."""
        return self.content.says.get(occasion, "")

    def begin(self, at: datetime, by: Hand, *, because_of: str | None, after: str) -> None:
        """Confirmed."""
        self.id = new_id_text(at)
        self.stands, self.revision, self.changed_at = CONFIRMED, 1, at
        place = self.places[0, "both"]
        event = self.record.event(
            "finding", self.id, "confirm", at=at, by=by, place=place, state_to=CONFIRMED, after=after,
            because_of=because_of,
        )  # fmt: skip
        self.record.change(self.id, "", CONFIRMED, at=at, event=event, place=place)

    def take(
        self, step: str, at: datetime, by: Hand, *, reason: str = "", before: str = NOTHING, after: str = NOTHING,
        because_of: str | None = None, content_hash: str = "", side: str = "both",
    ) -> str:  # fmt: skip
        """One step of the lifecycle; the event's id. ValueError where the table does not allow it."""
        sources, target = _STEPS[step]
        if self.stands not in sources:
            raise ValueError(f"{step} from {self.stands}")
        state_from, state_to = self.stands, target or self.stands
        self.stands = state_to
        self.revision += 1
        self.changed_at = at
        event = self.record.event(
            "finding", self.id, step, at=at, by=by, place=self.places[self.stage, side], state_from=state_from,
            state_to=state_to, reason=reason, before=before, after=after, because_of=because_of,
            content_hash=content_hash,
        )  # fmt: skip
        if state_to != state_from:
            self.record.change(
                self.id, state_from, state_to, at=at, event=event, place=self.places[self.stage, "both"]
            )  # fmt: skip
        return event

    def walk(self) -> None:
        """From the approved plan to the end of the way."""
        for stretch in STRETCHES[self.content.way]:
            getattr(self, f"_{stretch}")()

    def _work(self) -> None:
        if not self.record.whole:
            return
        at, clerk = self.at("work"), self.hands.clerk
        text, day = self.say("progress"), self.record.day(at)
        self.record.rows.put(
            "progress", new_id_text(at), self.id, None, text, day, clerk.account, clerk.post, at, self._here
        )
        self.take("report_progress", at, clerk, after=said(done_on=str(day), progress=text))
        for side, by in (("office", self.hands.officer), ("unit", clerk)):
            if note := self.say(f"{side}_note"):
                self._write(note, at + timedelta(seconds=90), by, side)

    def _write(self, text: str, at: datetime, by: Hand, side: str) -> None:
        note, place = new_id_text(at), self.places[1, side]
        self.record.rows.put("note", note, self.id, text, by.account, by.post, at, place)
        self.record.event("note", note, "write", at=at, by=by, place=place, belongs_to=self.id)

    def _basically(self) -> None:
        self.remains, self.remains_by = self.say("remains"), self.days["remains_by"]
        after = said(remains=self.remains, remains_by=str(self.remains_by))
        self.take("report_basically_done", self.at("basically"), self.hands.clerk, after=after)

    def _ask_extension(self) -> None:
        at, by, until = self.at("ask_extension"), self.hands.head, self.days["until"]
        before = {"due_on": str(self.due_on)}
        event = self.take(
            "request_extension", at, by, reason=self.say("extension"), before=said(**before),
            after=said(**before, until=str(until)),
        )  # fmt: skip
        self._ask_for("extend", at, by, event, reason=self.say("extension"), until=until, side="both")

    def _grant_extension(self) -> None:
        at, by, until = self.at("decide_extension"), self.hands.leading, self.days["until"]
        before, after = said(due_on=str(self.due_on)), said(due_on=str(until))
        basis = f"{self.record.day(at)}批准延期：由{self.due_on}延至{until}"
        self.due_on, self.due_basis, self.due_provisional = until, basis, False
        event = self.take("grant_extension", at, by, reason=self.say("grant"), before=before, after=after)
        self._decide_request("grant", at, by, event, side="both")

    def _refuse_extension(self) -> None:
        at, by = self.at("decide_extension"), self.hands.director
        event = self.take("refuse_extension", at, by, reason=self.say("refuse"))
        self._decide_request("refuse", at, by, event, side="both")

    def _ask(self) -> None:
        at, by = self.at("ask"), self.hands.head
        claim = "long_term" if self.content.way == LONG_TERM else "done"
        files = self._hand_in_files(at, by) if self.record.whole else []
        criteria = [
            {"code": code, "applies": bool(self.say(code)), "text": self.say(code) or self.say("not_" + code),
             "evidence": []}
            for code in self.criteria.criteria
        ]  # fmt: skip
        self.request = new_id_text(at)
        self.request_hash = self._closing_hash(claim, criteria, files)
        event = self.take(
            "request_closing", at, by, content_hash=self.request_hash,
            after=said(claim=claim, evidence=[name for name, _sha256 in self.content.files] if files else []),
        )  # fmt: skip
        self._tell_request("request", at, by, event, "", "open", content_hash=self.request_hash)
        self._claim: tuple[Any, ...] = (claim, json.dumps(criteria, ensure_ascii=False), by.account, at)
        self._request_stands, self._request_revision = "open", 1

    def _hand_in_files(self, at: datetime, by: Hand) -> list[tuple[str, str, str, str, str]]:
        """A file for each measure, in the order of their ids as they are hashed: measure, content, name, proof, day."""
        day, kept = self.record.day(at), {}
        for measure, about, (name, sha256) in zip(
            self.measures, self.content.measures, self.content.files, strict=True
        ):
            kept[self._keep_file(name, sha256, at, by, measure=measure, proves=about.product, day=day)] = (
                measure, sha256, name, about.product, str(day),
            )  # fmt: skip
        return [kept[evidence] for evidence in sorted(kept)]

    def _keep_file(
        self, name: str, sha256: str, at: datetime, by: Hand, *, measure: str | None, proves: str, day: date | None,
        request: str | None = None, side: str = "both",
    ) -> str:  # fmt: skip
        upload, evidence, place = new_id_text(at), new_id_text(at), self.places[1, side]
        file, put = self.files[sha256], self.record.rows.put
        put("upload", upload, self.id, name, file.media_type, len(file.content), sha256, "", by.account, at, place)
        put("evidence", evidence, self.id, measure, request, upload, proves, day, by.account, at, place)
        return evidence

    def _closing_hash(self, claim: str, criteria: list[dict[str, Any]], files: Sequence[tuple[str, ...]]) -> str:
        content = self.content
        measures = [
            [id_, one.text, str(list(one.kinds)), self.unit, one.helping, one.person, one.supervisor,
             str(one.starts_on), str(one.due_on), str(one.is_long_term), one.product]
            for id_, one in zip(self.measures, content.measures, strict=True)
        ]  # fmt: skip
        return digest(
            {"finding": self.id, "text": content.text, "claim": claim, "criteria": criteria,
             "plan": [self.row_hash, content.causes, content.goal, content.leader, content.head_leads],
             "measures": measures, "evidence": [list(file) for file in files]}
        )  # fmt: skip

    def _return_closing(self) -> None:
        at, by = self.at("agree"), self.hands.organization
        reason = self.say("return_closing")
        self._give_verdict("return", at, by, reason=reason, on_request=True)
        event = self.take("return_closing", at, by, reason=reason, content_hash=self.request_hash)
        self._settle_request("return", "returned", at, by, event)

    def _agree(self) -> None:
        if not self.record.whole:
            return
        for by, seconds in ((self.hands.discipline, 0), (self.hands.organization, 9)):
            at, reason = self.at("agree") + timedelta(seconds=seconds), self.say(f"agree_{by.role}")
            self._give_verdict("agree", at, by, reason=reason, on_request=True)
            self.take("agree_closing", at, by, reason=reason, content_hash=self.request_hash)

    def _close(self) -> None:
        at, by, reason = self.at("close"), self.hands.director, self.say("close")
        self._give_verdict("agree", at, by, reason=reason, on_request=True)
        event = self.take("close", at, by, reason=reason, content_hash=self.request_hash)
        self._settle_request("agree", "agreed", at, by, event)

    def _accept(self) -> None:
        at, by = self.at("close"), self.hands.director
        self.stage_goals, self.next_review_on = self.say("stage_goals"), self.days["next_review_on"]
        self._give_verdict("agree", at, by, reason="", on_request=True)
        after = said(stage_goals=self.stage_goals, next_review_on=str(self.next_review_on))
        event = self.take("accept_long_term", at, by, after=after, content_hash=self.request_hash)
        self._settle_request("agree", "agreed", at, by, event)

    def _ask_reopening(self) -> None:
        at, by, reason = self.at("ask_reopening"), self.hands.officer, self.say("reopening")
        event = self.take("request_reopening", at, by, reason=reason, after=said(ground="still_there"), side="office")
        request = self._ask_for("reopen", at, by, event, reason=reason, ground="still_there")
        if self.record.whole and self.content.files:
            name, sha256 = self.content.files[0]
            self._keep_file(name, sha256, at, by, measure=None, request=request, proves="", day=None, side="office")

    def _reopen(self) -> None:
        at, by = self.at("ask_reopening") + timedelta(minutes=5), self.hands.director
        event = self.take("approve_reopening", at, by, reason=self.say("reopen"), side="office")
        self._decide_request("grant", at, by, event, side="office")
        self.take("reopen", at + NEXT, by, because_of=event, after=said(ground="still_there"))

    def withdraw(self) -> None:
        """Taken back before the feedback is approved: asked for by the office, decided by the team's leader."""
        at, by, reason = self.at("withdraw"), self.hands.officer, self.say("withdraw")
        event = self.take("request_withdrawal", at, by, reason=reason, side="office")
        self._ask_for("withdraw", at, by, event, reason=reason)
        at, by = at + timedelta(hours=1), self.hands.leader
        event = self.take("withdraw", at, by, after=said(reason=reason, merged_into=""), side="office")
        self._decide_request("grant", at, by, event, side="office")

    def _ask_for(
        self, aim: str, at: datetime, by: Hand, because_of: str, *, reason: str, until: date | None = None,
        ground: str = "", side: str = "office",
    ) -> str:  # fmt: skip
        request = new_id_text(at)
        self._asked: tuple[Any, ...] = (aim, reason, ground, until, by, at, side)
        self.open_request = request
        if self.record.whole:
            self.record.event(
                "request", request, "request", at=at, by=by, place=self.places[self.stage, side], belongs_to=self.id,
                state_to="open", because_of=because_of,
            )  # fmt: skip
        return request

    def _decide_request(self, code: str, at: datetime, by: Hand, because_of: str, *, side: str) -> None:
        target = {"grant": "granted", "refuse": "refused"}[code]
        if self.record.whole:
            self.record.event(
                "request", self.open_request, code, at=at, by=by, place=self.places[self.stage, side],
                belongs_to=self.id, state_from="open", state_to=target, because_of=because_of,
            )  # fmt: skip
        self._put_request(target, by.account, 2)

    def _put_request(self, stands: str, decided_by: str | None, revision: int) -> None:
        aim, reason, ground, until, by, at, side = self._asked
        self.record.rows.put(
            "finding_request", self.open_request, self.id, aim, stands, reason, ground, None, until, by.account,
            by.post, at, decided_by, revision, self.places[self.stage, side],
        )  # fmt: skip
        self.open_request = ""

    def _tell_request(
        self, code: str, at: datetime, by: Hand, because_of: str, state_from: str, state_to: str, content_hash: str = ""
    ) -> None:
        if self.record.whole:
            self.record.event(
                "closing_request", self.request, code, at=at, by=by, place=self._here, belongs_to=self.id,
                state_from=state_from, state_to=state_to, because_of=because_of, content_hash=content_hash,
            )  # fmt: skip

    def _settle_request(self, code: str, target: str, at: datetime, by: Hand, because_of: str) -> None:
        self._tell_request(code, at, by, because_of, "open", target)
        self._request_stands, self._request_revision = target, 2

    def _give_verdict(self, verdict: str, at: datetime, by: Hand, *, reason: str, on_request: bool) -> None:
        points = NOTHING
        if on_request and verdict == "agree":
            points = said(confirmed=list(self.criteria.points))
        self.give_verdict(verdict, at, by, reason=reason, points=points, on_request=on_request)

    def give_verdict(
        self, verdict: str, at: datetime, by: Hand, *, reason: str, points: str = NOTHING, on_request: bool = False
    ) -> None:
        """What one party of a chain decided about the row of the plan, or about the closing request."""
        if self.record.whole:
            self.record.rows.put(
                "verdict", new_id_text(at), self.id, None if on_request else self.row,
                self.request if on_request else None, by.role, by.account, by.post, verdict, reason, points,
                self.request_hash if on_request else self.row_hash, at, self._here,
            )  # fmt: skip

    @property
    def _here(self) -> Formatted:
        return self.places[1, "both"]

    def end(self, *, feedback: str, upload: str, round_id: str, taxonomy: str) -> None:
        """The finding's own row as it stands in the end, and what is still open beside it."""
        if self.open_request:
            self._put_request("open", None, 1)
        if self.request:
            claim, criteria, account, at = self._claim
            self.record.rows.put(
                "closing_request", self.request, self.id, claim, self._request_stands, criteria, self.request_hash,
                account, at, self._request_revision, self._here,
            )  # fmt: skip
        content = self.content
        self.record.rows.put(
            "finding", content.category, taxonomy if content.category else "", content.severity, None,
            content.commonality, content.amount, content.fix_now, content.listed, content.key, self.id, self.number,
            feedback, self.draft, upload, round_id, content.level, content.heading, content.text, *content.span, "[]",
            False, self.stands, self.given_on, self.due_on, self.due_basis, self.due_provisional, self.redo_by,
            self.remains, self.remains_by, self.stage_goals, self.next_review_on, None, self.changed_at,
            self.revision, self.places[self.stage, "both"],
        )  # fmt: skip
