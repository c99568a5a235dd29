"""Finds problems told in running text: what follows 发现的问题有, sentences under a lead-in, and what sticks to them.

One sentence or clause is one problem only where the text lists them so; numbered entries are read elsewhere.
"""

import itertools
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
    r"(?:首先|其次|再次|再者|此外|另外|同时|最后|还有|再有|再一个|再就是|补充一点|一方面|另一方面|二是|三是|四是|五是|和|以及)[,:]?\s*"
)
_STILL = re.compile("仍|却|未|没|不|仅|只|才|滞后|逾期")
_ANNOUNCES = re.compile("(?::|,|如下|主要(?:是|有|表现[在为])|表现为)[:。]?$")
_NAMED_FIELD = "在?[^,。;:“”不没未]{2,24}(?:方面|领域|环节)"
_FIELD = re.compile(rf"(?:^|(?<=[。;:,\n])){_NAMED_FIELD}[。:,]")
_FIELD_ALONE = re.compile(f"{_NAMED_FIELD}。")
_FEWEST_FIELDS = 2
# So many semicolons part one problem from the next, and commas part nothing.
_FEWEST_GROUPED = 2
_SOME = ("有的", "有些", "少数")
_SOME_MORE = re.compile("[,;](?=有的|有些|少数)")
_COMMAS = re.compile(",")
_LEANING = "对且并而但仅只导致造使让还也却"
_SHORTEST_CLAUSE = 9
_SHORTEST_IN_ROW = 6
_ROW = 4
_TITLE = 18
_SHORTEST = 6
_FEWEST = 4
_FEWEST_TOLD = 3
_LONG = 18
_MOSTLY = 0.6


