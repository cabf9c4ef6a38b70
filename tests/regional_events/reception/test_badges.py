"""Name badges: every name readable in the PDF, new ones only, a hand-over prints anew."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from config import ROOT
from matchmaker.regional_events.reception.badges import (
    PER_SHEET,
    Badge,
    make_badges,
    missing_characters,
)
from tests.regional_events.reception.door_world import DoorWorld

NAMES = (
    "山田 花子",
    "髙橋 𠮷之助",
    "葛\U000e0100城 邉\U000e0100子",
    "アレクサンドラ・マリア・ヴァレンティーナ・ゴンザレス",
    "李",
    "Jean-Baptiste Emmanuel Zorg",
)


@pytest.fixture(name="font")
def badge_font() -> Path:
    return next((ROOT / "matchmaker/static/dist").glob("badge-*.ttf"))


def words_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def bare(text: str) -> str:
    """Without spaces, line ends and variation selectors."""
    kept = (letter for letter in text if not letter.isspace())
    return "".join(letter for letter in kept if not 0xE0100 <= ord(letter) <= 0xE01EF)


def test_every_name_is_in_the_pdf(font: Path) -> None:
    badges = [
        Badge(name, "ヤマダ ハナコ", "緑山工業株式会社", "登壇者", "ABCD2345EFGH6789")
        for name in NAMES * 2
    ]
    pages = words_of(make_badges(badges, font))
    assert len(pages) == -(-len(badges) // PER_SHEET)
    printed = bare("".join(pages))
    for name in NAMES:
        assert printed.count(bare(name)) == 2, name
    assert printed.count("登壇者") == len(badges)


ODD_NAMES = (
    "",
    " ",
    "😀🎍 花子",
    "\u202e子花\u202c 田山",
    "a\x00b\x07c\r\nd\te",
    "<b>太郎</b> & %s {{ 7 * 7 }} \\n",
    "長" * 10_000,
    "W" * 500,
    "e\u0301\u0327" * 60,
    "مرحبا",
)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_spoil_no_sheet(font: Path, name: str) -> None:
    badges = [
        Badge(name, name, name, name[:20], "ABCD2345EFGH6789"),
        Badge("山田 花子", "", "", "", "ABCD2345EFGH6780"),
    ]
    pages = words_of(make_badges(badges, font))
    assert len(pages) == 1
    assert "山田花子" in bare(pages[0]), "the next person's badge is whole"


def test_a_sheet_shows_ink_in_all_its_places(font: Path) -> None:
    badges = [Badge(f"参加者{n}", "", "", "", f"ABCD2345EFGH678{n}") for n in range(PER_SHEET)]
    picture = pypdfium2.PdfDocument(make_badges(badges, font))[0].render(scale=1).to_pil()
    width, height = picture.size
    for place in range(PER_SHEET):
        left, top = 0.1 + 0.43 * (place % 2), 0.05 + 0.185 * (place // 2)
        box = (left * width, top * height, (left + 0.35) * width, (top + 0.12) * height)
        assert picture.crop(tuple(map(int, box))).convert("L").getextrema()[0] < 100


def test_characters_that_the_font_lacks_are_told(font: Path) -> None:
    assert missing_characters("山田 葛\U000e0101城", font) == ""
    assert missing_characters("山\U00013000田\U00013000", font) == "\U00013000"


def test_only_new_badges_are_printed_the_second_time(app: Flask) -> None:
    world = DoorWorld(app)
    desk = world.client()
    world.stored_person("山田 花子", organization="青空リサイクル")
    path = world.address("/badges")
    assert "まだ印刷していない人" in desk.get(path).text
    first = desk.post(path, data={"scope": "new", "track": ""})
    assert first.mimetype == "application/pdf"
    assert "山田花子" in bare("".join(words_of(first.data)))
    assert desk.post(path, data={"scope": "new", "track": ""}).status_code == 422
    world.stored_person("佐藤 次郎")
    printed = bare("".join(words_of(desk.post(path, data={"scope": "new"}).data)))
    assert "佐藤次郎" in printed
    assert "山田花子" not in printed
    both = bare("".join(words_of(desk.post(path, data={"scope": "all"}).data)))
    assert "佐藤次郎" in both
    assert "山田花子" in both
    assert "青空リサイクル" in both
