"""The plan of an inspected unit loaded in bulk: versions, rows, measures, reviews; then each finding walks on.

The first version holds every row that was handed in; what was sent back comes in a second one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.actions._bulk_content import AGREED, AWAITED, IN_REVIEW, SENT_BACK, STRETCHES, Hand, MassInspection
from bihuan.actions._bulk_finding import Track
from bihuan.actions._bulk_record import Record, said
from bihuan.actions._bulk_rows import Formatted
from bihuan.actions._record import NEXT, digest
from bihuan.rules.identifiers import new_id_text

FAULT = "measures_vague"
# Every other finding whose plan is awaited has a row in writing.
WRITTEN_IN = 2


@dataclass
class _Version:
    """One version: its rows by their finding, how often it was written to, where it stands."""

    id: str
    number: int
    rows: dict[str, "_Row"]
    revision: int = 1
    stands: str = "draft"
    submitted_at: datetime | None = None
    content_hash: str = ""


@dataclass
class _Row:
    """One row of a version."""

    id: str
    track: Track
    stands: str = "draft"
    revision: int = 1
    content_hash: str = ""


class Versions:
    """All versions that answer one feedback."""

    def __init__(
        self, feedback: str, content: MassInspection, record: Record, places: Mapping[tuple[int, str], Formatted]
    ) -> None:
        self.feedback, self.content, self.record, self.places = feedback, content, record, places
        self.made: list[_Version] = []

    def run(self, tracks: Sequence[Track]) -> None:
        """Hand in, review, hand in again; whoever is through walks on; what is awaited is being written."""
        handed_in = [track for track in tracks if track.content.way != AWAITED]
        hands = self.content.hands
        if handed_in:
            first = self._hand_in(handed_in, "fill", "submit")
            again = [track for track in handed_in if track.content.again]
            if again:
                self._send_back(first, again, "send_back", hands.discipline)
                second = self._hand_in(again, "fill_again", "submit_again")
                self._decide(second, again, "decide_again")
            self._decide(first, [track for track in handed_in if not track.content.again], "decide")
        for track in handed_in:
            if track.content.way in STRETCHES:
                track.walk()
        written = [track for track in tracks if track.content.way == AWAITED][::WRITTEN_IN]
        if written and self.record.whole:
            self._fill(written, "write")
        for version in self.made:
            self._put(version)

    def _fill(self, tracks: Sequence[Track], occasion: str) -> _Version:
        """A draft, begun by the clerk with its first row; each row filled is told."""
        by = self.content.hands.clerk
        at = tracks[0].at(occasion)
        version = _Version(new_id_text(at), len(self.made) + 1, {})
        self.made.append(version)
        self._tell(version, "begin", at, by, "", "draft", side="unit", after=said(version=version.number))
        for track in tracks:
            at = track.at(occasion)
            row = version.rows[track.id] = _Row(new_id_text(at), track)
            if self.record.whole:
                self._tell_row(row, "begin", at, by, "", "draft", side="unit")
                told_at = at + NEXT if len(version.rows) == 1 else at
                self._tell(
                    version, "fill", told_at, by, "draft", "draft", side="unit", after=said(finding=track.number)
                )
                version.revision += 1
        return version

    def _hand_in(self, tracks: Sequence[Track], fill: str, submit: str) -> _Version:
        version = self._fill(tracks, fill)
        at, by, put = self.content.moments[submit], self.content.hands.head, self.record.rows.put
        for row in sorted(version.rows.values(), key=lambda row: row.track.number):
            track = row.track
            row.content_hash = self._row_hash(track)
            track.redo_by = None
            event = track.take(
                "submit_plan", at, by, content_hash=row.content_hash,
                after=said(version=version.number, measures=len(track.content.measures)),
            )  # fmt: skip
            self._move_row(row, "submit", "submitted", at, by, event, content_hash=row.content_hash)
            track.row, track.row_hash, track.measures = row.id, row.content_hash, []
            for position, one in enumerate(track.content.measures, 1):
                measure = new_id_text(at)
                track.measures.append(measure)
                put(
                    "measure", measure, track.id, row.id, position, one.text, "{" + ",".join(one.kinds) + "}",
                    track.unit, one.helping, one.person, one.supervisor, one.starts_on, one.due_on, one.is_long_term,
                    one.product, self.places[1, "both"],
                )  # fmt: skip
        hashes = [row.content_hash for row in sorted(version.rows.values(), key=lambda row: row.track.number)]
        version.content_hash, version.submitted_at = digest({"plan": version.id, "rows": hashes}), at
        self._move(
            version, "submit", "submitted", at, by, content_hash=version.content_hash,
            after=said(version=version.number, rows=len(hashes)),
        )  # fmt: skip
        return version

    def _row_hash(self, track: Track) -> str:
        content = track.content
        measures = [
            {"text": one.text, "unit": track.unit, "person": one.person, "due_on": str(one.due_on),
             "product": one.product, "kinds": list(one.kinds), "helping": one.helping, "supervisor": one.supervisor,
             "starts_on": str(one.starts_on) if one.starts_on else None, "is_long_term": one.is_long_term}
            for one in content.measures
        ]  # fmt: skip
        return digest(
            {"finding": track.id, "causes": content.causes, "goal": content.goal, "leader": content.leader,
             "head_leads": content.head_leads, "measures": measures}
        )  # fmt: skip

    def _send_back(self, version: _Version, tracks: Sequence[Track], occasion: str, by: Hand) -> None:
        at = self.content.moments[occasion]
        for track in tracks:
            row, reason = version.rows[track.id], track.say("return_plan")
            day = self.record.day(at) + timedelta(days=10) if track.content.again else self.content.days["redo_by"]
            track.redo_by = day
            track.give_verdict("return", at, by, reason=reason, points=said(faults=[FAULT]))
            event = track.take(
                "return_plan", at, by, reason=reason, content_hash=row.content_hash,
                after=said(redo_by=str(day), faults=[FAULT]),
            )  # fmt: skip
            self._move_row(row, "return", "returned", at, by, event)
            self._settle(version, at, by, event)

    def _decide(self, version: _Version, tracks: Sequence[Track], occasion: str) -> None:
        """As actions/plans.py: two agree to what goes on, what goes back is sent back, the last one approves."""
        hands, at = self.content.hands, self.content.moments[occasion]
        agreed = [track for track in tracks if track.content.way not in (SENT_BACK, IN_REVIEW)]
        if self.record.whole:
            for by, seconds in ((hands.discipline, 0), (hands.organization, 9)):
                for track in agreed:
                    self._agree(track, "agree_plan", at + timedelta(seconds=seconds), by)
        back = [track for track in tracks if track.content.way == SENT_BACK]
        if back:
            self._send_back(version, back, occasion, hands.discipline)
        at += timedelta(seconds=20)
        for track in agreed:
            if track.content.way != AGREED:
                event = self._agree(track, "approve_plan", at, hands.director)
                self._move_row(version.rows[track.id], "approve", "approved", at, hands.director, event)
                self._settle(version, at, hands.director, event)

    def _agree(self, track: Track, step: str, at: datetime, by: Hand) -> str:
        reason = track.say(f"plan_{by.role}")
        track.give_verdict("agree", at, by, reason=reason)
        return track.take(step, at, by, reason=reason, content_hash=track.row_hash)

    def _settle(self, version: _Version, at: datetime, by: Hand, because_of: str) -> None:
        states = {row.stands for row in version.rows.values()}
        if "submitted" not in states:
            code, target = ("approve", "approved") if states == {"approved"} else ("return", "returned")
            self._move(version, code, target, at, by, because_of=because_of)

    def _move(
        self, version: _Version, code: str, target: str, at: datetime, by: Hand, *, because_of: str | None = None,
        after: str = "{}", content_hash: str = "",
    ) -> None:  # fmt: skip
        self._tell(
            version, code, at, by, version.stands, target, after=after, because_of=because_of, content_hash=content_hash
        )
        version.stands, version.revision = target, version.revision + 1

    def _tell(
        self, version: _Version, code: str, at: datetime, by: Hand, state_from: str, state_to: str, *,
        side: str = "both", after: str = "{}", because_of: str | None = None, content_hash: str = "",
    ) -> None:  # fmt: skip
        self.record.event(
            "plan", version.id, code, at=at, by=by, place=self.places[1, side], belongs_to=self.feedback,
            state_from=state_from, state_to=state_to, after=after, because_of=because_of, content_hash=content_hash,
        )  # fmt: skip

    def _move_row(
        self, row: _Row, code: str, target: str, at: datetime, by: Hand, because_of: str, content_hash: str = ""
    ) -> None:
        if self.record.whole:
            self._tell_row(row, code, at, by, row.stands, target, because_of=because_of, content_hash=content_hash)
        row.stands, row.revision = target, row.revision + 1

    def _tell_row(
        self, row: _Row, code: str, at: datetime, by: Hand, state_from: str, state_to: str, *, side: str = "both",
        because_of: str | None = None, content_hash: str = "",
    ) -> None:  # fmt: skip
        self.record.event(
            "plan_row", row.id, code, at=at, by=by, place=self.places[1, side], belongs_to=row.track.id,
            state_from=state_from, state_to=state_to, because_of=because_of, content_hash=content_hash,
        )  # fmt: skip

    def _put(self, version: _Version) -> None:
        put, written = self.record.rows.put, version.stands == "draft"
        place = self.places[1, "unit" if written else "both"]
        put(
            "plan", version.id, self.feedback, version.number, version.stands, version.content_hash,
            version.submitted_at, version.revision, place,
        )  # fmt: skip
        for row in version.rows.values():
            content = row.track.content
            put(
                "plan_row", row.id, version.id, row.track.id, version.number, content.causes, content.goal,
                content.leader, content.head_leads, _typed(row) if written else "[]", row.stands, row.content_hash,
                version.submitted_at, row.revision, place,
            )  # fmt: skip


def _typed(row: _Row) -> str:
    """The measures of a row in writing, as plan_content.stored() keeps them."""
    unit = row.track.unit
    texts = [
        said(
            text=one.text,
            unit=unit,
            person=one.person,
            due_on=str(one.due_on),
            product=one.product,
            kinds=list(one.kinds),
            helping=one.helping,
            supervisor=one.supervisor,
            starts_on=str(one.starts_on) if one.starts_on else None,
            is_long_term=one.is_long_term,
        )
        for one in row.track.content.measures
    ]
    return f"[{','.join(texts)}]"
