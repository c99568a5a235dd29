"""The invented tree of the mass: townships with villages, departments, enterprises, schools; counties when it is large.

All names are composed; none is taken from a map.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = "青白石云松竹梅兰溪泉龙凤金银玉安平和永长东西南北上下新古大小双三五七九清明秋春夏霞月星"
SECOND = "塘溪坪岭坳湾桥岗源口田坝洲山林泉井冲坞墩渡关亭台堡集庄浦港岩峰谷川原陂垅潭"
DEPARTMENTS = (
    "发展改革局", "教育局", "科技局", "工业和信息化局", "民政局", "司法局", "人力资源社会保障局", "自然资源局",
    "生态环境分局", "住房城乡建设局", "交通运输局", "商务局", "卫生健康局", "退役军人局", "应急管理局", "审计局",
    "市场监管局", "统计局", "医疗保障局", "林业局", "城市管理局", "行政审批局", "信访局", "机关事务中心", "档案馆",
    "供销社", "残联", "工商联", "总工会", "团委", "妇联", "科协", "文联", "红十字会", "融媒体中心", "大数据中心",
    "招商中心", "公积金管理部",
)  # fmt: skip
ENTERPRISES = ("交投公司", "文旅公司", "粮食集团", "燃气公司", "公交公司", "国资公司", "园区公司", "农发公司")
SCHOOLS = ("第二中学", "第三中学", "实验小学", "职业学校", "第一幼儿园", "特殊学校", "外国语学校", "城关小学")
INSTITUTIONS = ("中医院", "妇幼保健院", "图书馆", "文化馆", "疾控中心", "福利院")
# Names of the district that the sample lives in.
TAKEN = ("石塘",)
VILLAGES_IN_A_TOWNSHIP, TOWNSHIPS_IN_A_COUNTY, AT_FIRST = 4, 30, 8


@dataclass(frozen=True)
class Unit:
    """One organization to be: key, name, class, key of the one above."""

    key: str
    name: str
    organization_class: str
    above: str


def units(count: int, *, chance: random.Random) -> list[Unit]:
    """So many inspectable units, with what lies above those of further counties."""
    made: list[Unit] = []
    inspectable = 0
    for number, block in enumerate(_blocks(chance)):
        for unit in block:
            if inspectable == count:
                return made
            made.append(unit)
            inspectable += unit.organization_class != "committee"
        assert number < len(FIRST) * len(SECOND)
    return made


def _blocks(chance: random.Random) -> Iterator[list[Unit]]:
    """The home county first, then one county after another; names come only once in each."""
    names = [one + two for one in FIRST for two in SECOND if one + two not in TAKEN]
    chance.shuffle(names)
    yield _county("", "committee", "区", names[:AT_FIRST], chance)
    for number in range(len(names)):
        name = names[-1 - number]
        key = f"county_{number}"
        townships = chance.sample(names, TOWNSHIPS_IN_A_COUNTY)
        above = Unit(key, f"中共{name}县委", "committee", "committee")
        yield [above, *_county(key + "_", key, name + "县", townships, chance)]


def _county(prefix: str, above: str, word: str, townships: list[str], chance: random.Random) -> list[Unit]:
    made = [
        Unit(f"{prefix}{organization_class}_{number}", f"{word}{name}{ending}", organization_class, above)
        for organization_class, names, ending in (
            ("department", DEPARTMENTS, "党组"), ("enterprise", ENTERPRISES, "党支部"), ("school", SCHOOLS, "党支部"),
            ("institution", INSTITUTIONS, "党总支"),
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    for number, name in enumerate(townships):
        key = f"{prefix}township_{number}"
        made.append(Unit(key, f"{name}{chance.choice('镇镇乡')}党委", "township", above))
        villages = chance.sample(FIRST, VILLAGES_IN_A_TOWNSHIP if not prefix else VILLAGES_IN_A_TOWNSHIP * 3)
        made += [
            Unit(f"{key}_{place}", f"{one}{chance.choice(SECOND)}村党支部", "village", key)
            for place, one in enumerate(villages)
        ]
    return made


def numeral(number: int) -> str:
    """A Chinese numeral below ten thousand: 二十三, 一百零五."""
    digits, said, zero = "零一二三四五六七八九", "", False
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += ("零" if zero and said else "") + digits[digit] + word
            zero = False
        else:
            zero = True
    return said[1:] if said.startswith("一十") else said
