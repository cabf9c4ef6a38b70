"""Name badges as PDF: ten on an A4 sheet, each 91 × 55 mm, the size of cards sold for printers.

Text is shaped by HarfBuzz, so that variants of characters chosen by selectors (IVS) are printed as
they are written where the font has them, and as the usual form otherwise (ADR 0046).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
WIDTH, HEIGHT = 91.0, 55.0
COLUMNS, ROWS = 2, 5
PER_SHEET = COLUMNS * ROWS
LEFT = (PAGE_WIDTH - COLUMNS * WIDTH) / 2
TOP = (PAGE_HEIGHT - ROWS * HEIGHT) / 2
PADDING = 5.0
QR_SIZE = 19.0
QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004, 6.3.8)."""

NAME_SIZES = (30.0, 11.0)
"""Largest and smallest size of a name, in points; longer names are set on two lines."""

KANA_SIZES, ORGANIZATION_SIZES, ROLE_SIZE = (9.0, 5.0), (12.0, 6.5), 10.0
POINT = 25.4 / 72
"""Millimetres a point."""

FONT = "badge"
INK, SOFT, LINE, MARK = (30, 30, 30), (90, 90, 90), (190, 190, 190), (0, 90, 60)
SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
BREAKS = frozenset(" \u3000・･-")
NOT_FIRST = frozenset("ーァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ々、。・")
"""Characters that begin no line (JIS X 4051)."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What one badge says.

    Args:
        name: large.
        kana: reading above the name.
        organization: below the name; empty for citizens.
        mark: role in a bar at the foot (登壇者); empty for participants.
        code: what the QR code says.
    """

    name: str
    kana: str
    organization: str
    mark: str
    code: str


def make_badges(badges: Sequence[Badge], font: Path) -> bytes:
    """All badges as one PDF, ten a sheet with thin lines to cut along.

    Args:
        badges: in the order of printing.
        font: TrueType file with Japanese characters; the glyphs used are embedded.
    """
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_title("名札")
    pdf.set_lang("ja")
    pdf.add_font(FONT, fname=font)
    pdf.set_text_shaping(use_shaping_engine=True, language="JAN", script="hani")
    for number, badge in enumerate(badges):
        place = number % PER_SHEET
        if place == 0:
            pdf.add_page()
            _cutting_lines(pdf)
        x = LEFT + place % COLUMNS * WIDTH
        y = TOP + place // COLUMNS * HEIGHT
        _draw(pdf, badge, x, y)
    if not badges:
        pdf.add_page()
    return bytes(pdf.output())


def _cutting_lines(pdf: FPDF) -> None:
    pdf.set_draw_color(*LINE)
    pdf.set_line_width(0.1)
    for column in range(COLUMNS + 1):
        x = LEFT + column * WIDTH
        pdf.line(x, TOP, x, TOP + ROWS * HEIGHT)
    for row in range(ROWS + 1):
        y = TOP + row * HEIGHT
        pdf.line(LEFT, y, LEFT + COLUMNS * WIDTH, y)


def _draw(pdf: FPDF, badge: Badge, x: float, y: float) -> None:
    inner = WIDTH - 2 * PADDING
    beside_code = inner - QR_SIZE - 2
    left = x + PADDING
    pdf.set_text_color(*SOFT)
    _fitted(pdf, badge.kana, left, y + 5, inner, KANA_SIZES)
    pdf.set_text_color(*INK)
    _name(pdf, badge.name, left, y + 9.5, inner)
    _organization(pdf, badge.organization, left, y + 31, beside_code)
    _qr(pdf, badge.code, x + WIDTH - PADDING - QR_SIZE, y + HEIGHT - PADDING - QR_SIZE)
    if badge.mark:
        _mark(pdf, badge.mark, left, y + HEIGHT - PADDING - 7)


