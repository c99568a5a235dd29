"""What the forms of all pages share: plain words for what is missing, and where a refusal is shown."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.actions.refusals import Unreadable
from bihuan.rules.typed import Objection
from bihuan.web import words

TOO_LARGE = "too_large"


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


def within_limit(file: UploadedFile | None) -> UploadedFile | None:
    """The file, unless it is larger than what is taken."""
    if file is not None and file.size > settings.MAX_UPLOAD:
        sentence = gettext("文件超过 %(most)s MB，请压缩或拆分以后再上传。") % {"most": settings.MAX_UPLOAD // 1024**2}
        said = Unreadable(TOO_LARGE, sentence, file=file.name or "").said(words.label)
        raise forms.ValidationError(said, code=TOO_LARGE)
    return file


class FilesInput(forms.FileInput):
    """A field of a page that takes several files, chosen or dropped onto it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; each is checked as a single one is."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Every file, in the order in which the browser sent them."""
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class DayInput(forms.DateInput):
    """A day as browsers offer it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
