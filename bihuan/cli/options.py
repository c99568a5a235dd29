"""Options that many commands share."""

from datetime import datetime
from typing import Annotated, Any

import typer

from bihuan.cli.usage import Group
from bihuan.cli.words import _

LOOK: dict[str, Any] = {"cls": Group, "no_args_is_help": True, "rich_markup_mode": None, "add_completion": False}
AsJson = Annotated[bool, typer.Option("--json", help=_("只输出 JSON。"))]
As = Annotated[str, typer.Option("--as", help=_("以哪个职务办理；演示环境中可写 账号[:职务]。"), metavar="POST")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
Seen = Annotated[int | None, typer.Option(help=_("所看到的版次；此后有人办过就不办。"), metavar="REVISION")]
Key = Annotated[str, typer.Argument(metavar="ID")]
Decision = Annotated[str, typer.Argument(metavar="grant|refuse")]
Opinion = Annotated[str, typer.Option(help=_("理由或意见。"))]
Files = Annotated[list[str] | None, typer.Option(help=_("佐证：措施序号=文件[|证明什么[|日期]]，可多次。"))]
Confirm = Annotated[
    list[str] | None, typer.Option(help=_("核对过的审核要点，可多次；all 表示全部核对过。"), metavar="POINT")
]
Causes = Annotated[str, typer.Option(help=_("原因分析。"))]
Goal = Annotated[str, typer.Option(help=_("整改目标。"))]
Leader = Annotated[str, typer.Option(help=_("牵头领导的姓名或职务。"))]
HeadLeads = Annotated[bool, typer.Option("--head-leads", help=_("由单位主要负责人领办。"))]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        help=_("措施：内容|单位|责任人|日期|成果[|kinds=…|helping=…|supervisor=…|starts_on=…|long_term]，可多次。")
    ),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        help=_("退回的原因：direction_unclear、tasks_missing、measures_vague 或 other，可多次。"), metavar="FAULT"
    ),
]
GroupBy = Annotated[str, typer.Option(help=_("按什么分组：unit、round、kind、class、category。"))]
SortGroups = Annotated[str, typer.Option(help=_("各组的顺序：usual 或 findings（问题多的在前）。"))]
AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("截至哪一天；不写是今天。"))
]
OfRound = Annotated[str, typer.Option("--round", help=_("只要这一轮的，写法如：云溪〔2026〕3。"))]
OfKind = Annotated[str, typer.Option(help=_("只要这种巡察的代码，例如 regular、village。"))]
OfClass = Annotated[str, typer.Option("--class", help=_("只要这类单位的代码，例如 department、village。"))]
