"""Three feedback documents of different makers give exactly the findings a person marked; other papers give none."""

import json
from pathlib import Path

import pytest

from bihuan.engines.reading import Reading, read_bytes, read_file

DOCUMENTS = Path(__file__).parents[2] / "bihuan" / "demo" / "documents"
SAMPLES = Path(__file__).parents[1] / "samples"
NEGATIVES = sorted((SAMPLES / "negative").glob("*.txt"))


def words(reading: Reading, span: tuple[int, int] | None) -> str | None:
    return reading.text[slice(*span)] if span else None


@pytest.mark.parametrize("name", ["water_bureau", "city_investment", "shitang_town"])
def test_a_feedback_document_gives_exactly_the_findings_a_person_marked(name: str) -> None:
    wanted = json.loads((SAMPLES / "feedback" / f"{name}.json").read_text(encoding="utf-8"))
    reading = read_file(DOCUMENTS / f"{name}.docx")
    found = [
        {"level": item.level, "text": words(reading, item.finding), "more": [words(reading, s) for s in item.more]}
        for item in reading.items
    ]
    assert found == wanted["findings"]
    assert len(found) == wanted["count"]
    assert reading.kind == wanted["kind"]
    assert words(reading, reading.unit) == wanted["unit"]


def test_the_document_of_libreoffice_has_more_than_thirty_findings_on_automatic_numbers() -> None:
    reading = read_file(DOCUMENTS / "water_bureau.docx")
    assert len(reading.items) >= 30
    assert {item.level.count("(") for item in reading.items} == {1, 2}
    assert "二、巡察发现的主要问题\n（一）学习贯彻" in reading.text


def test_the_same_document_as_text_in_another_encoding_gives_the_same_findings() -> None:
    reading = read_file(DOCUMENTS / "city_investment.docx")
    for encoding in ("gb18030", "utf-8", "utf-8-sig", "utf-16"):
        again = read_bytes(reading.text.encode(encoding), name="反馈意见.txt")
        assert again == reading, encoding


def test_line_ends_stay_as_they_are_and_findings_are_the_same() -> None:
    reading = read_file(DOCUMENTS / "city_investment.docx")
    windows = read_bytes(reading.text.replace("\n", "\r\n").encode(), name="x.txt")
    assert windows.text.count("\r\n") == reading.text.count("\n")
    assert [words(windows, item.finding) for item in windows.items] == [
        words(reading, item.finding) for item in reading.items
    ]


@pytest.mark.parametrize("path", NEGATIVES, ids=lambda path: path.stem)
def test_news_speeches_essays_and_minutes_give_no_item(path: Path) -> None:
    reading = read_file(path)
    assert (reading.kind, reading.items) == ("other", ())


def test_there_are_negatives_of_every_sort() -> None:
    assert {path.stem for path in NEGATIVES} >= {"news", "speech", "essay", "minutes"}


def test_headings_and_figures_stand_with_the_finding() -> None:
    reading = read_file(DOCUMENTS / "water_bureau.docx")
    [item] = [item for item in reading.items if item.level == "二、(二)1."]
    assert words(reading, item.heading) == "履行水务职能责任有短板"
    assert [(figure.number, figure.unit) for figure in item.figures] == [
        ("6", "家"),
        ("42.7", "万元"),
        ("31", "个月"),
    ]
    [split] = [item for item in reading.items if item.level == "二、(三)5.二是"]
    assert words(reading, split.heading) == "工程招标和采购领域问题突出"
