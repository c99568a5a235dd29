"""Makes an item of an entry: its finding, measures, results, state, who answers and by when, each at its place."""

from bisect import bisect_right
from collections.abc import Iterator

from bihuan.engines.reading.figures import figures_in
from bihuan.engines.reading.items import assigned, narrated
from bihuan.engines.reading.items.entries import Entry
from bihuan.engines.reading.items.points import deadlines_of, is_assignment, names_of, points_of
from bihuan.engines.reading.items.states import UNSTATED, Day, state_in
from bihuan.engines.reading.items.wording import finding_in
from bihuan.engines.reading.shapes import Item, Span
from bihuan.engines.reading.structure.clauses import clauses_of
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.structure.outline import Node, heading_of
from bihuan.engines.reading.words import grammar

JUDGED = "原文没有标明哪些是措施、哪些是成效，按文字内容判断，请核对。"


class Places:
    """A document's text, mirror and outline; says where each part of an entry stands."""

    def __init__(self, text: str, mirror: str, root: Node, on: Day | None, *, is_plan: bool = False) -> None:
        self.text, self.mirror, self.on, self.is_plan = text, mirror, on, is_plan
        pieces = sorted((piece[0], index) for index, piece in enumerate(self._pieces(root)))
        self.begins = [begin for begin, _ in pieces]
        nodes = [node for node in root.walk() for _ in node.pieces]
        self.nodes = [nodes[index] for _, index in pieces]

    @staticmethod
    def _pieces(root: Node) -> Iterator[Span]:
        return (piece for node in root.walk() for piece in node.pieces)

    def item_of(self, entry: Entry) -> Item | None:
        """The item; None when no words are left for its finding."""
        for span in entry.parts.pop("deeds", ()):
            narrated.sort_deeds(self.mirror, span, entry, on=self.on)
        finding, asides = finding_in(self.mirror, entry.heads[0], on=self.on)
        finding = trimmed(self.mirror, finding)
        if finding[0] >= finding[1]:
            return None
        more = []
        for head in entry.heads[1:]:
            span, beside = finding_in(self.mirror, head, on=self.on)
            asides += beside
            more += [span] if span[0] < span[1] else []
        measures = self._measures(entry)
        results = tuple(self._apart(entry, span) for span in self._points(entry, "results"))
        state, state_span = self._state(entry, asides)
        node = self._node_at(finding[0])
        return Item(
            level=node.level if node else "",
            heading=heading_of(self.mirror, node.parent if node else None),
            unit=entry.unit,
            finding=finding,
            more=tuple(more),
            measures=measures,
            results=results,
            state=state,
            state_span=state_span,
            responsible=self._responsible(entry),
            deadline=tuple(one for span in entry.parts.get("deadline", ()) for one in deadlines_of(self.mirror, span)),
            is_common=self._commonality(asides),
            figures=figures_in(self.text, self.mirror, [finding, *more]),
            doubts=(JUDGED,) if entry.is_cut else (),
        )

    def _measures(self, entry: Entry) -> tuple[Span, ...]:
        """The measures; sentences that only say who answers and by when go where they belong."""
        found = list(self._points(entry, "measures"))
        assigning = [span for span in found if is_assignment(self.mirror, span)]
        for span in assigning:
            self._assign(entry, span)
        measures = [self._apart(entry, span) for span in found if span not in assigning]
        has_own = {role for role in ("responsible", "deadline") if entry.parts.get(role)}
        for span in measures:
            for role, where in assigned.within(self.mirror, span):
                if role not in has_own:
                    entry.add(role, where)
        return tuple(span for span in measures if span[0] < span[1])

    def _apart(self, entry: Entry, span: Span) -> Span:
        """The span without the brackets and last clauses that say who answers, by when and how far it is."""
        span, asides = assigned.apart(self.mirror, span)
        for role, where in asides:
            entry.add(role, where)
        return span

    def _assign(self, entry: Entry, span: Span) -> None:
        for clause in clauses_of(self.mirror, span):
            is_day = grammar.pattern("points", "deadline").match(self.mirror, *clause.span)
            entry.add("deadline" if is_day else "responsible", clause.span)

    def _responsible(self, entry: Entry) -> tuple[Span, ...]:
        """Who answers; a day that stands among the names is a deadline."""
        names = [one for span in entry.parts.get("responsible", ()) for one in names_of(self.mirror, span)]
        days = [one for one in names if grammar.pattern("points", "deadline").match(self.mirror, *one)]
        for span in days:
            entry.add("deadline", span)
        return tuple(one for one in names if one not in days)

    def _points(self, entry: Entry, role: str) -> Iterator[Span]:
        for span in entry.parts.get(role, ()):
            if entry.is_cut:
                yield span
            else:
                yield from points_of(self.mirror, span, on=self.on)

    def _state(self, entry: Entry, asides: list[Span]) -> tuple[str, Span | None]:
        told = list(reversed(entry.parts.get("state", [])))
        if not self.is_plan:  # what a plan says of 完成 and 长期坚持 outside a label is still to come
            told += [*asides, *reversed(entry.parts.get("results", []))]
        for span in told:
            state, where = state_in(self.mirror, span, on=self.on)
            if state != UNSTATED:
                return state, where
        return UNSTATED, None

    def _node_at(self, position: int) -> Node | None:
        place = bisect_right(self.begins, position) - 1
        return self.nodes[place] if place >= 0 else None

    def _commonality(self, asides: list[Span]) -> bool | None:
        words = "".join(self.mirror[slice(*span)] for span in asides)
        return True if "共性" in words else False if "个性" in words else None