def zone_of(mirror: str, paragraphs: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The paragraphs that tell problems, and whether they follow their cue (问题有：) in the same paragraph."""
    begun = False
    for start, end in paragraphs:
        text = mirror[start:end]
        if begun and _says(mirror, "ends", (start, end)) and not cue_of(mirror, (start, end)):
            return
        cue = cue_of(mirror, (start, end), only_announced=begun)
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
        _, parts = clauses_of(mirror, (start, end), listed=True, is_talk=True)
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


def is_end(mirror: str, paragraph: Span) -> bool:
    """Behind this paragraph there is no problem any more: demands, advice, what the unit said."""
    return _says(mirror, "ends", paragraph)


def _says(mirror: str, name: str, span: Span) -> bool:
    return bool(lexicon.pattern("zones", name, _WORDS).search(mirror[span[0] : span[1]]))


def cue_of(mirror: str, span: Span, *, only_announced: bool = False) -> int | None:
    """Where the problems begin behind the last cue of a paragraph that announces them, before anything else is told."""
    found = list(lexicon.pattern("zones", "begins", _WORDS).finditer(mirror, *span))
    announced = [one for one in found if _ANNOUNCES.search(one[0])]
    if not (announced if only_announced else found):
        return None
    last = (announced or found)[-1]
    after = last.end()
    if last[0].endswith("。") or mirror[after : after + 1] == "。":
        return after + 1 if mirror[last.end() - 1] != "。" else after
    while after < span[1] and mirror[after] in ",:。; ":
        after += 1
    return after


def fields_in(mirror: str, span: Span) -> list[Span]:
    """A paragraph that goes through several fields (在…方面。… 在…方面。…) as one stretch for each."""
    starts = [found.start() for found in _FIELD.finditer(mirror, *span)]
    if len(starts) < _FEWEST_FIELDS:
        return [span]
    cuts = [span[0], *(start for start in starts if start > span[0]), span[1]]
    return [stretch for stretch in itertools.pairwise(cuts) if stretch[1] - stretch[0] > _SHORTEST]


def listed_in(mirror: str, span: Span) -> tuple[Span | None, list[Span]]:
    """The problems of an entry that names a field in a sentence of its own and lists them: 在…方面。…;…;…"""
    if not _FIELD_ALONE.match(mirror, *span) or not _lists(mirror, span):
        return None, []
    return clauses_of(mirror, span, listed=True)


def clauses_of(mirror: str, span: Span, *, listed: bool, is_talk: bool = False) -> tuple[Span | None, list[Span]]:
    """The lead-in of a paragraph and its problems; `listed` when each of its sentences is one even without a lead-in.

    Sentences behind a short title without figures are its particulars. In a talk, sentences that only lead on or judge
    are left out first.
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
    if is_talk:
        talk = lexicon.pattern("letters", "talk", _WORDS)
        parts = [part for part in parts if not talk.search(mirror[slice(*trimmed(mirror, part, also="。;"))])]
    parts = [one for part in parts for one in each_of_some(mirror, part)]
    is_grouped = mirror.count(";", *span) >= _FEWEST_GROUPED
    if listed and not is_grouped and not any(character.isdigit() for character in mirror[slice(*span)]):
        parts = [clause for part in parts for clause in _at_commas(mirror, part)]
    return heading, [part for part in _with_titles(mirror, parts) if _is_problem(mirror, part)]


def each_of_some(mirror: str, part: Span) -> list[Span]:
    """有的甲,有的乙: each is one."""
    starts = [found.start() for found in _SOME_MORE.finditer(mirror, *part)]
    if not starts or not mirror.startswith(_SOME, trimmed(mirror, part)[0]):
        return [part]
    cuts = [part[0], *(start + 1 for start in starts), part[1]]
    return [trimmed(mirror, one, also=",;") for one in itertools.pairwise(cuts)]


def _at_commas(mirror: str, part: Span) -> list[Span]:
    """A summary names one problem after the other: 措施不够有力,监管存在盲区, each of which says what is wrong."""
    clauses = [_without_lead(mirror, clause) for clause in _cut(mirror, _without_lead(mirror, part), _COMMAS)]
    shortest = _SHORTEST_CLAUSE if len(clauses) < _ROW else _SHORTEST_IN_ROW
    whole = not mirror.startswith(_SOME, part[0]) and all(
        end - start >= shortest and sections.is_negative(mirror[start:end]) and mirror[start] not in _LEANING
        for start, end in clauses
    )
    return clauses if whole else [part]


def _without_lead(mirror: str, span: Span) -> Span:
    lead = lexicon.pattern("clauses", "lead", _WORDS).match(mirror[slice(*span)])
    return (span[0] + lead.end(), span[1]) if lead and lead.group()[-1] == "," else span


def with_continuations(mirror: str, paragraphs: Sequence[Span], above: Span) -> list[Span]:
    """Where nearly all paragraphs begin with a short title sentence, one without belongs to the one before.

    So does one without a blank line above it, where nearly all have one.
    """
    titled = [_begins_with_title(mirror, paragraph) for paragraph in paragraphs]
    are_titled = sum(titled) > 1 and sum(titled) >= len(titled) * _MOSTLY
    apart = [_blank(mirror, *pair) for pair in itertools.pairwise([above, *paragraphs])]
    are_apart = sum(apart) > 1 and sum(apart) >= len(apart) * _MOSTLY
    joined: list[Span] = []
    for paragraph, is_titled, is_apart in zip(paragraphs, titled, apart, strict=False):
        if joined and ((are_titled and not is_titled) or (are_apart and not is_apart)):
            joined[-1] = (joined[-1][0], paragraph[1])
        else:
            joined.append(paragraph)
    return joined


def _blank(mirror: str, above: Span, below: Span) -> bool:
    return mirror.count("\n", above[1], below[0]) > 1


def _begins_with_title(mirror: str, paragraph: Span) -> bool:
    found = _FULL_STOPS.search(mirror, *paragraph)
    if not found or found.end() >= paragraph[1]:
        return False
    title = mirror[paragraph[0] : found.start()]
    return len(title) <= _TITLE and not re.search(r"[\d,;]", title)


def has_lead(mirror: str, span: Span) -> bool:
    """The paragraph begins with the field or the unit it is about."""
    return lead_of(mirror, span) is not None


def lead_of(mirror: str, span: Span) -> Span | None:
    """The field or the unit a paragraph begins with: 在库房管理方面,…"""
    found = lexicon.pattern("clauses", "lead", _WORDS).match(mirror[slice(*span)])
    return trimmed(mirror, (span[0], span[0] + found.end()), also="。;,:") if found else None


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


def is_nothing(words: str) -> bool:
    """Clues handed on, demands, a sentence that only says that there are problems."""
    return bool(lexicon.pattern("clauses", "nothing", _WORDS).match(words))


def before_closing(mirror: str, span: Span) -> Span:
    """Up to the first sentence behind a problem that belongs to the whole paper: 同时,巡察组还收到…, 希望…"""
    ends = [found.end() for found in _FULL_STOPS.finditer(mirror, *span) if found.end() < span[1]]
    for begin, end in itertools.pairwise([*ends, span[1]]):
        sentence = mirror[begin:end].strip()
        if is_nothing(sentence) or sections.is_closing(sentence):
            return trimmed(mirror, (span[0], begin))
    return span


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
