"""Forms of a plan: the row of a finding, its measures as rows that come and go, handing in, a reviewer's verdict.

What is missing is said by the rules, not by the fields; a field objects only to what cannot be read.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.queries.plans.filling import RowPage
from bihuan.queries.plans.parts import PlanRowView
from bihuan.rules.entries import LONGEST
from bihuan.rules.plan_content import RowContent
from bihuan.rules.plan_needs import MOST_MEASURES
from bihuan.rules.typed import MeasureInput, Objection, StepInput
from bihuan.rules.vocabulary import MEASURE_KINDS, PLAN_FAULTS
from bihuan.web import words
from bihuan.web._forms import DayInput, TypedForm

MEASURES = "measures"
EMPTY_ROWS = 3
# A count of rows that no browser of ours sends would not even become a number.
MOST_DIGITS = 6
TYPED_IN_MEASURE = ("text", "helping", "person", "supervisor", "starts_on", "due_on", "product")
CHOSEN_IN_MEASURE = ("unit", "is_long_term", "drop")
AGREE, RETURN = "agree", "return"


def area(label: Any, *, help_text: Any = "", rows: int = 4) -> forms.CharField:
    """Words of any length."""
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


def _line(label: Any, longest: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def _ticks(label: Any, labels: Mapping[str, str], *, required: bool) -> forms.MultipleChoiceField:
    choices = [(code, words.label(text)) for code, text in labels.items()]
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


def row_fields() -> dict[str, forms.Field]:
    """What a row says beside its measures."""
    leads = _("单位主要负责人领办")
    return {
        "causes": area(_("原因分析"), help_text=_("从主体责任找原因，写到人和事；不要只说客观条件或下级。")),
        "goal": area(_("整改目标"), help_text=_("写成可以核对的结果：数目、比例、金额、日期。"), rows=2),
        "leader": _line(_("牵头领导"), LONGEST["leader"], help_text=_("姓名或职务。")),
        "head_leads": forms.BooleanField(label=leads, required=False),
    }


def fault_fields() -> dict[str, forms.Field]:
    """Which of the three no-passes a returned plan shows."""
    return {"faults": _ticks(_("退回的原因（三不过）"), PLAN_FAULTS, required=True)}


class MeasureForm(TypedForm):
    """One measure of a plan."""

    text = area(_("措施内容"), rows=2)
    unit = forms.ChoiceField(label=_("责任单位"))
    helping = _line(_("配合部门"), LONGEST["helping"], required=False)
    person = _line(_("责任人"), LONGEST["person"])
    supervisor = _line(_("监督人"), LONGEST["supervisor"], required=False)
    starts_on = forms.DateField(label=_("开始日期"), required=False, widget=DayInput())
    due_on = forms.DateField(label=_("完成时限"), widget=DayInput())
    product = _line(_("成果形式"), LONGEST["product"])
    is_long_term = forms.BooleanField(label=_("长期坚持"), required=False)
    drop = forms.BooleanField(label=_("去掉这一条"), required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], lead: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kinds"] = _ticks(_("措施类型"), MEASURE_KINDS, required=False)
        self.fields["unit"].choices = [("", gettext("请选择")), *units]
        self.fields["unit"].initial = lead
        self.order_fields(["text", "kinds"])

    def typed(self) -> MeasureInput:
        """The measure as the rules read it."""
        found = self.cleaned_data
        unit = UUID(found["unit"]) if found["unit"] else None
        return MeasureInput(
            found["text"], unit, found["person"], found["due_on"], found["product"], tuple(found["kinds"]),
            found["helping"], found["supervisor"], found["starts_on"], found["is_long_term"],
        )  # fmt: skip


def measure_rows(
    before: Iterable[Any], *, units: Iterable[Any], lead: UUID, data: QueryDict | None, more: int = 0
) -> forms.BaseFormSet:
    """The rows of measures: what was typed, or what `before` holds, and empty ones below."""
    kept = [{name: getattr(row, name) for name in _KEPT} | {"unit": str(row.unit_id or "")} for row in before]
    kind = forms.formset_factory(
        MeasureForm, extra=max(1, EMPTY_ROWS - len(kept)), max_num=MOST_MEASURES, validate_max=True,
        absolute_max=MOST_MEASURES + 1,
    )  # fmt: skip
    choices = [(str(unit.id), unit.name) for unit in units]
    given = {"prefix": MEASURES, "form_kwargs": {"units": choices, "lead": str(lead)}}
    return kind(initial=kept or None, **given) if data is None else kind(closed_up(data, more=more), **given)


_KEPT = (*TYPED_IN_MEASURE, "kinds", "is_long_term")


def closed_up(data: QueryDict, *, more: int = 0) -> QueryDict:
    """The rows with their gaps closed, so that 第 2 条 of a refusal is the second row on the page.

    Rows that are to be taken out are left out; `more` empty ones are put below.
    """
    total = data.get(f"{MEASURES}-TOTAL_FORMS", "")
    number = int(total) if total.isdecimal() and len(total) < MOST_DIGITS else 0
    rows = [_row(data, place) for place in range(min(number, MOST_MEASURES + 1))]
    kept = [row for row in rows if not row["drop"]]
    filled = [row for row in kept if is_typed(row)]
    empty = [row for row in kept if not is_typed(row)]
    closed = data.copy()
    empties = dict.fromkeys((*TYPED_IN_MEASURE, "is_long_term", "drop"), "") | {"kinds": []}
    blank = [empties | {"unit": data.get(f"{MEASURES}-0-unit", "")}] * (more + len(rows) - len(kept))
    for place, row in enumerate([*filled, *empty, *blank]):
        for name, value in row.items():
            closed.setlist(f"{MEASURES}-{place}-{name}", value if isinstance(value, list) else [value] if value else [])
    closed[f"{MEASURES}-TOTAL_FORMS"] = str(
        min(len(rows) + more, MOST_MEASURES + 1) if number <= MOST_MEASURES else number
    )
    closed[f"{MEASURES}-INITIAL_FORMS"] = "0"
    return closed


def _row(data: QueryDict, place: int) -> dict[str, Any]:
    named = {name: data.get(f"{MEASURES}-{place}-{name}", "") for name in (*TYPED_IN_MEASURE, *CHOSEN_IN_MEASURE)}
    return named | {"kinds": data.getlist(f"{MEASURES}-{place}-kinds")}


def is_typed(row: Mapping[str, Any]) -> bool:
    """A unit alone is no measure: it is chosen beforehand."""
    return any(str(row.get(name) or "").strip() for name in TYPED_IN_MEASURE) or bool(row.get("kinds"))


def measures_of(formset: forms.BaseFormSet) -> tuple[MeasureInput, ...]:
    """The measures as the rules read them, without the rows left empty."""
    return tuple(row.typed() for row in formset if is_typed(row.cleaned_data))


def refuse_measure(formset: forms.BaseFormSet, objection: Objection, rest: str) -> None:
    """Show a refusal beside the field of the measure that it names, or above them all."""
    number, _dot, field = rest.partition(".")
    if field:
        formset.forms[int(number) - 1].add_error(field, words.say(objection))
    else:
        formset.non_form_errors().append(words.say(objection))


class RowForm(TypedForm):
    """A row of the plan, and the revision of the draft that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **given: Any) -> None:
        self.base_fields = type(self).base_fields | row_fields()
        super().__init__(*args, **given)

    def clean_seen(self) -> int:
        """Without the revision nobody could tell that the page is old."""
        if self.cleaned_data["seen"] is None:
            raise forms.ValidationError(gettext("请刷新页面后再办。"))
        return self.cleaned_data["seen"]


