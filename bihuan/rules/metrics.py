"""The register of the metrics: what each figure means, for people, and the codes under which flows are counted.

The texts are in profiles/metrics.toml; what is counted follows the states of lifecycle.py (decision 0013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from bihuan.rules.lifecycle import GIVEN
from bihuan.rules.profile import packaged_text
from bihuan.rules.profile_table import ProfileInvalid, Table
from bihuan.rules.vocabulary import N_

FILE = "metrics.toml"
OVERDUE, CYCLE_DAYS = "overdue", "cycle_days"
# What all states together make of a unit: units are ranked and counted by it without reading each state.
SUM_OF_GIVEN = "given"
METRICS = (
    "findings", "to_rectify", "done", "basically_done", "long_term", "not_done", "completion_rate", OVERDUE, CYCLE_DAYS,
    "coverage_rate",
)  # fmt: skip
# A metric that is counted, as the states that it sums; what is in none of the four parts is out (不计).
STATES: Mapping[str, tuple[str, ...]] = {
    "findings": GIVEN,
    "to_rectify": GIVEN,
    "done": ("closed",),
    "basically_done": ("basically_done",),
    "long_term": ("phase_done_long_term",),
    "not_done": tuple(
        code for code in GIVEN if code not in ("closed", "basically_done", "phase_done_long_term")
    ),
}  # fmt: skip
PARTS = ("done", "basically_done", "long_term", "not_done")
TEXTS = ("label", "definition", "numerator", "denominator", "cut_off", "unit", "who", "source")
# What is only counted is divided by nothing.
MAY_STAY_AWAY = ("denominator",)


@dataclass(frozen=True)
class Cycle:
    """A span of days from T0 to the first closing: up to `most`, beyond the span before; None: all the rest."""

    code: str
    most: int | None
    label: str


CYCLES = (
    Cycle("cycle_30", 30, N_("30 天以内")),
    Cycle("cycle_60", 60, N_("31 至 60 天")),
    Cycle("cycle_90", 90, N_("61 至 90 天")),
    Cycle("cycle_180", 180, N_("91 至 180 天")),
    Cycle("cycle_more", None, N_("180 天以上")),
)


@dataclass(frozen=True)
class Metric:
    """One metric in both languages: every text by language, zh and en."""

    code: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    numerator: Mapping[str, str]
    denominator: Mapping[str, str]
    cut_off: Mapping[str, str]
    unit: Mapping[str, str]
    who: Mapping[str, str]
    source: Mapping[str, str]


@cache
def metrics() -> tuple[Metric, ...]:
    """The register in its order. Raises ProfileInvalid when a metric or a text of it is missing."""
    return parse_metrics(packaged_text(FILE), file=FILE)


def parse_metrics(text: str, *, file: str) -> tuple[Metric, ...]:
    """The register from its text; exactly the metrics that are counted, each with every text in both languages.

    Raises ProfileInvalid, naming the file and the place.
    """
    values = Table.of_text(text, file=file).values.get("metrics", {})
    if set(values) != set(METRICS):
        wrong = "、".join(sorted(set(values) ^ set(METRICS)))
        raise ProfileInvalid(file=file, key="metrics", reason=f"应恰好登记十个指标，不合的是 {wrong}")
    return tuple(
        Metric(code, *(_texts(values[code], f"{code}.{name}", file=file) for name in TEXTS)) for code in METRICS
    )


def rate(part: int, *, of: int) -> Decimal | None:
    """`part` of `of` in percent, rounded half up to two places; None, no value, of nothing."""
    return rounded(Decimal(100 * part) / of, places=2) if of else None


def average(total: int, *, of: int) -> Decimal | None:
    """The mean with one place, rounded half up; None, no value, of nothing."""
    return rounded(Decimal(total) / of, places=1) if of else None


def rounded(value: Decimal, *, places: int) -> Decimal:
    """Half up, as people round."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def cycle_of(days: int) -> Cycle:
    """The span that a cycle of so many days falls into."""
    return next(cycle for cycle in CYCLES if cycle.most is None or days <= cycle.most)


def _metric(code: str, metric: Mapping[str, object], *, file: str) -> Metric:
    return Metric(code, *(_texts(metric, f"{code}.{name}", file=file) for name in TEXTS))


def _texts(metric: Mapping[str, object], where: str, *, file: str) -> Mapping[str, str]:
    key, name = f"metrics.{where}", where.rpartition(".")[2]
    said = metric.get(name, {"zh": "", "en": ""} if name in MAY_STAY_AWAY else None)
    if not isinstance(said, dict) or set(said) != {"zh", "en"} or {type(one) for one in said.values()} != {str}:
        raise ProfileInvalid(file=file, key=key, reason="应有中文和英文各一段文字")
    if name not in MAY_STAY_AWAY and not all(one.strip() for one in said.values()):
        raise ProfileInvalid(file=file, key=key, reason="文字不应为空")
    return said
