"""Fields of the steps that carry out and describe: progress, extension, marks, what a finding is beside its text."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.queries.findings.page import FindingPage
from bihuan.queries.findings.steps import StepPage
from bihuan.rules.typed import Description
from bihuan.rules.vocabulary import MARKS
from bihuan.web import words
from bihuan.web._draft_forms import DraftForm
from bihuan.web._forms import DayInput

TITLE_SHOWN = 40
DESCRIBED = ("category", "severity", "commonality", "amount", "marks", "lead_unit", "helping_units")


def fields_of(page: StepPage) -> dict[str, forms.Field]:
    """The fields that the step asks for, filled with what holds now."""
    if "progress" in page.needs:
        return _progress(page.finding)
    if "until" in page.needs:
        said = gettext("现在的时限是 %(day)s。") % {"day": page.finding.due_on}
        return {"until": forms.DateField(label=_("延期到"), help_text=said, widget=DayInput())}
    if "description" in page.needs:
        return _description(page)
    return _marks(page.finding) if page.code == "mark" else {}


def typed_of(found: Mapping[str, Any], *, page: StepPage) -> dict[str, Any]:
    """What was typed into these fields, as the rules read it; everything else as it was."""
    typed = dict(found)
    if typed.get("measure"):
        typed["measure"] = UUID(typed["measure"])
    if "description" in page.needs:
        typed["description"] = _described({name: typed.pop(name, None) for name in DESCRIBED}, page.finding)
    return typed


def _described(given: Mapping[str, Any], found: FindingPage) -> Description:
    return Description(
        category=given["category"] or "", severity=given["severity"] or found.severity,
        commonality=given["commonality"] or found.commonality, amount=given["amount"],
        lead_unit=UUID(given["lead_unit"]) if given["lead_unit"] else None,
        helping_units=tuple(UUID(unit) for unit in given["helping_units"] or ()),
        **{mark: mark in (given["marks"] or ()) for mark in MARKS},
    )  # fmt: skip


def _progress(found: FindingPage) -> dict[str, forms.Field]:
    measures = [(str(row.id), f"{row.position}. {row.text[:TITLE_SHOWN]}") for row in found.measures]
    said, today = _("写明做了什么、到了哪一步。"), _("不填就是今天。")
    choices = [("", gettext("整条问题")), *measures]
    return {
        "progress": forms.CharField(label=_("进展"), help_text=said, widget=forms.Textarea(attrs={"rows": 4})),
        "measure": forms.ChoiceField(label=_("哪条措施"), choices=choices, required=False, widget=forms.Select),
        "done_on": forms.DateField(label=_("进展日期"), help_text=today, required=False, widget=DayInput()),
    }


def _marks(found: FindingPage) -> dict[str, forms.Field]:
    return {
        code: forms.BooleanField(label=words.label(text), required=False, initial=code in found.marks)
        for code, text in MARKS.items()
    }


def _description(page: StepPage) -> dict[str, forms.Field]:
    """The same fields as on the bench, but the text, which stands since the confirmation."""
    if page.choices is None:
        return {}
    found, form = page.finding, DraftForm(choices=page.choices)
    now = {
        "category": found.category[-1].code if found.category else "", "severity": found.severity,
        "commonality": found.commonality, "amount": "" if found.amount is None else f"{found.amount.normalize():f}",
        "marks": list(found.marks), "lead_unit": str(found.lead_unit.id if found.lead_unit else found.unit_id),
        "helping_units": [str(unit.id) for unit in found.helping_units],
    }  # fmt: skip
    fields = {name: form.fields[name] for name in DESCRIBED if name in form.fields}
    for name, field in fields.items():
        field.initial = now[name]
    return fields