def _name(pdf: FPDF, name: str, x: float, y: float, width: float) -> None:
    """The name on one line as large as it fits, or on two when it would get too small."""
    room = 19.0
    largest, smallest = NAME_SIZES
    size = _size_for(pdf, name, width, NAME_SIZES)
    lines = [name]
    if size <= smallest * 1.3 and len(name) > 1:
        lines = _halves(name)
        size = min(_size_for(pdf, line, width, (largest, 6.0)) for line in lines)
        size = min(size, room / len(lines) / (1.25 * POINT))
    step = size * POINT * 1.25
    top = y + (room - step * len(lines)) / 2
    for number, line in enumerate(lines):
        _line(pdf, line, x, top + number * step, size)


def _halves(text: str) -> list[str]:
    """Two lines, broken after the space or dot nearest to the middle, else in the middle."""
    middle = len(text) // 2
    breaks = [place + 1 for place, letter in enumerate(text[:-1]) if letter in BREAKS]
    cut = min(breaks, key=lambda place: abs(place - middle), default=middle)
    if abs(cut - middle) > len(text) // 4:
        cut = middle
    while cut < len(text) and (ord(text[cut]) in SELECTORS or text[cut] in NOT_FIRST):
        cut += 1  # these belong to the character before them
    return [text[:cut].strip(), text[cut:].strip()]


def _organization(pdf: FPDF, text: str, x: float, y: float, width: float) -> None:
    if not text:
        return
    pdf.set_text_color(*INK)
    if _size_for(pdf, text, width, ORGANIZATION_SIZES) > ORGANIZATION_SIZES[1] * 1.2:
        _fitted(pdf, text, x, y, width, ORGANIZATION_SIZES)
        return
    for number, line in enumerate(_halves(text)):
        _fitted(pdf, line, x, y + number * 5, width, (ORGANIZATION_SIZES[0] * 0.8, 4.5))


def _mark(pdf: FPDF, text: str, x: float, y: float) -> None:
    pdf.set_font(FONT, size=ROLE_SIZE)
    width = pdf.get_string_width(text) + 8
    pdf.set_fill_color(*MARK)
    pdf.rect(x, y, width, 7, style="F")
    pdf.set_text_color(255, 255, 255)
    _line(pdf, text, x + 4, y + 1.2, ROLE_SIZE)
    pdf.set_text_color(*INK)


def _fitted(
    pdf: FPDF, text: str, x: float, y: float, width: float, sizes: tuple[float, float]
) -> None:
    if text:
        _line(pdf, text, x, y, _size_for(pdf, text, width, sizes))


def _size_for(pdf: FPDF, text: str, width: float, sizes: tuple[float, float]) -> float:
    """The largest size within ``sizes`` at which ``text`` fits; widths grow with the size."""
    largest, smallest = sizes
    pdf.set_font(FONT, size=largest)
    needed = pdf.get_string_width(text)
    return largest if needed <= width else max(smallest, largest * width / needed)


def _line(pdf: FPDF, text: str, x: float, y: float, size: float) -> None:
    pdf.set_font(FONT, size=size)
    pdf.set_xy(x, y)
    pdf.cell(w=0, h=size * POINT * 1.2, text=text)


def _qr(pdf: FPDF, code: str, x: float, y: float) -> None:
    """The code as filled squares, runs of dark modules joined; error correction M."""
    matrix = segno.make(code, error="m", micro=False).matrix
    module = QR_SIZE / (len(matrix) + 2 * QUIET_ZONE)
    pdf.set_fill_color(0, 0, 0)
    for row, cells in enumerate(matrix):
        for start, length in _runs(cells):
            pdf.rect(
                x + (QUIET_ZONE + start) * module, y + (QUIET_ZONE + row) * module,
                length * module, module, style="F",
            )  # fmt: skip


def _runs(cells: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, dark in enumerate([*cells, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            runs.append((start, place - start))
            start = None
    return runs


@lru_cache(maxsize=1)
def _known_characters(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        table: dict[int, Any] = opened.getBestCmap()
        return frozenset(table)


def missing_characters(text: str, font: Path) -> str:
    """The characters of ``text`` that the font cannot print; the staff write those by hand."""
    known = _known_characters(font)
    wanted = (letter for letter in text if not letter.isspace() and ord(letter) not in SELECTORS)
    return "".join(dict.fromkeys(letter for letter in wanted if ord(letter) not in known))
