"""The options of `finding list` and `ledger`; what they mean is understood in ledger.py, once Django is loaded."""

from typing import Annotated

import typer

from bihuan.cli.options import As, AsJson, Day
from bihuan.cli.words import _


def list_findings(
    as_json: AsJson = False,
    as_post: As = "",
    state: Annotated[str, typer.Option(help=_("只要这个状态。"))] = "",
    query: Annotated[str, typer.Option(help=_("只要含有这些字的。"))] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help=_("只要逾期的。"))] = False,
    light: Annotated[str, typer.Option(help=_("只要这个时限灯：overdue、soon、near。"))] = "",
    waits: Annotated[str, typer.Option(help=_("只要等我办的：any、plan、closing，或一种待办。"))] = "",
    mark: Annotated[str, typer.Option(help=_("只要有这个标记的：fix_now、listed、key。"))] = "",
    category: Annotated[str, typer.Option(help=_("只要这一类的，任何一级的代码。"))] = "",
    unit: Annotated[str, typer.Option(help=_("只要这个单位的，写全称。"))] = "",
    under: Annotated[str, typer.Option(help=_("只要这个单位和下级单位的，写全称。"))] = "",
    lead: Annotated[str, typer.Option(help=_("只要这个单位牵头的，写全称。"))] = "",
    helping: Annotated[str, typer.Option(help=_("只要这个单位配合的，写全称。"))] = "",
    of_round: Annotated[str, typer.Option("--round", help=_("只要这一轮的，例如 云溪〔2026〕3。"))] = "",
    due: Annotated[str, typer.Option(help=_("只要几天内到期的：7、15、30。"))] = "",
    due_from: Day = None,
    due_to: Day = None,
    sort: Annotated[str, typer.Option(help=_("按 number、unit、category、state、due、opened 排，加 - 倒排。"))] = "",
    columns: Annotated[str, typer.Option(help=_("要哪些列，用逗号分开，例如 number,title,due。"))] = "",
    page: Annotated[int, typer.Option(help=_("第几页。"), min=1)] = 1,
    after: Annotated[str, typer.Option(help=_("接着上一页的 next 往后。"))] = "",
    before: Annotated[str, typer.Option(help=_("接着这一页的 previous 往前。"))] = "",
    last: Annotated[bool, typer.Option("--last", help=_("最后一页。"))] = False,
    xlsx: Annotated[str, typer.Option(help=_("全部写成一张 Excel 表。"), metavar="FILE")] = "",
    form: Annotated[str, typer.Option(help=_("和 --xlsx 一起用：填进这张存好的表样，写它的名称。"))] = "",
) -> int:
    """List findings."""
    from bihuan.cli import ledger

    asked = ledger.Narrowed(
        state=state, query=query, overdue=overdue, light=light, waits=waits, mark=mark, category=category, unit=unit,
        helping=helping, under=under, lead=lead, round=of_round, due=due, due_from=due_from, due_to=due_to, sort=sort,
        columns=columns, page=page, after=after, before=before, last=last,
    )  # fmt: skip
    if xlsx or form:
        return ledger.sheet_command(asked, as_post=as_post, as_json=as_json, file=xlsx, form=form)
    return ledger.list_command(asked, as_post=as_post, as_json=as_json)
