"""The form of one draft on the bench: its text, and what a finding is beside its text."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bihuan.queries._draft_choices import CategoryChoice, DraftChoices
from bihuan.queries.drafts import DescriptionRow, DraftRow
from bihuan.rules.amounts import yuan_of
from bihuan.rules.typed import Description
from bihuan.rules.vocabulary import COMMONALITIES, MARKS, SEVERITIES
from bihuan.web import words
from bihuan.web._forms import PlainForm


def in_language(labels: Mapping[str, str]) -> str:
    """A label of a profile in the reader's language."""
    return labels.get("en" if get_language() == "en" else "zh", "")


class YuanField(forms.CharField):
    """Money as people write it: 865,000 or 86.5 万; the value is in yuan."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount; None for nothing."""
        try:
            return yuan_of(super().clean(value))
        except ValueError as wrong:
            raise forms.ValidationError(gettext("金额请写成 865000 或 86.5 万的样子，单位是元。")) from wrong


class DraftForm(PlainForm):
    """Everything a person says of a draft; `choices` come from the taxonomy and the tree."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("问题内容"), widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}))
    category = forms.ChoiceField(label=_("问题分类"), required=False, help_text=_("选到第三级；审批前每条都要有。"))
    severity = forms.ChoiceField(label=_("轻重"))
    commonality = forms.ChoiceField(label=_("个性或共性"))
    amount = YuanField(label=_("涉及金额（元）"), required=False, max_length=40, widget=forms.TextInput)
    marks = forms.MultipleChoiceField(label=_("标记"), required=False, widget=forms.CheckboxSelectMultiple)
    lead_unit = forms.ChoiceField(label=_("责任单位"), required=False)
    helping_units = forms.MultipleChoiceField(label=_("配合单位"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: DraftChoices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["category"].choices = grouped(choices.categories)
        self.fields["severity"].choices = [(code, words.label(said)) for code, said in SEVERITIES.items()]
        self.fields["commonality"].choices = [(code, words.label(said)) for code, said in COMMONALITIES.items()]
        self.fields["marks"].choices = [(code, words.label(said)) for code, said in MARKS.items()]
        self._offer_units("lead_unit", choices.lead_units, fewest=2)
        self._offer_units("helping_units", choices.helping_units, fewest=1)

    def _offer_units(self, name: str, units: tuple[Any, ...], *, fewest: int) -> None:
        if len(units) < fewest:
            del self.fields[name]
        else:
            self.fields[name].choices = [(str(unit.id), unit.name) for unit in units]

    @classmethod
    def of(cls, row: DraftRow, *, choices: DraftChoices, category: str = "") -> "DraftForm":
        """The form as the draft now stands, with the proposed category that the person took."""
        said = row.description
        lead = said.lead_unit or (choices.lead_units[0] if choices.lead_units else None)
        initial = {
            "seen": row.revision, "text": row.text, "category": category or said.category, "severity": said.severity,
            "commonality": said.commonality, "amount": "" if said.amount is None else f"{said.amount.normalize():f}",
            "marks": [name for name in MARKS if getattr(said, name)], "lead_unit": str(lead.id) if lead else "",
            "helping_units": [str(unit.id) for unit in said.helping_units],
        }  # fmt: skip
        return cls(choices=choices, initial=initial)

    def clean_text(self) -> str:
        """Browsers send a line break as two characters; the document has one."""
        return plain(self.cleaned_data["text"])

    def description(self) -> Description:
        """What was typed, as the rules read it."""
        typed = self.cleaned_data
        marks = {name: name in typed["marks"] for name in MARKS}
        return Description(
            category=typed["category"], severity=typed["severity"], commonality=typed["commonality"],
            amount=typed["amount"], lead_unit=UUID(typed["lead_unit"]) if typed.get("lead_unit") else None,
            helping_units=tuple(UUID(unit) for unit in typed.get("helping_units", ())), **marks,
        )  # fmt: skip


def plain(typed: str) -> str:
    """Typed words with one line break where a browser sends two characters, and nothing that cannot be kept."""
    return typed.replace("\r\n", "\n").replace("\0", "")


def grouped(categories: tuple[CategoryChoice, ...]) -> list[tuple[str, Any]]:
    """The classes of the lowest level under those above them, nothing first."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for one in categories:
        head = f"{one.above_code} {in_language(one.above)}"
        groups.setdefault(one.above_code, (head, []))[1].append((one.code, f"{one.code} {in_language(one.labels)}"))
    return [("", gettext("还没有分类")), *groups.values()]


def chips(said: DescriptionRow) -> tuple[str, ...]:
    """What is worth a word beside a draft: the category, and whatever is not the ordinary."""
    found = [f"{said.category} {in_language(said.labels)}"] if said.category else []
    if said.severity != "ordinary":
        found.append(words.label(SEVERITIES[said.severity]))
    if said.commonality != "individual":
        found.append(words.label(COMMONALITIES[said.commonality]))
    found += [words.label(mark) for name, mark in MARKS.items() if getattr(said, name)]
    if said.amount is not None:
        found.append(gettext("%(amount)s 元") % {"amount": f"{said.amount.normalize():,f}"})
    if said.lead_unit:
        found.append(gettext("责任单位：%(unit)s") % {"unit": said.lead_unit.name})
    if said.helping_units:
        found.append(gettext("配合：%(units)s") % {"units": "、".join(unit.name for unit in said.helping_units)})
    return tuple(found)
