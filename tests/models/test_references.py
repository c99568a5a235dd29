"""References point back along the lifecycle, never forward: checked over _meta of every table."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from bihuan.models import LIFECYCLE_ORDER, Account, Finding


def noun_of(model: type[models.Model]) -> str:
    """The file a table stands in."""
    return model.__module__.removeprefix("bihuan.models.").split(".")[0]


def forward_references(tables: Iterable[type[models.Model]], order: tuple[str, ...] = LIFECYCLE_ORDER) -> list[str]:
    """Every reference to a table that comes later in the lifecycle."""
    return [
        f"{model.__name__}.{field.name} points forward to {field.related_model.__name__}:"
        " let the later thing name the earlier one"
        for model in tables
        for field in model._meta.get_fields(include_hidden=True)
        if field.concrete
        and field.is_relation
        and order.index(noun_of(field.related_model)) > order.index(noun_of(model))
    ]


def test_references_point_back() -> None:
    assert not forward_references(apps.get_app_config("bihuan").get_models())


def test_every_noun_has_its_place_in_the_order() -> None:
    folder = Path(apps.get_app_config("bihuan").path) / "models"
    nouns = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert nouns == set(LIFECYCLE_ORDER)
    assert len(LIFECYCLE_ORDER) == len(set(LIFECYCLE_ORDER))


@isolate_apps("bihuan")
def test_a_planted_forward_reference_is_caught() -> None:
    class Planted(models.Model):
        __module__ = "bihuan.models.people"
        finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
        account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "bihuan"

        def __str__(self) -> str:
            return "planted"

    said = forward_references([Planted])
    assert len(said) == 1
    assert said[0].startswith("Planted.finding points forward to Finding")
