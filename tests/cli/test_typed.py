"""What the options of a step say becomes what the step's form would hold."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import pytest

from bihuan.actions.refusals import Refused, Unreadable
from bihuan.cli import findings
from bihuan.cli.answers import CannotRead, Malformed
from bihuan.cli.measures import measure_of
from bihuan.rules.typed import EvidenceInput, MeasureInput

UNIT = uuid4()
UNITS = {"县教育局": UNIT, str(UNIT): UNIT}


@dataclass
class OneMeasure:
    """A measure on a page."""

    position: int
    id: UUID = field(default_factory=uuid4)


@dataclass
class APage:
    """A finding's page with two measures."""

    measures: tuple[OneMeasure, ...] = (OneMeasure(1), OneMeasure(2))


def test_a_measure_has_five_parts_and_its_unit_is_named_or_numbered():
    for unit in UNITS:
        typed = measure_of(f" 公示收费 |{unit}| 副局长 |2026-12-31| 照片 ", units=UNITS, number=1)
        assert typed == MeasureInput("公示收费", UNIT, "副局长", date(2026, 12, 31), "照片")


def test_empty_parts_are_left_for_the_rule_to_object_to():
    assert measure_of("公示||||", units=UNITS, number=1) == MeasureInput("公示", None, "", None, "")


@pytest.mark.parametrize("text", ["公示", "一|二|三|四|五|六", "公示|县教育局|某人|明天|照片"])
def test_a_measure_of_another_shape_is_malformed(text):
    with pytest.raises(Malformed, match="请写成"):
        measure_of(text, units=UNITS, number=1)


def test_an_unknown_unit_is_refused_with_its_place():
    with pytest.raises(Refused) as refused:
        measure_of("公示|没有这个局|某人|2026-12-31|照片", units=UNITS, number=3)
    assert (refused.value.objection.code, refused.value.objection.where) == ("unit_unknown", "measures.3.unit")
    assert "没有这个局" in refused.value.objection.message


def test_evidence_is_read_from_its_file(tmp_path):
    (tmp_path / "照片=1.txt").write_bytes(b"content")
    page = APage()
    typed = findings._evidence(f"2={tmp_path}/照片=1.txt|已公示|2026-11-20", page)
    assert typed == EvidenceInput(page.measures[1].id, "照片=1.txt", b"content", "已公示", date(2026, 11, 20))
    assert findings._evidence(f"1={tmp_path}/照片=1.txt", page).dated is None


@pytest.mark.parametrize("text", ["照片.txt", "一=照片.txt", "1=", "9=照片.txt"])
def test_evidence_of_another_shape_is_malformed(text):
    with pytest.raises(Malformed):
        findings._evidence(text, APage())


def test_evidence_that_is_not_there_or_too_large_is_told_so(tmp_path, settings):
    with pytest.raises(CannotRead, match="请核对路径"):
        findings._evidence(f"1={tmp_path}/none", APage())
    settings.MAX_UPLOAD = 3
    (tmp_path / "large").write_bytes(b"1234")
    with pytest.raises(Unreadable) as refused:
        findings._evidence(f"1={tmp_path}/large", APage())
    assert refused.value.code == "too_large"
