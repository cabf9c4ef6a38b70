"""Drawing a family as rows of boxes with lines between them. Pure geometry, in units of the SVG."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from matchmaker.partnering.lineage.domain import KIND_LABELS, LAYERS, RecordKey
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.readers import Subject

BOX_WIDTH, BOX_HEIGHT = 208, 74
GAP_X, GAP_Y, ROW_GAP = 20, 14, 44
BOXES_A_ROW = 4
MARGIN = 6
LINE_LENGTH, LINES = 12, 2
HIDDEN = "非公開の記録"
HIDDEN_HEIGHT = 34
BOW = 48
"""How far a line that passes a box is drawn out to the side; three quarters of it are reached."""


@dataclass(frozen=True, slots=True)
class Box:
    """One record, or what is hidden.

    Args:
        x, y, width, height: its place.
        kind_label: 「ニーズ」; empty for what is hidden.
        lines: the title, cut to two lines.
        key: the record; None for what is hidden.
    """

    x: float
    y: float
    width: float
    height: float
    kind_label: str
    lines: tuple[str, ...]
    key: RecordKey | None = None
    title: str = ""
    state_label: str = ""
    is_start: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """All boxes, and the path of each line."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]


def draw(family: Family) -> Drawing:
    """Lay the family out: what it came from above, what became of it below."""
    y = float(MARGIN)
    boxes: list[Box] = []
    width = _width(family)
    if family.hidden_above:
        boxes.append(_hidden_box(width, y))
        y += HIDDEN_HEIGHT + ROW_GAP
    for _, row in groupby(family.in_order(), key=lambda each: LAYERS[each.key.kind]):
        made = _row(list(row), family.start, width, y)
        boxes += made
        y = made[-1].y + BOX_HEIGHT + ROW_GAP
    if family.hidden_below:
        boxes.append(_hidden_box(width, y))
        y += HIDDEN_HEIGHT + ROW_GAP
    paths = _paths(family, boxes)
    return Drawing(_reach(family, boxes, width), y - ROW_GAP + MARGIN, tuple(boxes), tuple(paths))


def _width(family: Family) -> float:
    counts: dict[int, int] = {}
    for key in family.subjects:
        counts[LAYERS[key.kind]] = counts.get(LAYERS[key.kind], 0) + 1
    most = min(BOXES_A_ROW, max(counts.values()))
    return most * BOX_WIDTH + (most - 1) * GAP_X + 2 * MARGIN


def _row(row: list[Subject], start: RecordKey, width: float, y: float) -> list[Box]:
    made = []
    for first in range(0, len(row), BOXES_A_ROW):
        line = row[first : first + BOXES_A_ROW]
        taken = len(line) * BOX_WIDTH + (len(line) - 1) * GAP_X
        left = (width - taken) / 2
        top = y + first // BOXES_A_ROW * (BOX_HEIGHT + GAP_Y)
        for place, subject in enumerate(line):
            x = left + place * (BOX_WIDTH + GAP_X)
            made.append(_box(subject, x, top, is_start=subject.key == start))
    return made


def _box(subject: Subject, x: float, y: float, *, is_start: bool) -> Box:
    return Box(
        x, y, BOX_WIDTH, BOX_HEIGHT, KIND_LABELS[subject.key.kind], cut(subject.title),
        subject.key, subject.title, subject.state_label, is_start,
    )  # fmt: skip


def _hidden_box(width: float, y: float) -> Box:
    x = (width - BOX_WIDTH) / 2
    return Box(x, y, BOX_WIDTH, HIDDEN_HEIGHT, "", (HIDDEN,), title=HIDDEN)


def cut(title: str) -> tuple[str, ...]:
    """A title as at most two lines of 12 characters; what is left out is marked."""
    lines = [title[at : at + LINE_LENGTH] for at in range(0, len(title), LINE_LENGTH)]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]
    return tuple(lines)


def _paths(family: Family, boxes: list[Box]) -> list[str]:
    places = {box.key: box for box in boxes if box.key}
    paths = [_path(places[parent], places[child]) for parent, child in sorted(family.links)]
    if family.hidden_above:
        paths += [_path(boxes[0], places[key]) for key in sorted(family.hidden_above)]
    if family.hidden_below:
        paths += [_path(places[key], boxes[-1]) for key in sorted(family.hidden_below)]
    return paths


def _reach(family: Family, boxes: list[Box], width: float) -> float:
    """The width with the lines that are drawn out to the side."""
    places = {box.key: box for box in boxes if box.key}
    pairs = [(places[parent], places[child]) for parent, child in family.links]
    sides = [_right(*pair) + BOW * 3 / 4 + MARGIN for pair in pairs if _passes_box(*pair)]
    return max([width, *sides])


def _passes_box(upper: Box, lower: Box) -> bool:
    """Whether a straight line would run through a row in between, as if it began or ended there."""
    is_far = lower.y - upper.y - upper.height > BOX_HEIGHT
    return is_far and abs(upper.x + upper.width / 2 - lower.x - lower.width / 2) < BOX_WIDTH / 2


def _right(upper: Box, lower: Box) -> float:
    return max(upper.x + upper.width, lower.x + lower.width)


def _path(upper: Box, lower: Box) -> str:
    """A smooth line from the lower edge to the upper edge, or round what stands in between."""
    if _passes_box(upper, lower):
        x1, y1 = upper.x + upper.width, upper.y + upper.height / 2
        x2, y2 = lower.x + lower.width, lower.y + lower.height / 2
        side = _right(upper, lower) + BOW
        return f"M{x1:g} {y1:g} C{side:g} {y1:g} {side:g} {y2:g} {x2:g} {y2:g}"
    x1, y1 = upper.x + upper.width / 2, upper.y + upper.height
    x2, y2 = lower.x + lower.width / 2, lower.y
    middle = (y1 + y2) / 2
    return f"M{x1:g} {y1:g} C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}"
