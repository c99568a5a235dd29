"""Finds problems told in running text: what follows 发现的问题有, sentences under a lead-in, and what sticks to them.

One sentence or clause is one problem only where the text lists them so; numbered entries are read elsewhere.
"""

import re
from collections.abc import Iterator, Sequence

from bihuan.engines.reading.items.states import UNSTATED
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.words import lexicon

_WORDS = "feedback"
_STOPS = re.compile(r"[。;!?](?=[^”’)》]|$)[”’)]?|(?<=[㐀-鿿])\.(?=\s*[㐀-鿿]|\s*$)")
_FULL_STOPS = re.compile(r"。(?=[^”’)》]|$)|(?<=[㐀-鿿])\.(?=\s*[㐀-鿿]|\s*$)")
_JOINTS = re.compile(
    r"(?:首先|其次|再次|再者|此外|另外|同时|最后|还有|补充一点|一方面|另一方面|二是|三是|四是|五是|和|以及)[,:]?\s*"
)
_STILL = re.compile("仍|却|未|没|不")
_COMMAS = re.compile(",")
_LEANING = "对且并而但仅只导致造使让还也却"
_SHORTEST_CLAUSE = 9
_TITLE = 18
_SHORTEST = 6
_FEWEST = 4
_FEWEST_TOLD = 3
_LONG = 24
_MOSTLY = 0.6


