"""The words of one finding of the mass, composed from the parts of _matters.py: its text, its plan, what people say."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bihuan.demo import _cast, _matters, _particulars
from bihuan.demo._places import FIRST, SECOND

COMMON_IN, ENDING_SHARE, TWO_DETAILS_SHARE = 0.04, 0.7, 0.55
# How a measure is said beside what it does: by whom first, how it is seen to.
MEANS = (
    "召开专题会研究",
    "由分管领导牵头",
    "成立工作专班",
    "商请主管部门指导",
    "对照清单",
    "组织力量集中",
    "逐户上门",
    "会同纪检委员",
)
CHECKS = (
    "每月通报一次进度",
    "结果报巡察办备查",
    "在单位内部公示",
    "列入年度考核",
    "由办公室逐项核验",
    "办结一项销号一项",
)


@dataclass(frozen=True)
class Words:
    """A finding in words: category, text, the money it names, whether it was planted in many units."""

    category: str
    text: str
    amount: Decimal | None
    is_common: bool


class Composer:
    """Draws from one source of chance, so that the same seed says the same."""

    def __init__(self, chance: random.Random, *, on: date) -> None:
        self.chance, self.year = chance, on.year
        self._any = [[(category, title, facts.split("|")) for category, title, facts in matters]
                     for matters in (_matters.UNIT_MATTERS, _matters.VILLAGE_MATTERS)]  # fmt: skip

    def finding(self, *, village: bool) -> Words:
        """One text: what it is called, what was seen, particulars, and perhaps what comes of it."""
        chance = self.chance
        if chance.random() < COMMON_IN:
            category, text = chance.choice([one for one in _particulars.COMMON if one[0].startswith("V") <= village])
            return Words(category, text + "。", None, True)
        category, title, facts = chance.choice(self._any[village])
        slots = self._slots()
        details = chance.sample(_particulars.DETAILS, 2 if chance.random() < TWO_DETAILS_SHARE else 1)
        parts = [chance.choice(facts), *details]
        said = "，".join(parts).format_map(slots)
        if chance.random() < ENDING_SHARE:
            said += "，" + chance.choice(_particulars.ENDINGS).format_map(slots)
        names_money = any("{w}" in part for part in parts)
        amount = Decimal(slots["w"]) * 10_000 if names_money else None
        return Words(category, f"{title}。{said}。", amount, False)

    def _slots(self) -> Mapping[str, str]:
        draw, choice = self.chance.randint, self.chance.choice
        year = self.year - draw(1, 5)
        many = draw(4, 60)
        return {
            "y": str(year), "z": str(min(year + draw(1, 2), self.year)), "n": str(many),
            "m": str(draw(1, max(2, many // 3))), "k": str(draw(1, 12)), "w": f"{draw(3, 980)}.{draw(1, 9)}",
            "p": choice(FIRST) + choice(SECOND), "s": choice(_particulars.POSTS), "t": choice(_particulars.SPANS),
        }  # fmt: skip

    def measure(self) -> tuple[str, str, str]:
        """What is done, with which product, and of which kind."""
        choice = self.chance.choice
        text, product, kind = choice(_cast.MEASURES)
        return f"{choice(MEANS)}，{text}，{choice(CHECKS)}", product, kind
