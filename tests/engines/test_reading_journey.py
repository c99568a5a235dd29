"""The feedback documents of the journeys, of three tools, give exactly what a person marked."""

import json
import zipfile
from pathlib import Path

import pytest

from bihuan.engines.reading import Reading, read_bytes, read_file
from tests.samples.make_journey import expected

SAMPLES = Path(__file__).parents[1] / "samples" / "journey"
NAMES = ("regular", "special", "look_back")
HEAD = "县委第三巡察组关于巡察县水利局党组的反馈意见\n县水利局党组：\n现将有关情况反馈如下。\n"


def words(reading: Reading, span: tuple[int, int] | None) -> str | None:
    return reading.text[slice(*span)] if span else None


def found(reading: Reading) -> list[dict[str, object]]:
    return [
        {
            "level": item.level,
            "heading": words(reading, item.heading),
            "text": words(reading, item.finding),
            "more": [words(reading, span) for span in item.more],
        }
        for item in reading.items
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_the_journeys_gives_exactly_the_findings_a_person_marked(name: str) -> None:
    wanted = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    reading = read_file(SAMPLES / f"{name}.docx")
    assert found(reading) == wanted["findings"]
    assert (reading.kind, words(reading, reading.unit)) == (wanted["kind"], wanted["unit"])
    assert len(reading.items) == wanted["count"] >= 30
    assert wanted == expected(name)


def test_the_three_documents_say_nothing_twice_and_number_in_three_ways() -> None:
    readings = [read_file(SAMPLES / f"{name}.docx") for name in NAMES]
    texts = [words(reading, item.finding) for reading in readings for item in reading.items]
    assert len(set(texts)) == len(texts)
    levels = [{item.level for item in reading.items} for reading in readings]
    assert levels[0] >= {"二、(一)1.", "二、(一)4.一是", "二、(二)4.(1)", "二、(四)3.①"}
    assert levels[1] >= {"二、第一1.", "二、第一3.(1)", "二、第二2.一是"}
    assert levels[2] >= {"二、(一)1.", "二、(三)32."}


def test_each_document_is_what_its_tool_writes() -> None:
    def part(name: str, inside: str) -> str:
        with zipfile.ZipFile(SAMPLES / f"{name}.docx") as archive:
            return archive.read(inside).decode()

    assert "LibreOffice" in part("special", "docProps/app.xml")
    assert 'w:lvlText w:val="第%1，"' in part("special", "word/numbering.xml")
    assert "python-docx" in part("regular", "docProps/core.xml")
    assert part("look_back", "word/document.xml").count("<w:vMerge") > 20


def test_figures_and_days_beside_the_table_are_no_findings() -> None:
    reading = read_file(SAMPLES / "look_back.docx")
    [item] = [item for item in reading.items if item.level == "二、(二)9."]
    assert [words(reading, span) for span in item.responsible] == ["财务股"]
    told = [("68.4", "万元"), ("39.75", "万元"), ("28.65", "万元")]  # the last by the name of its column
    assert [(figure.number, figure.unit) for figure in item.figures] == told
    assert not any("小计" in str(words(reading, item.finding)) for item in reading.items)


def read(text: str) -> Reading:
    return read_bytes((HEAD + text).encode(), name="反馈意见.txt")


def test_a_header_of_two_rows_names_its_columns_in_the_second() -> None:
    reading = read(
        "一、存在的问题\n序号\t问题情况\t\t责任单位\n\t类别\t具体问题\t\n1\t工程管理\t渠道验收造假\t灌区中心\n"
        "2\t\t河道采砂监管缺位\t河道所"
    )
    assert [(row["level"], row["heading"], row["text"]) for row in found(reading)] == [
        ("一、1.", "工程管理", "渠道验收造假"),
        ("一、2.", "工程管理", "河道采砂监管缺位"),
    ]
    assert [words(reading, item.responsible[0]) for item in reading.items] == ["灌区中心", "河道所"]


def test_a_first_row_of_short_findings_is_no_second_row_of_a_header() -> None:
    reading = read("一、存在的问题\n序号\t类别\t问题\n1\t财务\t账目问题\n2\t工程\t验收造假")
    assert [row["text"] for row in found(reading)] == ["账目问题", "验收造假"]


def test_how_the_rectification_went_as_a_whole_is_no_finding() -> None:
    reading = read(
        "一、整改总体情况\n上轮反馈的47个问题，完成34个，仍有3个未完成。\n二、“回头看”发现的主要问题\n水费减免没有依据。\n"
        "闸门年久失修。"
    )
    assert [row["text"] for row in found(reading)] == ["水费减免没有依据", "闸门年久失修"]
