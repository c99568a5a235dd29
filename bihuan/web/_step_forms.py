"""The form of a finding's step, built from what the step needs: fields, measures as rows, one file for each measure.

What is missing is said by the rules, not by the fields; a field objects only to what cannot be read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.actions.refusals import Unreadable
from bihuan.queries.findings.page import MeasureRow
from bihuan.queries.findings.steps import StepPage
from bihuan.rules.needs import EvidenceInput, MeasureInput, Objection, StepInput
from bihuan.rules.vocabulary import CLAIMS, REOPENING_GROUNDS
from bihuan.web import words
from bihuan.web._forms import DayInput, PlainForm

TOO_LARGE = "too_large"
PERSON_LENGTH, PRODUCT_LENGTH, PROVES_LENGTH = 60, 200, 200
EMPTY_ROWS, MOST_ROWS = 3, 200
# A count of rows that no browser of ours sends would not even become a number.
MOST_DIGITS = 6
EVIDENCE_NEEDS = ("evidence_given", "evidence_for_each_measure", "reopening_evidence")
MEASURES, EVIDENCE = "measures", "evidence"
TYPED_IN_MEASURE = ("text", "person", "due_on", "product")


class TypedForm(PlainForm):
    """A form whose fields show as needed, while it is the rules that ask for them."""

    def full_clean(self) -> None:
        """Read what was typed; nothing is missing here."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True


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

    def __init__(self, page: StepPage, data: Any = None) -> None:
        fields = dict(type(self).base_fields)
        for need in page.needs:
            if need in FIELDS:
                fields.update(FIELDS[need]())
        if "reason_or_merged_into" in page.needs:
            fields.update(_reason_or_merged_into(page))
        self.base_fields = fields
        super().__init__(data, initial={"seen": page.finding.revision})

    def clean_seen(self) -> int:
        """Without the revision nobody could tell that the page is old."""
        if self.cleaned_data["seen"] is None:
            raise forms.ValidationError(gettext("请刷新页面后再办。"))
        return self.cleaned_data["seen"]


