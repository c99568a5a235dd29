"""The commands and their options; what each does lies in the module it loads when it is called."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bihuan import __version__
from bihuan.cli._ledger_options import list_findings
from bihuan.cli.bench import feedback
from bihuan.cli.closing import closing
from bihuan.cli.criteria import answers_of
from bihuan.cli.drafts import describe_finding
from bihuan.cli.evidence import evidence as evidence_group
from bihuan.cli.extensions import extension
from bihuan.cli.imports import imports
from bihuan.cli.options import (
    LOOK,
    As,
    AsJson,
    AsOf,
    Causes,
    Confirm,
    Day,
    Faults,
    Files,
    Goal,
    GroupBy,
    HeadLeads,
    Leader,
    Measures,
    OfClass,
    OfKind,
    OfRound,
    SortGroups,
)
from bihuan.cli.plans import plan
from bihuan.cli.progress import mark_finding, note_finding, progress
from bihuan.cli.reopening import reopening
from bihuan.cli.usage import Command
from bihuan.cli.words import DONE, LANGUAGES, _, show

_LOOK = LOOK
app = typer.Typer(help=_("巡视巡察与巡察整改：从发现问题到销号，一条记录。"), **_LOOK)
db = typer.Typer(help=_("数据库：升级，查看。"), **_LOOK)
finding = typer.Typer(help=_("问题：列表，一条，办理一步。"), **_LOOK)
organization = typer.Typer(help=_("组织机构。"), **_LOOK)
people = typer.Typer(help=_("人员和职务。"), **_LOOK)
for name, group in (("db", db), ("finding", finding), ("organization", organization), ("people", people)):
    app.add_typer(group, name=name)
app.add_typer(closing, name="closing")
app.add_typer(feedback, name="feedback")
app.add_typer(reopening, name="reopening")
app.add_typer(extension, name="extension")
app.add_typer(evidence_group, name="evidence")
app.add_typer(progress, name="progress")
app.add_typer(plan, name="plan")
app.add_typer(imports, name="import")
finding.command("note", cls=Command, help=_("写一条备注，只有本方人员看得到。"))(note_finding)
finding.command("describe", cls=Command, help=_("反馈审批以前补充要素：分类、轻重、标记、金额、单位；没写的不变。"))(
    describe_finding
)
finding.command("mark", cls=Command, help=_("调整标记：写出要有的全部标记，没写的去掉。"))(mark_finding)


def _language(value: str) -> str:
    if value and value not in LANGUAGES:
        raise typer.BadParameter(_("请写 zh 或 en"))
    return value


@app.callback(invoke_without_command=True)
def root(
    _lang: Annotated[
        str, typer.Option("--lang", help=_("说哪种语言：zh 或 en。"), metavar="zh|en", callback=_language)
    ] = "zh",
    version: Annotated[bool, typer.Option("--version", help=_("显示版本。"))] = False,
) -> None:
    """Say the version; the language was chosen before this module was loaded."""
    if version:
        show(f"bihuan {__version__}")
        raise typer.Exit(DONE)


@app.command(cls=Command, help=_("读文件：反馈意见、方案、通报等，列出其中的问题。不需要数据库。"))
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    as_json: AsJson = False,
    to: Annotated[Path | None, typer.Option(help=_("写成一个 .xlsx 文件。"), metavar="OUT.xlsx")] = None,
) -> int:
    """Read documents."""
    from bihuan.cli.read import read_command

    return read_command(files, as_json=as_json, to=to)


@app.command(cls=Command, help=_("修复文本：注音、繁体、错位的字节、网页残留。原文件不动，不需要数据库。"))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    as_json: AsJson = False,
    to: Annotated[Path | None, typer.Option(help=_("写成一个 .txt 文件。"), metavar="OUT.txt")] = None,
) -> int:
    """Restore damaged text."""
    from bihuan.cli.restore import restore_command

    return restore_command(file, as_json=as_json, to=to)


@db.command(cls=Command, help=_("把数据库升级到本版本。"))
def migrate() -> int:
    """Bring the schema up to this version."""
    from bihuan.cli import database

    return database.migrate_command()


@db.command(cls=Command, help=_("查看数据库：版本、升级、使用人数、大小、时钟。"))
def status(as_json: AsJson = False) -> int:
    """Say how the database is."""
    from bihuan.cli import database

    return database.status_command(as_json=as_json)


@app.command(cls=Command, help=_("启动服务：数据库、网页和定时任务。用 Ctrl-C 停止。"))
def serve(
    port: Annotated[int, typer.Option(help=_("端口。"), min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help=_("监听的地址。"))] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help=_("网页进程数。"), min=1, max=64)] = 2,
) -> int:
    """Serve until told to stop."""
    from bihuan.cli.serve import serve_command

    return serve_command(host=host, port=port, workers=workers)


@app.command(cls=Command, hidden=True)
def demo() -> int:
    """A county to look at; `make demo` calls it."""
    from bihuan.cli.demo import demo_command

    return demo_command()


@app.command(cls=Command, help=_("在空的数据库里生成一个虚构的县，供试用和测量；种子和日期相同，结果就相同。"))
def generate(
    seed: Annotated[int, typer.Option(help=_("种子。"), min=0, max=2**31 - 1)],
    findings: Annotated[int, typer.Option(help=_("多少条问题。"), min=1, max=1_500_000)],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("把哪一天当作今天。"))],
    as_json: AsJson = False,
) -> int:
    """A made-up county."""
    from bihuan.cli.generate import Wanted, generate_command

    return generate_command(Wanted(seed, findings, on.date()), as_json=as_json)


@app.command(cls=Command, help=_("统计：截至某一天的十个指标，合计和分组。"))
def statistics(
    as_json: AsJson = False,
    as_post: As = "",
    by: GroupBy = "unit",
    on: AsOf = None,
    of_round: OfRound = "",
    kind: OfKind = "",
    unit_class: OfClass = "",
    category: Annotated[str, typer.Option(help=_("只要这个一级类别的代码。"))] = "",
    unit: Annotated[str, typer.Option(help=_("只要这个单位的，写全称。"))] = "",
    sort: SortGroups = "usual",
    page: Annotated[int | None, typer.Option(help=_("第几页，每页一百组；不写是全部。"), min=1)] = None,
) -> int:
    """Count."""
    from bihuan.cli.statistics import Narrowed, statistics_command

    asked = Narrowed(by, on.date() if on else None, of_round, kind, unit_class, category, unit, sort, page)
    return statistics_command(asked, as_post=as_post, as_json=as_json)


finding.command("list", cls=Command, help=_("列出看得到的问题。"))(list_findings)
app.command("ledger", cls=Command, help=_("台账：列出看得到的问题，同 finding list。"))(list_findings)


@finding.command("show", cls=Command, help=_("看一条问题：措施、佐证、可以办理的步骤。"))
def show_finding(key: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False, as_post: As = "") -> int:
    """Show one finding."""
    from bihuan.cli import findings

    return findings.show_command(key, as_post=as_post, as_json=as_json)


@finding.command("step", cls=Command, help=_("办理一步。ID 是编号或内部标识，STEP 是步骤代码，见 finding show。"))
def step_finding(
    key: Annotated[str, typer.Argument(metavar="ID")],
    step: Annotated[str, typer.Argument(metavar="STEP")],
    reason: Annotated[str, typer.Option(help=_("理由或意见。"))] = "",
    seen: Annotated[int | None, typer.Option(help=_("所看到的版次；此后有人办过就不办。"), metavar="REVISION")] = None,
    redo_by: Day = None,
    measure: Measures = None,
    causes: Causes = "",
    goal: Goal = "",
    leader: Leader = "",
    head_leads: HeadLeads = False,
    fault: Faults = None,
    evidence: Files = None,
    claim: Annotated[str, typer.Option(help=_("申请事由：done 或 long_term。"))] = "",
    remains: Annotated[str, typer.Option(help=_("还剩什么没有完成。"))] = "",
    remains_by: Day = None,
    stage_goals: Annotated[str, typer.Option(help=_("长期坚持的阶段目标。"))] = "",
    next_review_on: Day = None,
    ground: Annotated[str, typer.Option(help=_("重启的依据。"))] = "",
    merged_into: Annotated[str, typer.Option(help=_("并入哪一条问题。"), metavar="ID")] = "",
    criteria: Annotated[str, typer.Option(help=_("各条标准写在一个 JSON 文件里。"), metavar="FILE.json")] = "",
    confirm: Confirm = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Take one step of a finding's lifecycle."""
    from bihuan.cli import findings

    dates = {"redo_by": redo_by, "remains_by": remains_by, "next_review_on": next_review_on}
    texts = {
        "reason": reason, "claim": claim, "remains": remains, "stage_goals": stage_goals, "ground": ground,
        "causes": causes, "goal": goal, "leader": leader,
    }  # fmt: skip
    lists = {"measures": measure, "evidence": evidence, "points": confirm, "faults": fault}
    answers = (lambda: answers_of(file=criteria)) if criteria else None
    typed = findings.typed_as(texts, dates=dates, lists=lists, criteria=answers, merged_into=merged_into)
    typed = replace(typed, marks=("head_leads",) if head_leads else ())
    return findings.step_command(key, step, typed=typed, seen=seen, as_post=as_post, as_json=as_json)


