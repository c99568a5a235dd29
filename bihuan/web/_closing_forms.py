"""Forms of closing: the answer to each criterion, the points of review, the verdict of a signer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.queries.closing.page import ClosingPage
from bihuan.queries.findings.parts import MeasureRow
from bihuan.queries.findings.steps import Named
from bihuan.rules.typed import CriterionAnswer, StepInput
from bihuan.web import words
from bihuan.web._forms import DayInput, TypedForm

MET, NOT_APPLICABLE = "met", "not"
CRITERIA, POINTS = "criteria", "points"
AGREE, RETURN = "agree", "return"


def points_field(points: Iterable[Named], *, required: bool = True) -> forms.MultipleChoiceField:
    """A tick for each point of review."""
    return forms.MultipleChoiceField(
        label=_("审核要点"), choices=[(one.code, words.either(one.label)) for one in points], required=required,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class CriterionForm(TypedForm):
    """The unit's answer to one criterion: met, with words and files; or why it does not apply."""

    applies = forms.ChoiceField(
        label=_("是否达到"), widget=forms.RadioSelect, initial=MET,
        choices=[(MET, _("已达到")), (NOT_APPLICABLE, _("不涉及"))],
    )  # fmt: skip
    text = forms.CharField(label=_("怎样达到，或为什么不涉及"), widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.MultipleChoiceField(label=_("引用佐证"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, criterion: Named, files: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.criterion = criterion
        self.title = words.either(criterion.label)
        self.fields["evidence"].choices = list(files)
        if not files:
            del self.fields["evidence"]

    def typed(self) -> CriterionAnswer | None:
        """The answer as the rules read it; None when nothing was said."""
        found = self.cleaned_data
        text, files = found.get("text", ""), found.get("evidence", [])
        if not text.strip() and not files:
            return None
        applies = found.get("applies") != NOT_APPLICABLE
        return CriterionAnswer(self.criterion.code, applies, text, tuple(UUID(key) for key in files))


def criterion_forms(
    criteria: Iterable[Named], *, measures: Sequence[MeasureRow], data: Any = None, before: Iterable[Any] = ()
) -> tuple[CriterionForm, ...]:
    """One form for each criterion; `before`: the answers of the last request, which came back."""
    files = [(str(item.id), item.name) for measure in measures for item in measure.evidence]
    earlier = {answer.code: answer for answer in before}
    return tuple(
        CriterionForm(
            data, prefix=f"{CRITERIA}-{one.code}", criterion=one, files=files, initial=_said(earlier.get(one.code))
        )
        for one in criteria
    )


def _said(answer: Any) -> dict[str, Any]:
    if answer is None:
        return {}
    applies = MET if answer.applies else NOT_APPLICABLE
    return {"applies": applies, "text": answer.text, "evidence": [str(item.id) for item in answer.evidence]}


@dataclass(frozen=True)
class Verdict:
    """What a signer decides on the page: the step it comes to, what was typed, the revision seen."""

    step: str
    typed: StepInput
    seen: int


class DecideForm(TypedForm):
    """Weighing one request: points to tick, an opinion, and for what is kept up its goals and the day of review."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("意见"), required=False, help_text=_("退回须写明哪里不行、怎么补，不少于 10 个字；同意可以不写。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, page: ClosingPage, data: Any = None) -> None:
        self.page = page
        fields: dict[str, forms.Field] = {"seen": type(self).base_fields["seen"]}
        if page.agree_step and page.asks_points:
            fields[POINTS] = points_field([Named(one.code, one.label) for one in page.points])
        if page.agree_step == "accept_long_term":
            fields["stage_goals"] = forms.CharField(
                label=_("长期坚持的阶段目标"), widget=forms.Textarea(attrs={"rows": 2})
            )
            fields["next_review_on"] = forms.DateField(label=_("下次复核日期"), widget=DayInput())
        self.base_fields = fields | {"reason": type(self).base_fields["reason"]}
        super().__init__(data, initial={"seen": page.finding.revision})

    def clean_seen(self) -> int:
        """Without the revision nobody could tell that the page is old."""
        if self.cleaned_data["seen"] is None:
            raise forms.ValidationError(gettext("请刷新页面后再办。"))
        return self.cleaned_data["seen"]

    def verdict(self, pressed: str) -> Verdict:
        """The step that the pressed button stands for; a step that is not there is refused by the action."""
        found = self.cleaned_data
        typed = StepInput(
            reason=found["reason"], points=tuple(found.get(POINTS, ())), stage_goals=found.get("stage_goals", ""),
            next_review_on=found.get("next_review_on"),
        )  # fmt: skip
        step = "return_closing" if pressed == RETURN else self.page.agree_step or "agree_closing"
        return Verdict(step, typed, found["seen"])
