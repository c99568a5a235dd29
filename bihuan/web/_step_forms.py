"""The form of a finding's step, built from what the step needs: fields, and one file for each measure.

What is missing is said by the rules, not by the fields; a field objects only to what cannot be read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.actions.refusals import Unreadable
from bihuan.queries.findings.parts import EvidenceRow, MeasureRow
from bihuan.queries.findings.steps import StepPage
from bihuan.rules.typed import EvidenceInput, Objection, StepInput
from bihuan.rules.vocabulary import CLAIMS, REOPENING_GROUNDS
from bihuan.web import _closing_forms, _plan_forms, _progress_forms, words
from bihuan.web._forms import TOO_LARGE, DayInput, TypedForm, within_limit

PROVES_LENGTH = 200
FREE_FILES = 3
EVIDENCE_NEEDS = ("evidence_given", "evidence_for_each_measure")
EVIDENCE = "evidence"


def _words(label: Any, *, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


def _day(label: Any, *, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=DayInput())


def _choices(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, words.label(text)) for code, text in labels.items()]


def _one_of(label: Any, choices: Iterable[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", gettext("请选择")), *choices], required=required, widget=forms.Select
    )


def _reason_or_merged_into(page: StepPage) -> dict[str, forms.Field]:
    others = [(str(other.id), f"{other.number} {other.title}") for other in page.others]
    help_text = _("并入另一条问题的，可以不写理由。")
    merged_into = _one_of(_("并入问题"), others, required=False)
    return {"reason": _words(_("撤回理由"), help_text=help_text), "merged_into": merged_into}


# What each need asks a person to type; a need that is not here is a fact, and asks for nothing.
FIELDS: Mapping[str, Callable[[], dict[str, forms.Field]]] = {
    "reason": lambda: {"reason": _words(_("理由"))},
    "opinion": lambda: {"reason": _words(_("意见"), help_text=_("不少于 10 个字，请写明哪里不行、怎么补。"))},
    "plan_faults": _plan_forms.fault_fields,
    "redo_by": lambda: {"redo_by": _day(_("重报期限"))},
    "remains": lambda: {"remains": _words(_("还剩什么没有完成"))},
    "remains_by": lambda: {"remains_by": _day(_("剩余事项完成期限"))},
    "stage_goals": lambda: {"stage_goals": _words(_("长期坚持的阶段目标"))},
    "next_review_on": lambda: {"next_review_on": _day(_("下次复核日期"))},
    "claim": lambda: {
        "claim": forms.ChoiceField(label=_("申请事由"), choices=_choices(CLAIMS), widget=forms.RadioSelect)
    },
    "ground": lambda: {"ground": _one_of(_("重启依据"), _choices(REOPENING_GROUNDS))},
}


class StepForm(TypedForm):
    """The fields that a step needs, and the revision that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, page: StepPage, data: Any = None, *, claim: str = "") -> None:
        fields = dict(type(self).base_fields)
        for need in page.needs:
            if need in FIELDS:
                fields.update(FIELDS[need]())
        if "reason_or_merged_into" in page.needs:
            fields.update(_reason_or_merged_into(page))
        if page.points:
            agreeing = "review_points" in page.needs
            fields["points"] = _closing_forms.points_field(page.points, required=agreeing)
        self.base_fields = _progress_forms.fields_of(page) | fields
        super().__init__(data, initial={"seen": page.finding.revision, "claim": claim if claim in CLAIMS else None})

    def clean_seen(self) -> int:
        """Without the revision nobody could tell that the page is old."""
        if self.cleaned_data["seen"] is None:
            raise forms.ValidationError(gettext("请刷新页面后再办。"))
        return self.cleaned_data["seen"]


