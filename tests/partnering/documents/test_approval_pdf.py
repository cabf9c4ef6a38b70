"""The approval document as PDF."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from config import ROOT
from matchmaker.partnering.consortia.documents.approval_pdf import make_approval_pdf
from matchmaker.partnering.consortia.documents.domain import (
    USUAL_BOXES,
    ApprovalSheet,
    SheetSection,
    SheetTable,
    box_problem,
)
from matchmaker.partnering.consortia.documents.official_days import official_date

FONT = next((ROOT / "matchmaker" / "static" / "dist").glob("badge-*.ttf"))
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def sheet(**changes: Any) -> ApprovalSheet:
    """A short document."""
    values: dict[str, Any] = {
        "organization": "青空町", "department": "町民課", "drafter": "梅野 千里",
        "drafted_on": date(2026, 11, 22), "boxes": USUAL_BOXES,
        "subject": "竹の循環の座組への参加について（伺い）",
        "request": "参加してよろしいか、伺います。",
        "sections": (SheetSection("目的", "竹を使い切ります。"),), "source": "第3版から作成",
    }  # fmt: skip
    return ApprovalSheet(**{**values, **changes})


def pages(content: bytes) -> list[str]:
    """The text of each page without line ends and spaces."""
    document = pypdfium2.PdfDocument(content)
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return ["".join(text.split()) for text in texts]


def partners(count: int) -> SheetTable:
    """A table of partners with long duties."""
    rows = tuple(
        (f"とても長い名前の団体{n}", "回収・運搬", "毎週集めます。" * 12) for n in range(count)
    )
    return SheetTable(("団体", "役割", "分担"), rows, (0.4, 0.2, 0.4))


def test_the_page_says_what_was_given_with_dates_in_the_era() -> None:
    (text,) = pages(make_approval_pdf(sheet(), FONT, AT))
    for words in ("起案書", "令和8年11月22日", "部長課長課長補佐係長起案者", "竹を使い切ります。",
                  "青空町", "町民課", "1／1", "第3版から作成"):  # fmt: skip
        assert words in text


def test_thirty_partners_go_over_pages_with_their_header_on_each() -> None:
    content = make_approval_pdf(
        sheet(sections=(SheetSection("団体", table=partners(30)),)), FONT, AT
    )
    found = pages(content)
    assert len(found) > 3
    for number, text in enumerate(found, start=1):
        assert f"{number}／{len(found)}" in text
        assert "団体役割分担" in text
    whole = "".join(found)
    assert all(f"とても長い名前の団体{n}" in whole for n in range(30))
    assert whole.count("毎週集めます。") == 30 * 12


def test_a_row_taller_than_a_page_is_carried_on_and_nothing_is_lost() -> None:
    table = SheetTable(("団体", "分担"), (("青空町", "あ" * 6000),), (0.3, 0.7))
    found = pages(make_approval_pdf(sheet(sections=(SheetSection("団体", table=table),)), FONT, AT))
    assert len(found) > 3
    assert "".join(found).count("あ") == 6000


def test_the_same_content_gives_the_same_bytes() -> None:
    first = make_approval_pdf(sheet(), FONT, AT)
    time.sleep(1.1)
    assert make_approval_pdf(sheet(), FONT, AT) == first


@pytest.mark.parametrize(
    "name", ["👨‍👩‍👧の会", "あ" * 300, "\x07a\x00", "𠮷野と辻󠄀と髙﨑", "<b>%s</b>"]
)
def test_hostile_names_do_not_break_the_page(name: str) -> None:
    found = pages(make_approval_pdf(sheet(organization=name, subject=name, drafter=name), FONT, AT))
    assert "1／" in found[0]


def test_missing_characters_are_told_at_the_end() -> None:
    (text,) = pages(make_approval_pdf(sheet(subject="竹🎋🐼"), FONT, AT))
    assert "竹〓〓" in text
    assert "「〓」で表しています（2種類）" in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2026, 1, 9), "令和8年1月9日"),
    ],
)
def test_days_are_written_in_the_era(day: date, words: str) -> None:
    assert official_date(day) == words


def test_boxes_are_bounded() -> None:
    assert not box_problem(USUAL_BOXES)
    assert "1つ以上" in box_problem([])
    assert "8つまで" in box_problem([f"課{n}" for n in range(9)])
    assert "長すぎます" in box_problem(["環境エネルギー課長補佐"])
    assert "同じ名前" in box_problem(["係長", "係長"])


def test_the_font_is_there() -> None:
    assert isinstance(FONT, Path)
