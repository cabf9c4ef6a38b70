"""Breaking Japanese text into lines."""

from __future__ import annotations

from matchmaker.partnering.consortia.documents.line_breaking import (
    GETA,
    NOT_FIRST,
    NOT_LAST,
    FontMetrics,
    broken,
)

WIDE = FontMetrics({code: 0.5 if code < 128 else 1.0 for code in range(32, 0x10000)})


def test_no_line_begins_with_a_mark_that_may_not_stand_there() -> None:
    text = "あいうえお、かきくけこ。「さしすせそ」たちつてと（なにぬねの）、ちょっとー。" * 5
    for width in range(5, 20):
        lines = broken(text, width, 1.0, WIDE)
        assert "".join(lines) == text
        assert not [line for line in lines[1:] if line[0] in NOT_FIRST]
        assert not [line for line in lines[:-1] if line[-1] in NOT_LAST]
        assert all(WIDE.width(line, 1.0) <= width for line in lines)


def test_words_and_numbers_stay_whole_as_long_as_they_fit() -> None:
    assert broken("量は1,200,000tです。", 6, 1.0, WIDE) == ["量は", "1,200,000tで", "す。"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    lines = broken("https://example.com/" + "a" * 40, 8, 1.0, WIDE)
    assert len(lines) == 4
    assert all(WIDE.width(line, 1.0) <= 8 for line in lines)


def test_line_ends_are_kept() -> None:
    assert broken("一\n\n二", 10, 1.0, WIDE) == ["一", "", "二"]


def test_a_line_takes_at_least_one_character_however_narrow() -> None:
    assert broken("竹林", 0.5, 1.0, WIDE) == ["竹", "林"]


def test_what_the_font_lacks_becomes_a_geta_and_is_named_once() -> None:
    text = "竹🎋と🎋、👨\u200d👩\u200d👧。\x00"
    assert WIDE.printable(text) == f"竹{GETA}と{GETA}、{GETA * 3}。"
    assert WIDE.missing(text) == "🎋👨👩👧"


def test_selectors_of_variants_stay_with_their_character() -> None:
    lines = broken("辻\U000e0100" * 4, 2, 1.0, WIDE)
    assert lines == ["辻\U000e0100" * 2] * 2
