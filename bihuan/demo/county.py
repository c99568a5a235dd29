"""The demo district: feedback documents go in, and the people of _cast.py take their findings along.

Everything happens through actions, as the post that may, on believable days before `on`. Nothing is written past them.
"""

import json
import random
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import docx

from bihuan.actions import drafts, feedback, findings, organizations, people, rounds, terms
from bihuan.demo import _cast
from bihuan.demo._categories import CATEGORIES
from bihuan.demo._district import Case, District
from bihuan.demo._planning import BEFORE_WORK, plan_all
from bihuan.demo._walks import help_out, walk
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_page
from bihuan.queries.people import posts_of
from bihuan.rules.typed import Description, StepInput

MONEY = re.compile(r"(\d+(?:\.\d+)?)(万|亿)元")
YUAN = {"万": 10_000, "亿": 100_000_000}
# In the order of a document: which finding a helping unit takes part in, which is led from below, which are marked.
HELPED_AT, MARKED_EVERY = 3, 7


def fill(*, seed: int, findings: int, on: date, accounts_file: Path) -> None:
    """Fill an empty database; `findings` is the most that are confirmed; accounts go to `accounts_file` as JSON."""
    district = District(on=on, chance=random.Random(seed))  # noqa: S311 - a county, not a secret
    district.go_to(on - timedelta(days=160))
    _people(district)
    round_id = _round(district)
    left = findings
    for story in _cast.STORIES:
        left -= _story(district, round_id, story, left) if left > 0 else 0
    _on_their_way(district, round_id, left)
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
    unit, document, team, liaison, leader, head, clerk, days, helper, states = story
    received_on = district.on - timedelta(days=days)
    inspection = _stay(district, round_id, unit, team, leader, received_on)
    content = (resources.files("bihuan") / "demo" / "documents" / document).read_bytes()
    title = f"关于巡察{_name(unit)}的反馈意见"
    uploaded = _upload(district, liaison, inspection, title, content)
    made = _confirm(district, liaison, uploaded, CATEGORIES[document].split()[:most], helper=helper)
    case = Case(district, unit, leader, liaison, head, clerk, received_on, uploaded)
    _give(case, received_on)
    pattern = states.split()
    wanted = {finding: pattern[number % len(pattern)] for number, finding in enumerate(made)}
    _rectify(case, wanted)
    if helper and len(made) > HELPED_AT and wanted[made[HELPED_AT]] not in BEFORE_WORK:
        help_out(case, made[HELPED_AT], helper[1])
    if unit == _cast.HEADS_PART[0] and most > len(made):
        made += _heads_part(case, inspection, most - len(made))
    return len(made)


def _stay(district: District, round_id: UUID, unit: str, team: str, leader: str, received_on: date) -> UUID:
    """The inspection is planned; the team comes, and leaves twelve days before the feedback is received."""
    district.go_to(district.on - timedelta(days=158))
    inspection: UUID = district.do(
        "zhuren", rounds.add_inspection, round_id=round_id, unit=district.organizations[unit],
        team=district.organizations[team],
    )  # fmt: skip
    for step, before in (("enter", 55), ("leave", 12)):
        day = received_on - timedelta(days=before)
        district.go_to(day)
        district.do(leader, rounds.take_step, inspection, step=step, on=day)
    district.go_to(received_on - timedelta(days=6))
    return inspection


def _upload(
    district: District, liaison: str, inspection: UUID, title: str, content: bytes, *, audience: str = "leadership"
) -> UUID:
    uploaded = district.do(
        liaison, feedback.upload_feedback, inspection=inspection, audience=audience, title=title,
        name=f"{title}.docx", content=content,
    )  # fmt: skip
    made: UUID = uploaded.feedback
    return made


def _confirm(
    district: District, liaison: str, uploaded: UUID, categories: list[str], *, helper: tuple[str, str] | None = None
) -> list[UUID]:
    actor = district.actor(liaison)
    with acting(actor):
        page = feedback_page(uploaded, actor=actor)
    read = page.drafts if page else ()
    for draft in read[len(categories) :]:
        district.do(liaison, drafts.drop_draft, draft=draft.id, reason="演示数量所限")
    made = []
    for number, (draft, category) in enumerate(zip(read, categories, strict=False)):
        described = _described(number, draft.text, category)
        if helper and number == HELPED_AT:
            described = replace(described, helping_units=(district.organizations[helper[0]],))
        made.append(district.do(liaison, drafts.confirm_draft, draft=draft.id, description=described))
    return made


def _described(number: int, text: str, category: str) -> Description:
    """The money that the text names, and marks now and then."""
    money = MONEY.search(text)
    amount = Decimal(money[1]) * YUAN[money[2]] if money else None
    return Description(
        category=category, amount=amount, severity="prominent" if number % MARKED_EVERY == 0 else "ordinary",
        commonality="common" if number % MARKED_EVERY == 1 else "individual", fix_now=number % MARKED_EVERY == 2,
        listed=number % (2 * MARKED_EVERY) == 0, key=number % MARKED_EVERY == 0,
    )  # fmt: skip


def _give(case: Case, received_on: date) -> None:
    """Approved by the secretary, handed over by the office, signed for by the three."""
    case.district.do("shuji", feedback.approve, feedback=case.feedback)
    case.district.go_to(received_on)
    case.district.do("xunchaban", feedback.give, feedback=case.feedback)
    for who in (case.head, case.leader, "zhuren"):
        case.district.do(who, feedback.sign, feedback=case.feedback, signed_on=received_on, on=received_on)


def _rectify(case: Case, wanted: dict[UUID, str]) -> None:
    plan_all(case, wanted)
    for finding, state in wanted.items():
        if state not in BEFORE_WORK:
            walk(case, finding, state)


def _heads_part(case: Case, inspection: UUID, most: int) -> list[UUID]:
    """The feedback to the head alone: given like the other, planned and worked on by the head."""
    _unit, title, texts, categories, states = _cast.HEADS_PART
    district = case.district
    district.go_to(case.received_on - timedelta(days=6))
    content = _document(title, texts)
    uploaded = _upload(district, case.liaison, inspection, title, content, audience="head")
    made = _confirm(district, case.liaison, uploaded, categories.split()[:most])
    own = replace(case, feedback=uploaded, clerk=case.head)
    _give(own, case.received_on)
    _rectify(own, dict(zip(made, states.split(), strict=False)))
    return made


def _on_their_way(district: District, round_id: UUID, most: int) -> None:
    """Two inspections whose feedback has not been given: one still being read, one ready for approval."""
    for unit, team, liaison, leader, title, texts, categories in _cast.ON_THEIR_WAY:
        inspection = _stay(district, round_id, unit, team, leader, district.on + timedelta(days=8))
        district.go_to(district.on - timedelta(days=2))
        uploaded = _upload(district, liaison, inspection, title, _document(title, texts))
        made = _confirm(district, liaison, uploaded, categories.split()) if len(texts) <= most and categories else []
        if made:
            typed = StepInput(reason="与另一条说的是同一笔款项")
            district.do(
                "xunchaban", findings.take_step, finding=made[-1], step="request_withdrawal", typed=typed,
                on=district.now.date(),
            )  # fmt: skip


def _document(title: str, texts: tuple[str, ...]) -> bytes:
    """A feedback document in Word with one part."""
    document = docx.Document()
    document.add_heading(title, level=0)
    document.add_paragraph("一、巡察发现的主要问题")
    for number, text in enumerate(texts, 1):
        document.add_paragraph(f"{number}．{text}")
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _name(unit: str) -> str:
    return next(entry[1] for entry in _cast.ORGANIZATIONS if entry[0] == unit)


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