class EvidenceForm(TypedForm):
    """One file for one measure."""

    file = forms.FileField(label=_("文件"), required=False, allow_empty_file=True)
    proves = forms.CharField(label=_("证明什么"), required=False, max_length=PROVES_LENGTH)
    dated = forms.DateField(label=_("材料日期"), required=False, widget=DayInput())

    def __init__(self, *args: Any, is_needed: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["file"].required = is_needed

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is over the limit before its content is read."""
        return within_limit(self.cleaned_data["file"])

    def typed(self, measure: UUID | None) -> EvidenceInput | None:
        """The file as the rules read it, its content read whole; None when no file was chosen."""
        found = self.cleaned_data
        file = found["file"]
        if file is None:
            return None
        return EvidenceInput(measure, file.name, file.read(), found["proves"], found["dated"])


@dataclass(frozen=True)
class EvidenceSlot:
    """One measure with the files that are there and the place for one more; no measure behind a reopening."""

    measure: MeasureRow | None
    form: EvidenceForm

    @property
    def files(self) -> tuple[EvidenceRow, ...]:
        """What is there already."""
        return self.measure.evidence if self.measure else ()


@dataclass(frozen=True)
class RowError:
    """A refusal in a row, with the address of its field."""

    url: str
    label: str
    text: str


class StepSheet:
    """All that a step's page asks for: the form, the answers to the criteria, the places for files."""

    def __init__(
        self, page: StepPage, *, data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None, claim: str = "",
    ) -> None:  # fmt: skip
        self.page = page
        self.files = files or {}
        self.form = StepForm(page, data, claim=claim)
        self.criteria = _criteria(page, data)
        wants_evidence = set(EVIDENCE_NEEDS) & set(page.needs)
        self.slots = tuple(_slot(page, row, data, files) for row in (page.finding.measures if wants_evidence else ()))
        if "reopening_evidence" in page.needs:
            self.slots = _free_slots(data, files)

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        parts = [self.form, *self.criteria, *(slot.form for slot in self.slots)]
        answers = [part.is_valid() for part in parts]  # all of them, so that every error shows at once
        return all(answers)

    @property
    def is_too_large(self) -> bool:
        """Whether a file is over the limit."""
        return any(slot.form.has_error("file", TOO_LARGE) for slot in self.slots)

    def row_errors(self) -> tuple[RowError, ...]:
        """What is wrong with the files, for the summary above the form."""
        label = gettext("第 %(number)s 条措施的佐证")
        found = [
            (label % {"number": slot.measure.position} if slot.measure else gettext("材料"), slot.form[name])
            for slot in self.slots
            for name in slot.form.errors
        ]
        found += [(form.title, form[name]) for form in self.criteria for name in form.errors]
        return tuple(
            RowError(f"#{field.id_for_label or field.auto_id}", title, " ".join(field.errors)) for title, field in found
        )

    @property
    def seen(self) -> int:
        """The revision that the person saw."""
        return self.form.cleaned_data["seen"]

    def typed(self) -> StepInput:
        """Everything as the rules read it."""
        typed = {name: value for name, value in self.form.cleaned_data.items() if name != "seen"}
        found = _progress_forms.typed_of(typed, page=self.page)
        if found.get("merged_into"):
            found["merged_into"] = UUID(found["merged_into"])
        given = (slot.form.typed(slot.measure.id if slot.measure else None) for slot in self.slots)
        evidence = tuple(item for item in given if item is not None)
        criteria = tuple(answer for form in self.criteria if (answer := form.typed()) is not None)
        said = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items() if v not in (None, "")}
        return StepInput(**said, evidence=evidence, criteria=criteria)

    def refuse(self, objection: Objection) -> None:
        """Show a refusal beside the field that it concerns, or above the form."""
        place, _dot, rest = objection.where.partition(".")
        if place == _closing_forms.CRITERIA and self.criteria:
            named = [form for form in self.criteria if form.criterion.code == rest]
            (named[0] if named else self.criteria[0]).add_error("text", words.say(objection))
        elif place == EVIDENCE and self.slots:
            self._slot_of(objection).form.add_error("file", words.say(objection))
        else:
            self.form.refuse(objection)

    def refuse_file(self, fault: Unreadable) -> None:
        """A file of a wrong type: beside it when it is the only one."""
        chosen = [slot for slot in self.slots if slot.form.cleaned_data.get("file")]
        form, field = (chosen[0].form, "file") if len(chosen) == 1 else (self.form, None)
        form.add_error(field, fault.said(words.label))

    def _slot_of(self, objection: Objection) -> EvidenceSlot:
        """The slot that a refusal speaks of: by the file's name, else the first that has nothing."""
        name = objection.values.get("name")
        named = [
            slot for slot in self.slots if name and getattr(slot.form.cleaned_data.get("file"), "name", "") == name
        ]
        empty = [slot for slot in self.slots if not slot.form.cleaned_data.get("file") and not slot.files]
        return [*named, *empty, *self.slots][0]


def _criteria(page: StepPage, data: QueryDict | None) -> tuple[_closing_forms.CriterionForm, ...]:
    """What came back is not typed twice: the last request's answers stand in the form."""
    before = page.finding.closings[0].answers if page.finding.closings else ()
    return _closing_forms.criterion_forms(page.criteria, measures=page.finding.measures, data=data, before=before)


def _free_slots(data: QueryDict | None, files: Any) -> tuple[EvidenceSlot, ...]:
    return tuple(
        EvidenceSlot(None, EvidenceForm(data, files, prefix=f"{EVIDENCE}-{number}", is_needed=number == 1))
        for number in range(1, FREE_FILES + 1)
    )


def _slot(page: StepPage, row: MeasureRow, data: QueryDict | None, files: Any) -> EvidenceSlot:
    is_needed = "evidence_for_each_measure" in page.needs and not row.evidence
    return EvidenceSlot(row, EvidenceForm(data, files, prefix=f"{EVIDENCE}-{row.id}", is_needed=is_needed))
