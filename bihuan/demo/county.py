"""The demo district: feedback documents go in, and the people of _cast.py take their findings along.

The sample happens through actions, as the post that may, on believable days before `on`; the mass of other units in
earlier rounds is loaded by actions/bulk.py.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import docx

from bihuan.actions import bulk, drafts, feedback, findings, organizations, people, rounds, terms
from bihuan.demo import _cast
from bihuan.demo._categories import CATEGORIES
from bihuan.demo._district import Case, District
from bihuan.demo._mass_county import MassBuilder
from bihuan.demo._papers import saved
from bihuan.demo._planning import BEFORE_WORK, plan_all
from bihuan.demo._walks import help_out, walk
from bihuan.queries.acting import acting
from bihuan.queries.feedback import feedback_page
from bihuan.queries.people import posts_of
from bihuan.rules.identifiers import drawn_from
from bihuan.rules.typed import Description, StepInput

MONEY = re.compile(r"(\d+(?:\.\d+)?)(万|亿)元")
YUAN = {"万": 10_000, "亿": 100_000_000}
# In the order of a document: which finding a helping unit takes part in, which is led from below, which are marked.
HELPED_AT, MARKED_EVERY = 3, 7
# Days before today on which the county begins: its present round alone, or with the earlier ones of the mass.
BEFORE, BEFORE_THE_MASS = 160, 640
# Findings that the sample has when nothing is left out: of its documents, of the head's part, of those on their way.
SAMPLE = sum(len(codes.split()) for codes in CATEGORIES.values()) + 5


@dataclass(frozen=True)
class Filled:
    """What was filled in: findings walked along by actions, findings loaded at once, and the rows of these."""

    by_actions: int
    in_bulk: int
    rows: Mapping[str, int]


def fill(*, seed: int, findings: int, on: date, accounts_file: Path) -> Filled:
    """The county of a demo: made, and its accounts with their tokens written to `accounts_file` as JSON."""
    district, filled = make(seed=seed, findings=findings, on=on)
    accounts_file.write_text(json.dumps(_accounts(district), ensure_ascii=False, indent=1), encoding="utf-8")
    return filled


def make(
    *, seed: int, findings: int, on: date, tell: Callable[..., None] = lambda *_said: None
) -> tuple[District, Filled]:
    """Fill an empty database, the same for the same seed and day; what the sample does not hold is loaded in bulk.

    Where the connection is not the owner's there is the sample alone. `tell` hears of each stage.
    """
    district = District(on=on, chance=random.Random(seed))  # noqa: S311 - a county, not a secret
    mass = max(0, findings - SAMPLE) if bulk.is_possible() else 0
    unhurried = bulk.without_waiting() if mass else nullcontext()
    with unhurried, drawn_from(random.Random(f"identifiers {seed}")):  # noqa: S311 - likewise
        tell("people")
        district.go_to(on - timedelta(days=BEFORE_THE_MASS if mass else BEFORE))
        _people(district)
        loaded: Mapping[str, int] = {}
        if mass:
            term, loaded = _load_mass(district, mass, random.Random(f"mass {seed}"), tell)  # noqa: S311 - likewise
        else:
            term = _term(district)
        tell("sample")
        made = _sample(district, term, min(findings, SAMPLE))
    if mass:
        tell("figures")
        bulk.settle()
    return district, Filled(made, mass, loaded)


def _load_mass(
    district: District, findings: int, chance: random.Random, tell: Callable[..., None]
) -> tuple[UUID, Mapping[str, int]]:
    builder = MassBuilder(district, findings, chance)
    builder.organizations()
    builder.people()
    term = _term(district)
    rows = builder.findings_of(builder.rounds(term), whole=findings <= bulk.WHOLE_UP_TO, tell=tell)
    district.go_to(district.on - timedelta(days=BEFORE))
    return term, rows


def _sample(district: District, term: UUID, findings: int) -> int:
    """The inspections of the present round, walked along by actions; how many findings they have."""
    round_id = _round(district, term)
    left = findings
    for story in _cast.STORIES:
        left -= _story(district, round_id, story, left) if left > 0 else 0
    return findings - left + _on_their_way(district, round_id, left)


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


def _term(district: District) -> UUID:
    year = district.on.year
    term: UUID = district.do(
        "zhuren", terms.create_term, name="第四届", starts_on=date(year - 4, 9, 1), ends_on=date(year + 1, 8, 31)
    )
    return term


def _round(district: District, term: UUID) -> UUID:
    made: UUID = district.do(
        "zhuren", rounds.create_round, term=term, office_word="云溪", year=district.on.year, number=3, kind="regular",
        starts_on=district.now.date(), ends_on=district.on,
    )  # fmt: skip
    return made


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


def _on_their_way(district: District, round_id: UUID, most: int) -> int:
    """Two inspections whose feedback has not been given: one still being read, one ready for approval; its findings."""
    confirmed = 0
    for unit, team, liaison, leader, title, texts, categories in _cast.ON_THEIR_WAY:
        inspection = _stay(district, round_id, unit, team, leader, district.on + timedelta(days=8))
        district.go_to(district.on - timedelta(days=2))
        uploaded = _upload(district, liaison, inspection, title, _document(title, texts))
        made = _confirm(district, liaison, uploaded, categories.split()) if len(texts) <= most and categories else []
        confirmed += len(made)
        if made:
            typed = StepInput(reason="与另一条说的是同一笔款项")
            district.do(
                "xunchaban", findings.take_step, finding=made[-1], step="request_withdrawal", typed=typed,
                on=district.now.date(),
            )  # fmt: skip
    return confirmed


def _document(title: str, texts: tuple[str, ...]) -> bytes:
    """A feedback document in Word with one part."""
    document = docx.Document()
    document.add_heading(title, level=0)
    document.add_paragraph("一、巡察发现的主要问题")
    for number, text in enumerate(texts, 1):
        document.add_paragraph(f"{number}．{text}")
    return saved(document)


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
