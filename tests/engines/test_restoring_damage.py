"""Each kind of damage, made byte by byte on sound documents: what is certain is undone, nothing is undone wrongly."""

from functools import cache
from random import Random

import pytest

from bihuan.engines.reading.restore import Restored, restore_bytes, restore_text
from tests.corpus import damage
from tests.corpus.marks import FOLDER, document

EVERY = 6
# What the conversion to Traditional and back does not keep is no damage of ours.
AMBIGUOUS = "着著么夥伙菸"


@cache
def sound() -> tuple[str, ...]:
    """Documents of the corpus without anything of a page, in one writing there and back."""
    texts = (document(path).text for path in sorted(FOLDER.glob("*.txt"))[::EVERY])
    made = tuple(text for text in texts if restore_text(text).text == text and len(text) > 400)
    there = (damage.traditional(text, Random(0)).text for text in made)
    return tuple(text for text, other in zip(made, there, strict=True) if restore_text(other).text == text)


def damaged(name: str) -> list[tuple[str, damage.Copy, Restored]]:
    copies = [(text, damage.MECHANISMS[name](text, Random(number))) for number, text in enumerate(sound())]
    assert len(copies) >= 8
    assert sum(len(copy.places) for _, copy in copies) >= 8
    return [(text, copy, restore_text(copy.text)) for text, copy in copies]


@pytest.mark.parametrize("name", ["traditional", "noted", "noted_simplified", "tagged"])
def test_what_is_certain_is_undone_to_the_letter(name: str) -> None:
    for text, copy, restored in damaged(name):
        assert copy.text != text
        assert restored.text == text


def test_the_frame_of_a_page_is_cut_and_nothing_else() -> None:
    for text, _, restored in damaged("framed"):
        assert restored.text.strip("\n") == text.strip("\n")


@pytest.mark.parametrize("name", ["half_width", "doubled", "lost", "blanked", "cut", "headless"])
def test_what_is_uncertain_changes_nothing(name: str) -> None:
    for _, copy, restored in damaged(name):
        assert restored.text == copy.text


def test_half_width_signs_are_proposed_where_they_stood() -> None:
    found = missed = 0
    for _, copy, restored in damaged("half_width"):
        offered = {change.span: change.after for change in restored.changes}
        for place in copy.places:
            if place.truth in "，；：":
                found += offered.get(place.span) == place.truth
                missed += offered.get(place.span) != place.truth
    assert found > 9 * missed


def test_doubled_signs_are_proposed_once() -> None:
    for _, copy, restored in damaged("doubled"):
        offered = {change.span: change.after for change in restored.changes if change.rule == "punctuation"}
        missed = [copy.text[slice(*place.span)] for place in copy.places if offered.get(place.span) != place.truth]
        assert len(missed) <= 0.1 * len(copy.places) + 1, missed


@pytest.mark.parametrize("name", ["spaced", "wrapped"])
def test_spaces_and_line_ends_are_taken_out_only_where_they_were_put_in(name: str) -> None:
    told = put_in = 0
    for _, copy, restored in damaged(name):
        spans = {place.span for place in copy.places}
        for change in restored.changes:
            if change.rule in {"spaces", "linebreak"}:
                assert not change.applied or change.span in spans
                told += change.span in spans
        put_in += len(spans)
    assert told > 0.4 * put_in


def test_characters_with_a_note_inside_come_back_exactly_or_not_at_all() -> None:
    exact = all_ = 0
    for text, copy, restored in damaged("swallowed"):
        made = {change.span: change.after for change in restored.changes if change.applied and "?" in change.before}
        truths = {place.span: place.truth for place in copy.places}
        assert all(truths[span] == after for span, after in made.items() if span in truths)
        assert set(made) <= set(truths)
        exact, all_ = exact + len(made), all_ + len(truths)
        assert len(made) < len(truths) or restored.text == text
    assert exact > 0.85 * all_


def test_candidates_for_a_lost_character_come_from_the_text_and_wait() -> None:
    right = asked = 0
    for _, copy, restored in damaged("lost"):
        for place in copy.places:
            offered = [change for change in restored.changes if change.span == place.span]
            assert not any(change.applied for change in offered)
            asked += any(change.after != change.before for change in offered)
            best = max(offered, key=lambda change: change.confidence, default=None)
            right += best is not None and best.after == place.truth
    assert asked
    assert right > 0.8 * asked


def test_runs_of_shifted_bytes_are_never_repaired_wrongly() -> None:
    offered = broken = 0
    for number, text in enumerate(sound()):
        copy = damage.traditional(text, Random(0)).then(damage.shifted, Random(number))
        truths = {place.span: damage.simplified(place.truth) for place in copy.places}
        for change in restore_text(copy.text).changes:
            if change.rule == "shift":
                assert not change.applied or truths.get(change.span) == change.after
                offered += truths.get(change.span, "")[1:] == change.after[1:]
        broken += len(truths)
    assert broken > 20
    assert offered >= 2


INTERVIEW = (
    "市委巡察機構聚焦整改責任，市委巡察組逐項核對。\n"
    "“巡察監督要具體化、常態化。”市委巡察辦相關負責人介紹，整改台賬每週核對一次。\n"
    "“涉水問題的整改要見底。”市委巡察辦相關負責人表示。\n"
)


def test_a_run_that_lost_a_pair_is_made_whole_by_the_words_around_it() -> None:
    copy = damage.shifted(INTERVIEW, Random(1), share=0)
    assert copy.text.count("?！笔形膊燹k相") == 2
    restored = restore_text(copy.text)
    assert restored.text.count("。”市委巡察办相关负责人") == 2
    assert [change.after for change in restored.changes if change.rule == "shift"] == ["。”市委巡察办"] * 2


def test_without_those_words_the_run_waits() -> None:
    copy = damage.shifted("“天要下雨。”吳師傅說，傘在門後。\n“路不好走。”葉大嬸說。\n", Random(1), share=0)
    assert copy.places
    restored = restore_text(copy.text)
    assert not [change for change in restored.changes if change.rule == "shift" and change.applied]


def test_text_read_in_the_wrong_encoding_is_turned_back() -> None:
    for text in sound()[:6]:
        restored = restore_text(damage.misread(text))
        kept = restored.text.replace("\ufffd", "")
        assert len(kept) > 0.9 * len(text)
        parts = [part for part in restored.text.replace("\n", "\ufffd").split("\ufffd") if len(part) > 4]
        assert len(parts) > 3
        assert all(part in text for part in parts)


def test_bytes_of_traditional_text_are_read_in_big5() -> None:
    for text in sound()[:6]:
        other = damage.traditional(text, Random(0)).text
        content = other.encode("big5hkscs", "ignore")
        restored = restore_bytes(content)
        assert restored.encoding in {"big5hkscs", "cp950"}
        assert restored.original == content.decode(restored.encoding)


def test_a_few_broken_bytes_are_told_and_do_not_stop_the_rest() -> None:
    text = sound()[0]
    for encoding in ("utf-8", "gb18030"):
        content = bytearray(text.encode(encoding))
        content[200:201] = b""
        restored = restore_bytes(bytes(content))
        assert "\ufffd" in restored.text or restored.text != text
        assert bytes(content).decode(restored.encoding, "replace") == restored.original