@organization.command("tree", cls=Command, help=_("列出组织机构树。"))
def organization_tree(as_json: AsJson = False, as_post: As = "") -> int:
    """List the tree."""
    from bihuan.cli import organizations

    return organizations.tree_command(as_post=as_post, as_json=as_json)


@people.command("list", cls=Command, help=_("列出人员和职务。"))
def list_people(
    as_json: AsJson = False,
    as_post: As = "",
    page: Annotated[int, typer.Option(help=_("第几页。"), min=1)] = 1,
) -> int:
    """List people."""
    from bihuan.cli.people import list_command

    return list_command(as_post=as_post, as_json=as_json, page=page)


Reason = Annotated[str, typer.Option("--reason", help=_("理由。"))]
On = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("自哪一天起。"))]


@organization.command("add", cls=Command, help=_("新设单位。"))
def add_organization(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    organization_class: Annotated[str, typer.Option("--class", help=_("单位类别的代码，例如 department、village。"))],
    under: Annotated[str, typer.Option(help=_("上级单位的全称或编号；不写是设立根单位。"))] = "",
    reason: Reason = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Add an organization."""
    from bihuan.cli.changes import organization_command

    which = {"parent": under} if under else {}
    root_of = {} if under else {"parent": None}
    return organization_command(
        "create_organization", which=which, as_post=as_post, as_json=as_json, name=name,
        organization_class=organization_class, reason=reason, **root_of,
    )  # fmt: skip


@organization.command("rename", cls=Command, help=_("单位改名。"))
def rename_organization(
    which: Annotated[str, typer.Argument(metavar="ORGANIZATION")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    reason: Reason = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Rename an organization."""
    from bihuan.cli.changes import organization_command

    named = {"organization": which}
    return organization_command(
        "rename_organization", which=named, as_post=as_post, as_json=as_json, name=name, reason=reason
    )


@organization.command("move", cls=Command, help=_("把单位改隶到另一单位之下。"))
def move_organization(
    which: Annotated[str, typer.Argument(metavar="ORGANIZATION")],
    under: Annotated[str, typer.Option(help=_("新的上级单位。"))],
    reason: Reason = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Move an organization."""
    from bihuan.cli.changes import organization_command

    named = {"organization": which, "parent": under}
    return organization_command("move_organization", which=named, as_post=as_post, as_json=as_json, reason=reason)


@organization.command("merge", cls=Command, help=_("把单位并入另一单位。"))
def merge_organizations(
    which: Annotated[str, typer.Argument(metavar="ORGANIZATION")],
    into: Annotated[str, typer.Option(help=_("并入哪个单位。"))],
    on: On,
    reason: Reason = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Merge an organization into another."""
    from bihuan.cli.changes import organization_command

    named = {"organization": which, "into": into}
    return organization_command(
        "merge_organizations", which=named, as_post=as_post, as_json=as_json, on=on.date(), reason=reason
    )


@organization.command("end", cls=Command, help=_("撤销单位。"))
def end_organization(
    which: Annotated[str, typer.Argument(metavar="ORGANIZATION")],
    on: On,
    reason: Reason = "",
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """End an organization."""
    from bihuan.cli.changes import organization_command

    named = {"organization": which}
    return organization_command(
        "end_organization", which=named, as_post=as_post, as_json=as_json, on=on.date(), reason=reason
    )


@people.command("add", cls=Command, help=_("新建账号；一次性密码只显示一次。"))
def add_account(
    person: Annotated[str, typer.Argument(metavar="PERSON")],
    account: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Open an account."""
    from bihuan.cli.changes import add_account_command

    return add_account_command(person, account, as_post=as_post, as_json=as_json)


@people.command("give-post", cls=Command, help=_("授予职务。"))
def give_post(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    starts_on: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")],
    where: Annotated[str, typer.Option("--in", help=_("在哪个单位；三员不写。"))] = "",
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")] = None,
    as_json: AsJson = False,
    as_post: As = "",
) -> int:
    """Give a post."""
    from bihuan.cli.changes import give_post_command

    ends_on = until.date() if until else None
    return give_post_command(
        account, role, organization=where, starts_on=starts_on.date(), ends_on=ends_on, as_post=as_post, as_json=as_json
    )


@people.command("end-post", cls=Command, help=_("终止职务。"))
def end_post(
    post: Annotated[UUID, typer.Argument(metavar="POST")], on: On, as_json: AsJson = False, as_post: As = ""
) -> int:
    """End a post."""
    from bihuan.cli.changes import end_post_command

    return end_post_command(post, ends_on=on.date(), as_post=as_post, as_json=as_json)
