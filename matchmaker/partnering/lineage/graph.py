"""Drawing a family as rows of boxes with lines between them. Pure geometry, in units of the SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.partnering.lineage.domain import KIND_LABELS, LAYERS, RecordKey
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.readers import Subject
from matchmaker.partnering.lineage.routing import Link, route

BOX_WIDTH, BOX_HEIGHT = 208, 74
GAP_X, ROW_GAP = 32, 44
BOXES_A_ROW = 4
MARGIN = 6
LINE_LENGTH, LINES = 12, 2
NEVER_FIRST = tuple("、。，．」』）】・ー")
HIDDEN = "非公開の記録"
HIDDEN_HEIGHT = 34


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
    """All boxes, and the path of each line.

    Args:
        left: where it begins on the left; negative where lines lead round the first column.
    """

    left: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]


def draw(family: Family, boxes_a_row: int = BOXES_A_ROW) -> Drawing:
    """Lay the family out: what it came from above, what became of it below.

    Args:
        boxes_a_row: so many at the most stand side by side; one for narrow screens.
    """
    rows = _placed(family, _lines_of(family, boxes_a_row))
    routes = route(rows, _links(family, rows))
    left = routes.left - MARGIN
    bottom = rows[-1][0].y + rows[-1][0].height
    boxes = tuple(box for row in rows for box in row)
    return Drawing(left, routes.right + MARGIN - left, bottom + MARGIN, boxes, routes.paths)


def _lines_of(family: Family, most: int) -> list[list[Subject]]:
    """Who stands beside whom: by kind, and below what it grew from within the same kind."""
    depths = _depths(family)
    rows: dict[tuple[int, int], list[Subject]] = defaultdict(list)
    for subject in family.in_order():
        rows[LAYERS[subject.key.kind], depths[subject.key]].append(subject)
    return [list(part) for place in sorted(rows) for part in _parted(rows[place], most)]


def _depths(family: Family) -> Mapping[RecordKey, int]:
    """How many links lead to a record from records of its own row; a circle does no harm."""
    depths = dict.fromkeys(family.subjects, 0)
    within = [pair for pair in family.links if LAYERS[pair[0].kind] == LAYERS[pair[1].kind]]
    for _ in within:
        for parent, child in sorted(within):
            depths[child] = min(max(depths[child], depths[parent] + 1), len(within))
    return depths


def _parted(row: Sequence[Subject], most: int) -> Iterator[Sequence[Subject]]:
    """A row in even parts, so that none is left alone."""
    count = -(-len(row) // most)
    size = -(-len(row) // count)
    for first in range(0, len(row), size):
        yield row[first : first + size]


def _placed(family: Family, lines: list[list[Subject]]) -> list[list[Box]]:
    """Boxes with their places; each row stands in the middle."""
    middle = max(_breadth(len(line)) for line in lines) / 2
    y = 0.0 + MARGIN
    rows: list[list[Box]] = []
    if family.hidden_above:
        rows.append([_hidden_box(middle, y)])
        y += HIDDEN_HEIGHT + ROW_GAP
    for line in lines:
        left = middle - _breadth(len(line)) / 2
        rows.append(
            [
                _box(subject, left + place * (BOX_WIDTH + GAP_X), y, family.start)
                for place, subject in enumerate(line)
            ]
        )
        y += BOX_HEIGHT + ROW_GAP
    if family.hidden_below:
        rows.append([_hidden_box(middle, y)])
    return rows


def _breadth(count: int) -> float:
    return count * BOX_WIDTH + (count - 1) * GAP_X


def _box(subject: Subject, x: float, y: float, start: RecordKey) -> Box:
    return Box(
        x, y, BOX_WIDTH, BOX_HEIGHT, KIND_LABELS[subject.key.kind], cut(subject.title),
        subject.key, subject.title, subject.state_label, subject.key == start,
    )  # fmt: skip


def _hidden_box(middle: float, y: float) -> Box:
    x = middle - BOX_WIDTH / 2
    return Box(x, y, BOX_WIDTH, HIDDEN_HEIGHT, "", (HIDDEN,), title=HIDDEN)


def cut(title: str) -> tuple[str, ...]:
    """A title as at most two lines of about 12 characters; what is left out is marked.

    A mark that begins no line in Japanese stands at the end of the one before.
    """
    lines: list[str] = []
    rest = title
    while rest and len(lines) < LINES:
        length = LINE_LENGTH + (rest[LINE_LENGTH : LINE_LENGTH + 1] in NEVER_FIRST)
        lines.append(rest[:length])
        rest = rest[length:]
    return (*lines[:-1], f"{lines[-1][: LINE_LENGTH - 1]}…") if rest else tuple(lines)


def _links(family: Family, rows: list[list[Box]]) -> list[Link]:
    """All lines between rows, the upper end first."""
    places = {
        box.key: (number, place)
        for number, row in enumerate(rows)
        for place, box in enumerate(row)
        if box.key
    }
    pairs = [(places[parent], places[child]) for parent, child in sorted(family.links)]
    pairs += [((0, 0), places[key]) for key in sorted(family.hidden_above)]
    pairs += [(places[key], (len(rows) - 1, 0)) for key in sorted(family.hidden_below)]
    ends = (sorted(pair) for pair in pairs)
    return [Link(upper, lower) for upper, lower in ends if upper[0] != lower[0]]
