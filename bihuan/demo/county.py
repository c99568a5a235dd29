"""The demo district: three feedback documents go in, and the people of _cast.py take their findings along.

Everything happens through actions, as the post that may, on believable days before `on`. Nothing is written past them.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import docx
from django.conf import settings

from bihuan.actions import feedback, findings, organizations, people, rounds, terms
from bihuan.demo import _cast
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_page
from bihuan.queries.findings.page import finding_page
from bihuan.queries.people import actor_for, posts_of
from bihuan.rules.access import Actor
from bihuan.rules.needs import EvidenceInput, MeasureInput, StepInput

STEPS_TO = {
    "awaiting_plan": (),
    "plan_submitted": ("submit",),
    "plan_agreed": ("submit", "agree_plan"),
    "plan_returned": ("submit", "return_plan"),
    "in_progress": ("plan",),
    "basically_done": ("plan", "basically"),
    "pending_review": ("plan", "ask"),
    "closing_agreed": ("plan", "ask", "agree"),
    "returned": ("plan", "ask", "return_closing"),
    "closed": ("plan", "ask", "agree", "close"),
    "phase_done_long_term": ("plan", "ask_long", "agree", "long"),
    "reopened": ("plan", "ask", "agree", "close", "reopen"),
}


@dataclass
class District:
    """The district being filled: ids by key, accounts by name, and its own clock."""

    on: date
    chance: random.Random
    organizations: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def go_to(self, day: date) -> None:
        """Set the clock to the morning of a day; each inspection has its own course, so this may be an earlier day."""
        self.now = datetime.combine(day, time(9), tzinfo=ZoneInfo(settings.TIME_ZONE))

    def tick(self) -> datetime:
        """A little later."""
        self.now += timedelta(seconds=self.chance.randint(2, 20))
        return self.now

    def actor(self, account: str) -> Actor:
        """That person in the only post held."""
        actor = actor_for(self.accounts[account], post=None, via="web", on=self.now.date())
        if actor is None:
            raise LookupError(account)
        return actor

    def do(self, account: str, deed: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """That person does something now."""
        actor = self.actor(account)
        with acting(actor):
            return deed(*given, by=actor, at=self.tick(), **named)


def fill(*, seed: int, findings: int, on: date, accounts_file: Path) -> None:
    """Fill an empty database; `findings` is the most that are confirmed; accounts go to `accounts_file` as JSON."""
    district = District(on=on, chance=random.Random(seed))  # noqa: S311 - a county, not a secret
    district.go_to(on - timedelta(days=160))
    _people(district)
    round_id = _round(district)
    left = findings
    for story in _cast.STORIES:
        left -= _story(district, round_id, story, left) if left > 0 else 0
    accounts_file.write_text(json.dumps(_accounts(district), ensure_ascii=False, indent=1), encoding="utf-8")


def _people(district: District) -> None:
    names = [*_cast.OFFICERS, *[entry[:3] for entry in _cast.PEOPLE]]
    district.passwords = {account: f"Yunxi-{n:02d}-bihuan" for n, (account, _, _) in enumerate(names, 1)}
    officers = [
        people.NewOfficer(role, person, account, district.passwords[account])
        for account, person, role in _cast.OFFICERS
    ]
    at = district.tick()
    made = people.set_up_three_officers(officers, at=at, on=at.date(), via="cli")
    district.accounts = {account: made[n] for n, (account, _, _) in enumerate(_cast.OFFICERS)}
    for key, name, organization_class, above in _cast.ORGANIZATIONS:
        district.organizations[key] = district.do(
            "xitong", organizations.create_organization, name=name, organization_class=organization_class,
            parent=district.organizations.get(above),
        )  # fmt: skip
    starts_on = district.now.date()
    for account, person, role, key in _cast.PEOPLE:
        opened = district.do(
            "xitong", people.create_account, person=person, name=account, password=district.passwords[account],
            once=False,
        )  # fmt: skip
        district.accounts[account] = opened.account
        district.do(
            "xitong", people.give_post, account=opened.account, role=role, organization=district.organizations[key],
            starts_on=starts_on, ends_on=None,
        )  # fmt: skip


def _round(district: District) -> UUID:
    year = district.on.year
    term = district.do(
        "zhuren", terms.create_term, name="第四届", starts_on=date(year - 4, 9, 1), ends_on=date(year + 1, 8, 31)
    )
    return district.do(
        "zhuren", rounds.create_round, term=term, office_word="云溪", year=year, number=3, kind="regular",
        starts_on=district.now.date(), ends_on=district.on,
    )  # fmt: skip


def _story(district: District, round_id: UUID, story: tuple[Any, ...], most: int) -> int:
    """One inspection: entry, stay, document, drafts, approval, giving, three signatures, and every finding's way."""
    unit, document, team, liaison, leader, head, clerk, days, states = story
    district.go_to(district.on - timedelta(days=158))
    inspection = district.do(
        "zhuren", rounds.add_inspection, round_id=round_id, unit=district.organizations[unit],
        team=district.organizations[team],
    )  # fmt: skip
    name = next(entry[1] for entry in _cast.ORGANIZATIONS if entry[0] == unit)
    received_on = district.on - timedelta(days=days)
    for step, before in (("enter", 55), ("leave", 12)):
        day = received_on - timedelta(days=before)
        district.go_to(day)
        district.do(leader, rounds.take_step, inspection, step=step, on=day)
    district.go_to(received_on - timedelta(days=6))
    content = (resources.files("bihuan") / "demo" / "documents" / document).read_bytes()
    uploaded = district.do(
        liaison, feedback.upload_feedback, inspection=inspection, audience="leadership",
        title=f"关于巡察{name}的反馈意见", name=f"{name}反馈意见.docx", content=content,
    )  # fmt: skip
    made = _confirm(district, liaison, uploaded.feedback, most)
    district.do("shuji", feedback.approve, feedback=uploaded.feedback)
    district.go_to(received_on)
    district.do("xunchaban", feedback.give, feedback=uploaded.feedback)
    for who in (head, leader, "zhuren"):
        district.do(who, feedback.sign, feedback=uploaded.feedback, signed_on=received_on, on=received_on)
    wanted = states.split()
    for number, finding in enumerate(made):
        _walk(district, finding, wanted[number % len(wanted)], head=head, clerk=clerk, received_on=received_on)
    return len(made)