def zone_of(mirror: str, paragraphs: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The paragraphs that tell problems, and whether they follow their cue (问题有：) in the same paragraph."""
    begun = False
    for start, end in paragraphs:
        text = mirror[start:end]
        if begun and _says(mirror, "ends", (start, end)) and not _cue(mirror, (start, end)):
            return
        cue = _cue(mirror, (start, end))
        if _says(mirror, "aside", (start, end)) and cue is None:
            continue
        if cue is not None:
            begun = True
            rest = trimmed(mirror, (cue, end), also="。;,:")
            if rest[1] - rest[0] > _SHORTEST:
                yield rest, True
        elif begun and not sections.is_closing(text):
            yield (start, end), False


def told_plainly(mirror: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Problems of a letter or a talk that never announces them: the sentences that say what is wrong."""
    found: list[Span] = []
    for start, end in paragraphs:
        text = mirror[start:end]
        if found and (_says(mirror, "ends", (start, end)) or sections.is_closing(text)):
            break
        if text[-1:] not in "。;.!?)" or len(text) < _LONG or _says(mirror, "aside", (start, end)):
            continue
        _, parts = clauses_of(mirror, (start, end), listed=True)
        found += [span for part in parts if (span := _told_wrong(mirror, part)) is not None]
    return found if len(found) >= _FEWEST_TOLD else []


def _told_wrong(mirror: str, part: Span) -> Span | None:
    for _ in range(2):
        before = lexicon.pattern("letters", "before", _WORDS).match(mirror[slice(*part)])
        part = trimmed(mirror, (part[0] + before.end(), part[1])) if before else trimmed(mirror, part)
    text = mirror[slice(*part)]
    if len(text) < _LONG // 2 or lexicon.pattern("letters", "talk", _WORDS).search(text):
        return None
    return part if sections.is_negative(text) and not sections.is_imperative(text) else None


def _says(mirror: str, name: str, span: Span) -> bool:
    return bool(lexicon.pattern("zones", name, _WORDS).search(mirror[span[0] : span[1]]))


def _cue(mirror: str, span: Span) -> int | None:
    """Where the problems begin behind the last cue of a paragraph, before anything else is told."""
    found = list(lexicon.pattern("zones", "begins", _WORDS).finditer(mirror, *span))
    if not found:
        return None
    after = found[-1].end()
    if found[-1].group().endswith("。") or mirror[after : after + 1] == "。":
        return after + 1 if mirror[found[-1].end() - 1] != "。" else after
    while after < span[1] and mirror[after] in ",:。; ":
        after += 1
    return after


def clauses_of(mirror: str, span: Span, *, listed: bool) -> tuple[Span | None, list[Span]]:
    """The lead-in of a paragraph and its problems; `listed` when each of its sentences is one even without a lead-in.

    Sentences behind a short title without figures are its particulars.
    """
    lead = lexicon.pattern("clauses", "lead", _WORDS).match(mirror[span[0] : span[1]])
    heading = None
    if lead:
        heading = trimmed(mirror, (span[0], span[0] + lead.end()), also=",:")
        span = trimmed(mirror, (span[0] + lead.end(), span[1]))
    if not lead and not listed:
        return None, [span]
    parts = list(_cut(mirror, span, _STOPS if lead or _lists(mirror, span) else _FULL_STOPS))
    parts = [part for part in parts if not sections.is_closing(mirror[slice(*trimmed(mirror, part))])]
    if listed and not any(character.isdigit() for character in mirror[slice(*span)]):
        parts = [clause for part in parts for clause in _at_commas(mirror, part)]
    return heading, [part for part in _with_titles(mirror, parts) if _is_problem(mirror, part)]


def _at_commas(mirror: str, part: Span) -> list[Span]:
    """A summary names one problem after the other: 措施不够有力,监管存在盲区, each of which says what is wrong."""
    clauses = [_without_lead(mirror, clause) for clause in _cut(mirror, _without_lead(mirror, part), _COMMAS)]
    whole = all(
        end - start >= _SHORTEST_CLAUSE and sections.is_negative(mirror[start:end]) and mirror[start] not in _LEANING
        for start, end in clauses
    )
    return clauses if whole else [part]


def _without_lead(mirror: str, span: Span) -> Span:
    lead = lexicon.pattern("clauses", "lead", _WORDS).match(mirror[slice(*span)])
    return (span[0] + lead.end(), span[1]) if lead and lead.group()[-1] == "," else span


def with_continuations(mirror: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Where nearly all paragraphs begin with a short title sentence, one without belongs to the one before."""
    titled = [_begins_with_title(mirror, paragraph) for paragraph in paragraphs]
    joined: list[Span] = []
    for paragraph, is_titled in zip(paragraphs, titled, strict=True):
        if joined and not is_titled and sum(titled) >= len(titled) * _MOSTLY and sum(titled) > 1:
            joined[-1] = (joined[-1][0], paragraph[1])
        else:
            joined.append(paragraph)
    return joined


def _begins_with_title(mirror: str, paragraph: Span) -> bool:
    found = _FULL_STOPS.search(mirror, *paragraph)
    if not found or found.end() >= paragraph[1]:
        return False
    title = mirror[paragraph[0] : found.start()]
    return len(title) <= _TITLE and not re.search(r"[\d,;]", title)


def has_lead(mirror: str, span: Span) -> bool:
    """The paragraph begins with the field or the unit it is about."""
    return bool(lexicon.pattern("clauses", "lead", _WORDS).match(mirror[span[0] : span[1]]))


def _lists(mirror: str, span: Span) -> bool:
    """The paragraph is one sentence of several clauses."""
    return len(list(_FULL_STOPS.finditer(mirror, span[0], span[1]))) <= 2 and mirror.count(";", *span) > 0


def _cut(mirror: str, span: Span, stops: re.Pattern[str]) -> Iterator[Span]:
    begin = span[0]
    for found in stops.finditer(mirror, *span):
        yield begin, found.start()
        begin = found.end()
    if begin < span[1]:
        yield begin, span[1]


def _with_titles(mirror: str, parts: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    title_open = False
    for part in parts:
        start, end = trimmed(mirror, part, also="。;,:.等")
        joint = _JOINTS.match(mirror, start, end)
        start, end = _without_lead(mirror, (joint.end() if joint else start, end))
        if end - start < 2:
            continue
        is_title = (
            mirror[part[1] : part[1] + 1] in "。."
            and end - start <= _TITLE
            and not re.search(r"[\d,]", mirror[start:end])
        )
        if title_open and not is_title and not joint:
            joined[-1] = (joined[-1][0], end)
            continue
        joined.append((start, end))
        title_open = is_title
    return joined


def _is_problem(mirror: str, span: Span) -> bool:
    text = mirror[slice(*span)]
    if len(text) < _FEWEST or lexicon.pattern("clauses", "nothing", _WORDS).search(text):
        return False
    return not sections.is_closing(text) and not (sections.is_imperative(text) and not sections.is_negative(text))


def without_tail(mirror: str, span: Span) -> tuple[Span, str, Span | None, tuple[Span, ...]]:
    """The problem without what was done about it at once: the problem, the state with its place, and the result."""
    places = [at for at in range(*span) if mirror[at] not in "\r\n"]
    words = "".join(mirror[at] for at in places)
    places.append(span[1])
    found = lexicon.pattern("clauses", "tail", _WORDS).search(words)
    if not found or found.start() < _SHORTEST or _STILL.search(found["tail"]):
        return span, UNSTATED, None, ()
    begin, end = found.span("tail")
    told = lexicon.pattern("clauses", "tail_state", _WORDS).search(words, begin, end)
    state = UNSTATED
    if told:
        state = "in_progress" if "正" in told.group() else "not_done" if "尚" in told.group() else "done"
        begin = told.end()
    while begin < end and words[begin] in ",;。 ":
        begin += 1
    results = ((places[begin], places[end]),) if end - begin > _SHORTEST else ()
    state_span = (places[told.start()], places[told.end()]) if told else None
    return (span[0], places[found.start()]), state, state_span, results
