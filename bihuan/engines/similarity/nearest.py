"""For each text, those of many others that are most like it, from the threshold of words.toml on, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bihuan.engines.similarity.letters import letters_of
from bihuan.engines.similarity.measure import NUMBER, PAIR, TERM, Measure, Traits, content

Span = tuple[int, int]


@dataclass(frozen=True)
class Shared:
    """Words that both texts hold; `theirs` differs from `mine` where they say the same in other words."""

    mine: str
    theirs: str


@dataclass(frozen=True)
class Match:
    """One of the others: its place among them, how like it is, why, and where its shared words stand in it."""

    other: int
    likeness: float
    shared: tuple[Shared, ...]
    spans: tuple[Span, ...]


def nearest(texts: Sequence[str], *, among: Sequence[str]) -> tuple[tuple[Match, ...], ...]:
    """For each of the texts its best matches, the most like first, of equals the first in `among`."""
    letters = [letters_of(text) for text in among]
    measure = Measure(letters)
    others = [measure.traits(each) for each in letters]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, other in enumerate(others):
        for sign in other.signs:
            holders[sign].append(at)
    return tuple(_matches(text, among, others, holders, measure) for text in texts)


def _matches(
    text: str, among: Sequence[str], others: Sequence[Traits], holders: Mapping[tuple[str, str], Sequence[int]],
    measure: Measure,
) -> tuple[Match, ...]:  # fmt: skip
    mine = measure.traits(letters_of(text))
    weights: dict[int, float] = defaultdict(float)
    for sign in mine.signs:
        weight = measure.weight((sign,))
        for at in holders.get(sign, ()):
            weights[at] += weight
    # Those alone that share most are compared exactly; what is left out shares less.
    few = sorted(weights, key=lambda at: (-(weights[at] ** 2) / (others[at].weight or 1.0), at))[
        : 2 * content()["best"]
    ]
    found = [(measure.likeness(mine, others[at]), at) for at in few]
    best = sorted((one for one in found if one[0] >= content()["threshold"]), key=lambda one: (-one[0], one[1]))
    return tuple(
        Match(at, likeness, *why(text, among[at], mine, others[at], measure))
        for likeness, at in best[: content()["best"]]
    )


def why(
    text: str, other_text: str, mine: Traits, other: Traits, measure: Measure
) -> tuple[tuple[Shared, ...], tuple[Span, ...]]:
    """Why two texts are like: the heaviest shared words, and every place of shared words in the other text."""
    pairs = {said for kind, said in mine.signs & other.signs if kind == PAIR}
    told = {said for kind, said in mine.signs & other.signs if kind == TERM}
    runs = list(_runs(other, pairs, measure))
    heavy = {_cut(other_text, other, run): weight for run, weight in runs}
    words = sorted(
        (word for word in heavy if not any(word != longer and word in longer for longer in heavy)),
        key=lambda word: (-heavy[word], word),
    )
    meant = [
        Shared(_cut(text, mine, mine.terms[term][0]), _cut(other_text, other, other.terms[term][0])) for term in told
    ]
    reworded = sorted((one for one in meant if one.mine != one.theirs), key=lambda one: one.mine)
    sums = sorted(said for kind, said in mine.signs & other.signs if kind == NUMBER)
    shared = [Shared(word, word) for word in (*words[: content()["phrases"]], *sums)] + reworded[: content()["phrases"]]
    spans = [run for run, _weight in runs] + [span for term in told for span in other.terms[term]]
    # A sum written with other signs is told among the shared words only.
    written = [(at, at + len(said)) for said in sums if (at := other_text.find(said)) >= 0]
    return tuple(shared), tuple(_merged(sorted([*written, *(_in_text(other, span) for span in spans)])))


def _runs(other: Traits, pairs: set[str], measure: Measure) -> Iterator[tuple[Span, float]]:
    """Stretches without punctuation all of whose pairs are shared, where one of them is telling."""
    plain, places = other.letters.plain, other.letters.places
    start, weights = 0, list[float]()
    for at in range(len(plain)):
        pair = plain[at : at + 2]
        if pair in pairs and places[at + 1] - places[at] <= 1:
            start = start if weights else at
            weights.append(measure.weight(((PAIR, pair),)))
        elif weights:
            if max(weights) >= content()["least_marked"]:
                yield (start, at + 1), sum(weights)
            weights = []


def _in_text(traits: Traits, span: Span) -> Span:
    places = traits.letters.places
    return places[span[0]], places[span[1] - 1] + 1


def _cut(text: str, traits: Traits, span: Span) -> str:
    start, end = _in_text(traits, span)
    return text[start:end]


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end in spans:
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last