def _confirm(district: District, liaison: str, uploaded: UUID, most: int) -> list[UUID]:
    actor = district.actor(liaison)
    with acting(actor):
        page = feedback_page(uploaded, actor=actor)
    drafts = page.drafts if page else ()
    for draft in drafts[most:]:
        district.do(liaison, feedback.drop_draft, draft=draft.id, reason="演示数量所限")
    return [district.do(liaison, feedback.confirm_draft, draft=draft.id, text=None) for draft in drafts[:most]]


def _walk(district: District, finding: UUID, state: str, *, head: str, clerk: str, received_on: date) -> None:
    """Take one finding from awaiting_plan to `state`, its acts spread over the days since the signature."""
    walk = Walk(district, finding, head, clerk, received_on, (district.on - received_on).days)
    for name in STEPS_TO[state]:
        getattr(walk, name)()


@dataclass
class Walk:
    """One finding on its way; each method is one stretch of it, with its own clock."""

    district: District
    finding: UUID
    head: str
    clerk: str
    received_on: date
    days: int

    def at(self, share: float) -> None:
        """Go to the day that lies at `share` of the time between signature and today."""
        day = self.received_on + timedelta(days=int(self.days * share))
        zone = ZoneInfo(settings.TIME_ZONE)
        hour = time(self.district.chance.randint(8, 16), self.district.chance.randint(0, 59))
        self.district.now = datetime.combine(day, hour, tzinfo=zone)

    def take(self, account: str, step: str, **typed: Any) -> None:
        """One step by one person."""
        self.district.do(
            account, findings.take_step, finding=self.finding, step=step, typed=StepInput(**typed),
            on=self.district.now.date(),
        )  # fmt: skip

    def pick(self, name: str) -> str:
        """One of the sentences for it."""
        return self.district.chance.choice(_cast.REASONS[name])

    def submit(self) -> None:
        """A plan of two to four measures."""
        self.at(0.14)
        chosen = self.district.chance.sample(_cast.MEASURES, self.district.chance.randint(2, 4))
        unit = self.district.actor(self.head).organization
        measures = tuple(
            MeasureInput(
                text,
                unit,
                self.district.chance.choice(_cast.PERSONS),
                self.received_on + timedelta(days=self.district.chance.randint(35, 88)),
                product,
            )
            for text, product in chosen
        )
        self.take(self.head, "submit_plan", measures=measures)

    def return_plan(self) -> None:
        """Sent back by the discipline organ."""
        self.at(0.3)
        self.take(
            "jijian", "return_plan", reason=self.pick("return_plan"), redo_by=self.district.on + timedelta(days=5)
        )

    def agree_plan(self) -> None:
        """Discipline and organization agree."""
        self.at(0.24)
        self.take("jijian", "agree_plan")
        self.take("zuzhibu", "agree_plan", reason="措施与问题对应，同意。")

    def plan(self) -> None:
        """Submitted and approved by all."""
        self.submit()
        self.agree_plan()
        self.take("zhuren", "approve_plan")

    def evidence(self) -> tuple[EvidenceInput, ...]:
        """A Word file for each measure."""
        actor = self.district.actor(self.head)
        with acting(actor):
            page = finding_page(self.finding, actor=actor, on=self.district.now.date())
        rows = page.measures if page else ()
        return tuple(
            EvidenceInput(row.id, f"{row.product}.docx", _paper(row.product, row.text, self.district.now.date()),
                          row.product, self.district.now.date())
            for row in rows
        )  # fmt: skip

    def basically(self) -> None:
        """Something remains."""
        self.at(0.6)
        self.take(
            self.clerk, "report_basically_done", remains=self.pick("remains"),
            remains_by=self.district.on + timedelta(days=14),
        )  # fmt: skip

    def ask(self) -> None:
        """Closing is asked for."""
        self.at(0.7)
        self.take(self.head, "request_closing", claim="done", evidence=self.evidence())

    def ask_long(self) -> None:
        """Keeping it up is asked for."""
        self.at(0.7)
        self.take(self.head, "request_closing", claim="long_term", evidence=self.evidence())

    def return_closing(self) -> None:
        """Sent back."""
        self.at(0.8)
        self.take("zuzhibu", "return_closing", reason=self.pick("return_closing"))

    def agree(self) -> None:
        """Discipline and organization agree."""
        self.at(0.8)
        self.take("jijian", "agree_closing", reason="现场核对与佐证一致。")
        self.take("zuzhibu", "agree_closing")

    def close(self) -> None:
        """Closed by the office."""
        self.take("zhuren", "close", reason="三方意见一致，同意销号。")

    def long(self) -> None:
        """Kept up for long."""
        self.take(
            "zhuren", "accept_long_term", stage_goals="每季度末复查一次并报数，连续四个季度无反弹再议。",
            next_review_on=self.district.on + timedelta(days=40),
        )  # fmt: skip

    def reopen(self) -> None:
        """Found again by the office, reopened by its director."""
        self.at(0.92)
        paper = EvidenceInput(
            self.evidence()[0].measure,
            "回访记录.docx",
            _paper("回访记录", "回访时发现同样情形", self.district.now.date()),
        )
        self.take(
            "xunchaban",
            "request_reopening",
            ground="still_there",
            reason="回访时群众反映问题仍然存在。",
            evidence=(paper,),
        )
        self.take("zhuren", "approve_reopening", reason="情况属实，同意重启。")


def _paper(title: str, text: str, day: date) -> bytes:
    document = docx.Document()
    document.add_heading(title, level=1)
    document.add_paragraph(f"事项：{text}。")
    document.add_paragraph(
        f"完成日期：{day.year}年{day.month}月{day.day}日。经办人、复核人已签字，原件存本单位档案室。"
    )
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _accounts(district: District) -> list[dict[str, Any]]:
    people_of = [*[entry[:2] for entry in _cast.OFFICERS], *[entry[:2] for entry in _cast.PEOPLE]]
    rows = []
    for account, person in people_of:
        token = district.do(account, people.issue_token, account=district.accounts[account])
        posts = posts_of(district.accounts[account], on=district.on)
        rows.append(
            {
                "name": person,
                "account": account,
                "password": district.passwords[account],
                "token": token.secret,
                "posts": [{"id": str(post.id), "role": post.role, "organization": post.organization} for post in posts],
            }
        )
    return rows
