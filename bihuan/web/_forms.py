"""What the forms of all pages share: plain words for what is missing, and where a refusal is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.rules.needs import Objection
from bihuan.web import words


class PlainForm(forms.Form):
    """A form that says 请… instead of naming a rule, and keeps what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = _("请选择这一项。") if chosen else _("请填写这一项。")
            field.error_messages["invalid_choice"] = _("没有这个选项，请重新选择。")
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = _("日期请写成 2026-11-22 的样子。")

    def refuse(self, objection: Objection) -> None:
        """Show a refusal beside the field that it concerns, or above the form."""
        self.add_error(objection.where if objection.where in self.fields else None, words.say(objection))


class DayInput(forms.DateInput):
    """A day as browsers offer it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
