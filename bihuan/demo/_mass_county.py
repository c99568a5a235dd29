"""Brings the mass into a district whose own people are there: tree, people, rounds, then every inspection."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.actions import bulk, rounds
from bihuan.actions.bulk import Hand, MassFile, MassOrganization, MassPerson
from bihuan.demo import _cast, _places
from bihuan.demo._district import District
from bihuan.demo._mass import LEAD, MOST_OF_OTHERS, NOT_YET_GIVEN, ROUNDS, Mass, Place, Team, inspections_for
from bihuan.demo._papers import paper
from bihuan.demo._places import Unit
from bihuan.rules.identifiers import new_id
from bihuan.rules.organization_tree import number_tree
from bihuan.rules.vocabulary import ROLES

# Units in the register for the county of the usual size, beside those of the sample.
UNITS_AT_LEAST, UNITS_FOR_EACH_INSPECTION = 98, 1.25
INSPECTIONS_OF_A_TEAM, TEAMS_OF_THE_SAMPLE = 12, (2, 4, 5)
TEAM_ROLES = ("team_leader", "deputy_leader", "liaison", "team_member")
FILES = 24
PASSWORD = "Yunxi-00-bihuan"  # noqa: S105 - told in the guide, of made-up people
WITHOUT_FINDINGS = 3
# How often the mass tells how far it is.
STAGES = 20
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏水窦章云"
    "苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
)
GIVEN = "建国志强晓明丽华文博雅静思远海燕春生立新秀英庆丰若兰景行子墨书言嘉禾毓秀承泽佳宁望舒清扬怀玉知秋"


class MassBuilder:
    """The mass being brought in; each method is one stage."""

    def __init__(self, district: District, findings: int, chance: random.Random) -> None:
        self.district, self.findings, self.chance = district, findings, chance
        count = inspections_for(findings)
        wanted = max(UNITS_AT_LEAST, round(count * UNITS_FOR_EACH_INSPECTION))
        self.units = _places.units(wanted, chance=self.chance)
        self.shares = self._shares(count)
        self.ids: dict[str, UUID] = {}
        self.los: dict[str, int] = {}
        self.hands: dict[str, Hand] = {}
        self.team_keys: list[str] = []

    def _shares(self, count: int) -> dict[str, list[Unit]]:
        """Which units are inspected in which round."""
        villages = [unit for unit in self.units if unit.organization_class == "village"]
        others = [unit for unit in self.units if unit.organization_class not in ("village", "committee")]
        self.chance.shuffle(villages)
        self.chance.shuffle(others)
        in_villages = min(len(villages), max(count // len(ROUNDS), count - int(MOST_OF_OTHERS * len(others))))
        if in_villages + WITHOUT_FINDINGS > 2 * len(NOT_YET_GIVEN):
            in_villages += WITHOUT_FINDINGS
            count += WITHOUT_FINDINGS
        half = (count - in_villages + 1) // 2
        return {
            "first": others[:half], "linked": others[half : count - in_villages], "village": villages[:in_villages],
        }  # fmt: skip

    def organizations(self) -> None:
        """The whole tree numbered anew, with teams of its own."""
        teams = max(3, -(-sum(map(len, self.shares.values())) // (INSPECTIONS_OF_A_TEAM * len(ROUNDS))))
        numbers = [number for number in range(1, teams + 4) if number not in TEAMS_OF_THE_SAMPLE][:teams]
        self.team_keys = [f"mass_team_{number}" for number in numbers]
        made = [Unit(key, f"区委第{_places.numeral(number)}巡察组", "inspection_team", "leading_group")
                for key, number in zip(self.team_keys, numbers, strict=True)]  # fmt: skip
        known = {key: (name, above) for key, name, _class, above in _cast.ORGANIZATIONS}
        new = [*made, *self.units]
        self.ids = dict(self.district.organizations)
        at = self.district.tick()
        for unit in new:
            self.ids[unit.key] = new_id(at)
        parents = {key: above or None for key, (_name, above) in known.items()} | {unit.key: unit.above for unit in new}
        order = {key: number for number, key in enumerate(parents)}
        places = number_tree(parents, order=order.__getitem__)
        names = {key: name for key, (name, _above) in known.items()} | {unit.key: unit.name for unit in new}
        classes = {entry[0]: entry[2] for entry in _cast.ORGANIZATIONS} | {u.key: u.organization_class for u in new}
        self.names, self.los = names, {key: lo for key, (lo, _hi) in places.items()}
        bulk.load_organizations(
            [MassOrganization(self.ids[key], names[key], classes[key],
                              self.ids[above] if above else None, *places[key]) for key, above in parents.items()],
            by=self.district.hand("xitong"), at=at,
        )  # fmt: skip

    def people(self) -> None:
        """A head and a clerk for each unit that is inspected, four people for each team."""
        at, day, people = self.district.tick(), self.district.now.date(), list[MassPerson]()
        seats = [(key, role) for key in self.team_keys for role in TEAM_ROLES]
        seats += [
            (unit.key, role) for units in self.shares.values() for unit in units for role in ("unit_head", "unit_clerk")
        ]
        for number, (key, role) in enumerate(seats, 1):
            person = MassPerson(new_id(at), self._name(), f"yx{number:06d}", new_id(at), role, self.ids[key], day)
            people.append(person)
            words = f"{person.person}（{self.names[key]} {ROLES[role]}）"
            self.hands[f"{role}@{key}"] = Hand(str(person.id), str(person.post), role, words)
        bulk.load_people(people, password=PASSWORD, by=self.district.hand("xitong"), at=at)

    def _name(self) -> str:
        choice = self.chance.choice
        return choice(SURNAMES) + "".join(choice(GIVEN) for _ in range(self.chance.choice((1, 2, 2))))

    def rounds(self, term: UUID) -> dict[str, tuple[UUID, str]]:
        """The earlier rounds of the term, planned as they were."""
        made = {}
        for plan in ROUNDS:
            first, last = plan.received
            starts_on = self.district.on - timedelta(days=first + LEAD + 5)
            self.district.go_to(starts_on)
            ends_on = min(self.district.on, self.district.on - timedelta(days=last - 10))
            year = self.district.on.year - plan.years_ago
            name = f"{year}年第{plan.number}轮{KINDS[plan.kind]}"
            made[plan.key] = (
                self.district.do(
                    "zhuren", rounds.create_round, term=term, office_word="云溪", year=year, number=plan.number,
                    kind=plan.kind, starts_on=starts_on, ends_on=ends_on, name=name,
                ),
                name,
            )  # fmt: skip
        return made

    def findings_of(
        self, made: dict[str, tuple[UUID, str]], *, whole: bool, tell: Callable[..., None]
    ) -> Mapping[str, int]:
        """Everything else."""
        zone = ZoneInfo(settings.TIME_ZONE)
        files = self._files() if whole else []
        mass = Mass(
            self.chance, self.district.on, zone, self.findings, made,
            {account: self.district.hand(account) for account in OFFICE}, self._teams(),
            {key: [self._place(unit) for unit in units] for key, units in self.shares.items()}, files, "云溪",
        )  # fmt: skip
        told = mass.inspections()
        return bulk.load_inspections(
            told, files=[file for _ending, file in files], whole=whole, tell=_telling(len(told), tell)
        ).rows

    def _files(self) -> list[tuple[str, MassFile]]:
        """A few papers, each kept once however often it is handed in."""
        day, made = self.district.on - timedelta(days=40), []
        for number in range(FILES):
            text, product, _kind = _cast.MEASURES[number % len(_cast.MEASURES)]
            name, content = paper(number, product, text, day - timedelta(days=number))
            made.append(
                (name.rpartition(".")[2], bulk.file_of(content, media_type=bulk.media_type(content, name=name)))
            )
        return made

    def _teams(self) -> Sequence[Team]:
        return [
            Team(self.ids[key], tuple(self.hands[f"{role}@{key}"] for role in TEAM_ROLES)) for key in self.team_keys
        ]

    def _place(self, unit: Unit) -> Place:
        key = unit.key
        return Place(
            self.ids[key], self.los[key], unit.name, unit.organization_class, self.hands[f"unit_head@{key}"],
            self.hands[f"unit_clerk@{key}"],
        )  # fmt: skip


def _telling(total: int, tell: Callable[..., None]) -> Callable[[int], None]:
    """Says now and then how many inspections there are so far."""
    told = 0

    def hear(done: int) -> None:
        nonlocal told
        if done == total:
            tell("keys")
        elif done - told >= total // STAGES:
            told = done
            tell("mass", done, total)

    tell("mass", 0, total)
    return hear


OFFICE = ("zhuren", "xunchaban", "shuji", "lingdao", "jijian", "zuzhibu")
KINDS = {"regular": "常规巡察", "linked": "上下联动巡察", "village": "村（社区）巡察"}