class RowSheet:
    """All that the page of one row asks for: the row and its measures, as written now or as `shown` says."""

    def __init__(
        self, page: RowPage, *, shown: PlanRowView | None = None, data: QueryDict | None = None, more: int = 0
    ) -> None:
        row = shown or page.now
        self.page = page
        initial = {name: getattr(row, name) for name in ("causes", "goal", "leader", "head_leads")}
        self.form = RowForm(data, initial=initial | {"seen": page.now.revision})
        self.formset = measure_rows(row.measures, units=page.units, lead=page.unit_id, data=data, more=more)

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        answers = [self.form.is_valid(), self.formset.is_valid()]
        return all(answers)

    def typed(self) -> RowContent:
        """Everything as the actions read it."""
        found = self.form.cleaned_data
        return RowContent(
            found["causes"], found["goal"], found["leader"], found["head_leads"], measures_of(self.formset)
        )

    def refuse(self, objection: Objection) -> None:
        """Show a refusal beside the field that it concerns, or above the form."""
        place, _dot, rest = objection.where.partition(".")
        if place == MEASURES:
            refuse_measure(self.formset, objection, rest)
        else:
            self.form.refuse(objection)


class ReviewForm(TypedForm):
    """One party's verdict on the ticked rows."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[PlanRowView], agree_label: str, **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [(AGREE, agree_label), (RETURN, gettext("退回重做"))]
        self.fields["verdict"] = forms.ChoiceField(label=_("审核意见"), choices=choices, widget=forms.RadioSelect)
        self.fields["verdict"].error_messages["required"] = _("请选择这一项。")
        self.fields["faults"] = fault_fields()["faults"]
        self.fields["faults"].required = False
        self.fields["faults"].help_text = _("退回时必选。")
        help_text = _("退回时不少于 10 个字，写明哪里不行、怎么补；同意时可以不写。")
        self.fields["reason"] = area(_("意见"), help_text=help_text)
        self.fields["reason"].required = False
        self.fields["redo_by"] = forms.DateField(
            label=_("重报期限"), required=False, widget=DayInput(), help_text=_("退回时必填。")
        )
        self.fields["redo_by"].error_messages["invalid"] = _("日期请写成 2026-11-22 的样子。")
        self.fields["findings"] = forms.MultipleChoiceField(
            label=_("哪些问题"), choices=[(str(row.finding), row.number) for row in rows], required=False
        )
        self.fields["findings"].error_messages["invalid_choice"] = _("选定的问题不在待审之列，请刷新页面后重选。")

    def clean_verdict(self) -> str:
        """A verdict is chosen by the reviewer, never by us."""
        if not self.cleaned_data["verdict"]:
            raise forms.ValidationError(gettext("请选择同意或退回。"))
        return self.cleaned_data["verdict"]

    def clean_findings(self) -> tuple[UUID, ...]:
        """At least one row is ticked."""
        if not self.cleaned_data["findings"]:
            raise forms.ValidationError(gettext("请至少勾选一条问题。"))
        return tuple(UUID(key) for key in self.cleaned_data["findings"])

    def typed(self) -> StepInput:
        """The verdict as the rules read it; what is said only of a return is left out when agreeing."""
        found = self.cleaned_data
        if found["verdict"] == AGREE:
            return StepInput(reason=found["reason"])
        return StepInput(reason=found["reason"], redo_by=found["redo_by"], faults=tuple(found["faults"]))


class SubmitForm(TypedForm):
    """Everything, or the ticked rows; and the revision of the version that the head saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[PlanRowView], **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [("all", gettext("整份报送")), ("chosen", gettext("只报勾选的问题，其余留在下一版"))]
        self.fields["scope"] = forms.ChoiceField(label=_("报送范围"), choices=choices, widget=forms.RadioSelect)
        self.fields["findings"] = forms.MultipleChoiceField(
            label=_("问题"), choices=[(str(row.finding), row.number) for row in rows], required=False
        )
        self.fields["findings"].error_messages["invalid_choice"] = _("选定的问题还没有填写方案，请先填写。")

    def clean_scope(self) -> str:
        """One of the two is chosen."""
        if not self.cleaned_data["scope"]:
            raise forms.ValidationError(gettext("请选择报送范围。"))
        return self.cleaned_data["scope"]

    def chosen(self) -> tuple[UUID, ...] | None:
        """The ticked rows; None: all."""
        found = self.cleaned_data
        return None if found["scope"] == "all" else tuple(UUID(key) for key in found["findings"])