class MeasureForm(TypedForm):
    """One measure of a plan."""

    text = _words(_("措施内容"), rows=2)
    unit = forms.ChoiceField(label=_("责任单位"))
    person = forms.CharField(label=_("责任人"), max_length=PERSON_LENGTH)
    due_on = _day(_("完成时限"))
    product = forms.CharField(label=_("成果形式"), max_length=PRODUCT_LENGTH)

    def __init__(self, *args: Any, units: list[tuple[str, str]], lead: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["unit"].choices = [("", gettext("请选择")), *units]
        self.fields["unit"].initial = lead

    def typed(self) -> MeasureInput:
        """The measure as the rules read it."""
        found = self.cleaned_data
        unit = UUID(found["unit"]) if found["unit"] else None
        return MeasureInput(found["text"], unit, found["person"], found["due_on"], found["product"])


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

    def typed(self, measure: UUID) -> EvidenceInput | None:
        """The file as the rules read it, its content read whole; None when no file was chosen."""
        found = self.cleaned_data
        file = found["file"]
        if file is None:
            return None
        return EvidenceInput(measure, file.name, file.read(), found["proves"], found["dated"])


def within_limit(file: UploadedFile | None) -> UploadedFile | None:
    """The file, unless it is larger than what is taken."""
    if file is not None and file.size > settings.MAX_UPLOAD:
        sentence = gettext("文件超过 %(most)s MB，请压缩或拆分以后再上传。") % {"most": settings.MAX_UPLOAD // 1024**2}
        raise forms.ValidationError(sentence, code=TOO_LARGE)
    return file


@dataclass(frozen=True)
class EvidenceSlot:
    """One measure with the files that are there and the place for one more."""

    measure: MeasureRow
    form: EvidenceForm


@dataclass(frozen=True)
class RowError:
    """A refusal in a row, with the address of its field."""

    url: str
    label: str
    text: str


class StepSheet:
    """All that a step's page asks for: the form, the rows of measures, the places for files."""

    def __init__(
        self, page: StepPage, *, data: QueryDict | None = None, files: MultiValueDict[str, UploadedFile] | None = None
    ) -> None:
        self.page = page
        self.files = files or {}
        self.form = StepForm(page, data)
        self.formset = _formset(page, data) if MEASURES in page.needs else None
        wants_evidence = set(EVIDENCE_NEEDS) & set(page.needs)
        self.slots = tuple(_slot(page, row, data, files) for row in (page.finding.measures if wants_evidence else ()))

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        parts = [self.form, *([self.formset] if self.formset is not None else ()), *(slot.form for slot in self.slots)]
        answers = [part.is_valid() for part in parts]  # all of them, so that every error shows at once
        return all(answers)

    @property
    def is_too_large(self) -> bool:
        """Whether a file is over the limit."""
        return any(slot.form.has_error("file", TOO_LARGE) for slot in self.slots)

    def row_errors(self) -> tuple[RowError, ...]:
        """What is wrong with the files, for the summary above the form."""
        found = [(slot.measure.position, slot.form[name]) for slot in self.slots for name in slot.form.errors]
        label = gettext("第 %(number)s 条措施的佐证")
        return tuple(
            RowError(f"#{field.id_for_label}", label % {"number": number}, " ".join(field.errors))
            for number, field in found
        )

    @property
    def seen(self) -> int:
        """The revision that the person saw."""
        return self.form.cleaned_data["seen"]

    def typed(self) -> StepInput:
        """Everything as the rules read it."""
        found = {name: value for name, value in self.form.cleaned_data.items() if name != "seen"}
        if found.get("merged_into"):
            found["merged_into"] = UUID(found["merged_into"])
        measures = tuple(row.typed() for row in self.formset if _is_typed(row.cleaned_data)) if self.formset else ()
        given = (slot.form.typed(slot.measure.id) for slot in self.slots)
        evidence = tuple(item for item in given if item is not None)
        return StepInput(
            **{k: v for k, v in found.items() if v not in (None, "")}, measures=measures, evidence=evidence
        )

    def refuse(self, objection: Objection) -> None:
        """Show a refusal beside the field that it concerns, or above the form."""
        place, _dot, rest = objection.where.partition(".")
        if place == MEASURES and self.formset is not None:
            self._refuse_measure(objection, rest)
        elif place == EVIDENCE and self.slots:
            self._slot_of(objection).form.add_error("file", words.say(objection))
        else:
            self.form.refuse(objection)

    def refuse_file(self, fault: Unreadable) -> None:
        """A file of a wrong type: beside it when it is the only one."""
        chosen = [slot for slot in self.slots if slot.form.cleaned_data.get("file")]
        form, field = (chosen[0].form, "file") if len(chosen) == 1 else (self.form, None)
        form.add_error(field, words.label(fault.message))

    def _refuse_measure(self, objection: Objection, rest: str) -> None:
        number, _dot, field = rest.partition(".")
        if field:
            self.formset.forms[int(number) - 1].add_error(field, words.say(objection))
        else:
            self.formset.non_form_errors().append(words.say(objection))

    def _slot_of(self, objection: Objection) -> EvidenceSlot:
        """The slot that a refusal speaks of: by the file's name, else the first that has nothing."""
        name = objection.values.get("name")
        named = [
            slot for slot in self.slots if name and getattr(slot.form.cleaned_data.get("file"), "name", "") == name
        ]
        empty = [slot for slot in self.slots if not slot.form.cleaned_data.get("file") and not slot.measure.evidence]
        return [*named, *empty, *self.slots][0]


def _slot(page: StepPage, row: MeasureRow, data: QueryDict | None, files: Any) -> EvidenceSlot:
    is_needed = "evidence_for_each_measure" in page.needs and not row.evidence
    return EvidenceSlot(row, EvidenceForm(data, files, prefix=f"{EVIDENCE}-{row.id}", is_needed=is_needed))


def _formset(page: StepPage, data: QueryDict | None) -> forms.BaseFormSet:
    before = [
        {"text": row.text, "unit": str(row.unit_id), "person": row.person, "due_on": row.due_on, "product": row.product}
        for row in page.finding.measures
    ]
    kind = forms.formset_factory(
        MeasureForm,
        extra=max(1, EMPTY_ROWS - len(before)),
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + 1,
    )
    units = [(str(unit.id), unit.name) for unit in page.units]
    given = {"prefix": MEASURES, "form_kwargs": {"units": units, "lead": str(page.finding.unit_id)}}
    return kind(initial=before or None, **given) if data is None else kind(closed_up(data), **given)


def closed_up(data: QueryDict) -> QueryDict:
    """The rows with their gaps closed, so that 第 2 条 of a refusal is the second row on the page."""
    total = data.get(f"{MEASURES}-TOTAL_FORMS", "")
    rows = [
        _row(data, number)
        for number in range(min(int(total), MOST_ROWS + 1) if total.isdecimal() and len(total) < MOST_DIGITS else 0)
    ]
    filled = [row for row in rows if _is_typed(row)]
    empty = [row for row in rows if not _is_typed(row)]
    closed = data.copy()
    for number, row in enumerate([*filled, *empty]):
        for name, value in row.items():
            closed[f"{MEASURES}-{number}-{name}"] = value
    closed[f"{MEASURES}-INITIAL_FORMS"] = "0"
    return closed


def _row(data: QueryDict, number: int) -> dict[str, str]:
    return {name: data.get(f"{MEASURES}-{number}-{name}", "") for name in (*TYPED_IN_MEASURE, "unit")}


def _is_typed(row: Mapping[str, Any]) -> bool:
    """A unit alone is no measure: it is chosen beforehand."""
    return any(str(row.get(name) or "").strip() for name in TYPED_IN_MEASURE)
