"""Forms of rounds and inspections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.queries.organizations import OrganizationName
from bihuan.queries.rounds import Choice, RoundChoices
from bihuan.web import words
from bihuan.web._forms import DayInput, PlainForm

LARGEST = 9999
CHOOSE = ("", _("请选择"))


class RoundForm(PlainForm):
    """A new round."""

    term = forms.ChoiceField(label=_("届次"))
    kind = forms.ChoiceField(label=_("巡察种类"))
    office_word = forms.CharField(
        label=_("机关代字"), max_length=20, help_text=_("编号用，如“云溪”；问题编号为 云溪〔2026〕3-001。")
    )
    year = forms.IntegerField(label=_("年份"), min_value=1949, max_value=LARGEST)
    number = forms.IntegerField(label=_("轮次"), min_value=1, max_value=LARGEST)
    name = forms.CharField(
        label=_("名称"), max_length=60, required=False, help_text=_("不填则按年份、轮次和种类命名。")
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput())
    profile = forms.ChoiceField(label=_("时限和审核配置"))

    def __init__(self, *args: Any, choices: RoundChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = [CHOOSE, *((each.value, each.label) for each in choices.terms)]
        kinds = ((each.value, words.label(each.label)) for each in choices.kinds)
        self.fields["kind"].choices = [CHOOSE, *kinds]
        self.fields["profile"].choices = [(each.value, words.label(each.label)) for each in choices.profiles]


class InspectionForm(PlainForm):
    """A unit and the team that inspects it."""

    unit = forms.ChoiceField(label=_("巡察对象"))
    team = forms.ChoiceField(label=_("巡察组"), help_text=_("当日在组的人员自动编入；应当回避的会提示。"))

    def __init__(
        self, *args: Any, units: tuple[OrganizationName, ...], teams: tuple[OrganizationName, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [CHOOSE, *_grouped(units)]
        self.fields["team"].choices = [CHOOSE, *((str(each.id), each.name) for each in teams)]


class StepForm(PlainForm):
    """A step of an inspection; only entering and leaving have a day."""

    on = forms.DateField(label=_("日期"), widget=DayInput())
    reason = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_day:
            del self.fields["on"]


class AssignForm(PlainForm):
    """A post that is to work on the inspection."""

    post = forms.ChoiceField(label=_("人员"))
    reason = forms.CharField(label=_("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, posts: tuple[Choice, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [CHOOSE, *((each.value, each.label) for each in posts)]


class ReleaseForm(PlainForm):
    """Why somebody no longer works on the inspection."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _grouped(units: tuple[OrganizationName, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Units by class, as groups of a select: a county has hundreds."""
    labels = dict.fromkeys(each.class_label for each in units)
    return [
        (words.label(label), [(str(each.id), each.name) for each in units if each.class_label == label])
        for label in labels
    ]
