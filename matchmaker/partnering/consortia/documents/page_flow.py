"""Sets texts and tables on A4 pages from top to bottom; what does not fit goes on to the next page.

Only places are computed here, in millimetres from the upper left corner; ``approval_pdf`` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matchmaker.partnering.consortia.documents.domain import SheetTable
from matchmaker.partnering.consortia.documents.line_breaking import FontMetrics, broken

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 25.0, 185.0, 20.0, 275.0
"""The left margin leaves room for the holes of a file."""

WIDTH = RIGHT - LEFT
POINT = 25.4 / 72
"""Millimetres a point."""

BODY, SMALL = 10.5, 9.0
LEADING = 1.65
"""Distance of lines in ems."""

CELL_PADDING = 1.6
HEAD_ROOM = 3
"""Lines that stand under a heading at least before a page may end."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A line of text: left edge, top edge, size in points."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A straight line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class PlacedFill:
    """A lightly shaded rectangle, drawn before what stands on it."""

    x: float
    y: float
    width: float
    height: float


Mark = PlacedText | PlacedLine | PlacedFill


def line_height(size: float) -> float:
    """Distance of two lines of a size in points, in millimetres."""
    return size * POINT * LEADING


@dataclass(slots=True)
class PageFlow:
    """Pages being filled.

    Args:
        metrics: of the font.
        y: where the next thing begins.
        pages: marks of each page.
    """

    metrics: FontMetrics
    y: float = TOP
    pages: list[list[Mark]] = field(default_factory=lambda: [[]])

    def turn_page(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append([])
        self.y = TOP

    def reserve(self, height: float) -> None:
        """Turn the page unless ``height`` fits, or the page is still empty."""
        if self.y + height > BOTTOM and self.y > TOP:
            self.turn_page()

    def put(self, mark: Mark) -> None:
        """Place one mark on the present page."""
        self.pages[-1].append(mark)

    def lines_of(self, text: str, width: float, size: float) -> list[str]:
        """The lines of a text that is ``width`` millimetres wide at most."""
        return broken(self.metrics.printable(text), width, size * POINT, self.metrics)

    def heading(self, text: str, size: float = 11.5) -> None:
        """A heading that does not stand alone at the foot of a page."""
        lines = self.lines_of(text, WIDTH, size)
        self.y += 3.0 if self.y > TOP else 0
        self.reserve(line_height(size) * len(lines) + line_height(BODY) * HEAD_ROOM)
        for line in lines:
            self.put(PlacedText(LEFT, self.y, size, line))
            self.y += line_height(size)
        self.y += 0.8

    def paragraphs(self, text: str, indent: float = 0.0, size: float = BODY) -> None:
        """A text with its own line ends, over as many pages as it needs."""
        for line in self.lines_of(text, WIDTH - indent, size):
            self.reserve(line_height(size))
            self.put(PlacedText(LEFT + indent, self.y, size, line))
            self.y += line_height(size)

    def table(self, table: SheetTable, size: float = SMALL) -> None:
        """A table with lines; its header stands again on each further page."""
        columns = [WIDTH * share for share in table.widths]
        header = self._cells(table.headers, columns, size)
        self.y += 1.0
        self.reserve(self._height(header, size) + line_height(size) * 2)
        self._row(header, columns, size, is_header=True)
        for row in table.rows:
            cells = self._cells(row, columns, size)
            while cells:
                cells = self._part(cells, header, columns, size)
        self.y += 2.0

    def _cells(
        self, texts: Sequence[str], columns: Sequence[float], size: float
    ) -> list[list[str]]:
        return [
            self.lines_of(text, width - 2 * CELL_PADDING, size)
            for text, width in zip(texts, columns, strict=True)
        ]

    def _part(
        self,
        cells: list[list[str]],
        header: list[list[str]],
        columns: Sequence[float],
        size: float,
    ) -> list[list[str]]:
        """Draw as much of a row as fits; what is left of it comes back."""
        most = int((BOTTOM - self.y - 2 * CELL_PADDING) / line_height(size) + 1e-6)
        tallest = max(map(len, cells))
        if most < min(tallest, HEAD_ROOM):
            self.turn_page()
            self._row(header, columns, size, is_header=True)
            return cells
        self._row([lines[:most] for lines in cells], columns, size)
        return [lines[most:] for lines in cells] if tallest > most else []

    def _height(self, cells: Sequence[Sequence[str]], size: float) -> float:
        return max(map(len, cells)) * line_height(size) + 2 * CELL_PADDING

    def _row(
        self,
        cells: Sequence[Sequence[str]],
        columns: Sequence[float],
        size: float,
        *,
        is_header: bool = False,
    ) -> None:
        height = self._height(cells, size)
        if is_header:
            self.put(PlacedFill(LEFT, self.y, WIDTH, height))
        x = LEFT
        for lines, width in zip(cells, columns, strict=True):
            self.frame(x, self.y, width, height)
            for number, line in enumerate(lines):
                y = self.y + CELL_PADDING + number * line_height(size)
                self.put(PlacedText(x + CELL_PADDING, y, size, line))
            x += width
        self.y += height

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """The four sides of a rectangle."""
        right, bottom = x + width, y + height
        for sides in (
            (x, y, right, y), (x, bottom, right, bottom), (x, y, x, bottom),
            (right, y, right, bottom),
        ):  # fmt: skip
            self.put(PlacedLine(*sides))
