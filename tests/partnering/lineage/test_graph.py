"""The lines of the picture of a lineage: none runs behind a box, none lies on another."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.partnering.lineage.domain import LAYERS, RecordKey, RecordKind
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.graph import BOX_HEIGHT, BOX_WIDTH, ROW_GAP, Box, Drawing, draw
from matchmaker.partnering.lineage.readers import Subject

K = RecordKind
PARTS = 24
"""Points that are looked at of each bend."""
PHONE = 309
"""Width of the picture at 375 CSS pixels, its frame taken off."""
Point = tuple[float, float]


def key(kind: RecordKind, number: int = 0) -> RecordKey:
    return RecordKey(kind, uuid.UUID(int=number))


def family_of(*links: tuple[RecordKey, RecordKey]) -> Family:
    keys = sorted({each for pair in links for each in pair})
    family = Family(keys[0])
    family.subjects.update({each: Subject(each, each.kind.value, "", "") for each in keys})
    family.links.update(links)
    return family


def points(path: str) -> Iterator[Point]:
    """Points along a path of ``M``, ``C`` and ``V``."""
    x = y = 0.0
    for letter, words in re.findall(r"([MCV])([^MCV]*)", path):
        numbers = [float(each) for each in words.split()]
        if letter == "M":
            x, y = numbers
        elif letter == "V":
            for part in range(1, PARTS + 1):
                yield x, y + (numbers[0] - y) * part / PARTS
            y = numbers[0]
        else:
            ends = (x, y), tuple(numbers[:2]), tuple(numbers[2:4]), tuple(numbers[4:])
            for part in range(1, PARTS + 1):
                yield bezier(ends, part / PARTS)
            x, y = numbers[4:]


def bezier(ends: tuple[tuple[float, ...], ...], at: float) -> Point:
    shares = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
    x, y = (
        sum(share * end[axis] for share, end in zip(shares, ends, strict=True)) for axis in (0, 1)
    )
    return x, y


def is_inside(point: Point, box: Box) -> bool:
    x, y = point
    return box.x + 1 < x < box.x + box.width - 1 and box.y + 1 < y < box.y + box.height - 1


def crossed(drawing: Drawing) -> list[str]:
    """Paths with a point inside a box."""
    return [
        path
        for path in drawing.paths
        if any(is_inside(point, box) for point in points(path) for box in drawing.boxes)
    ]


def ways_down(drawing: Drawing) -> list[tuple[str, float, float, float]]:
    """Each straight part beside boxes: where its line begins, its place, from where to where."""
    found = []
    for path in drawing.paths:
        if match := re.match(r"M(\S+ \S+) C\S+ \S+ \S+ \S+ (\S+) (\S+) V(\S+)", path):
            found.append((match[1], float(match[2]), float(match[3]), float(match[4])))
    return found


NUMBERED = st.tuples(st.sampled_from(list(RecordKind)), st.integers(1, 7)).map(
    lambda each: key(*each)
)
PAIRS = st.tuples(NUMBERED, NUMBERED).filter(lambda pair: pair[0] != pair[1])
DOWNWARDS = PAIRS.map(lambda pair: tuple(sorted(pair, key=lambda each: LAYERS[each.kind])))


@pytest.mark.parametrize("boxes_a_row", [1, 4])
@settings(max_examples=60, deadline=None)
@given(links=st.lists(DOWNWARDS, min_size=1, max_size=25, unique=True), hides=st.booleans())
def test_no_line_runs_behind_a_box_or_on_another_line(
    boxes_a_row: int, links: list[tuple[RecordKey, RecordKey]], hides: bool
) -> None:
    family = family_of(*links)
    if hides:
        family.hidden_above = {links[0][1]}
        family.hidden_below = {links[0][0]}
    made = draw(family, boxes_a_row)
    assert crossed(made) == []
    ways = ways_down(made)
    for number, (begin, x, top, bottom) in enumerate(ways):
        assert made.left < x < made.left + made.width
        for other in ways[:number]:
            is_beside = bottom < other[2] or other[3] < top
            assert begin == other[0] or x != other[1] or is_beside


def test_a_line_goes_straight_to_the_next_row() -> None:
    made = draw(family_of((key(K.CONSORTIUM), key(K.PROPOSAL)), (key(K.PROPOSAL), key(K.GROUP))))
    assert ways_down(made) == []
    assert made.width == BOX_WIDTH + 12
    assert made.height == 3 * BOX_HEIGHT + 2 * ROW_GAP + 12


def test_the_line_from_a_need_to_its_proposal_is_led_past_what_stands_between() -> None:
    steps = [K.NEED, K.INTRODUCTION, K.MATCH, K.CONSORTIUM, K.PROPOSAL]
    chain = list(zip(map(key, steps), map(key, steps[1:]), strict=False))
    made = draw(family_of(*chain, (key(K.NEED), key(K.PROPOSAL))))
    ((_, x, top, bottom),) = ways_down(made)
    boxes = {box.key: box for box in made.boxes}
    assert top == boxes[key(K.INTRODUCTION)].y
    assert bottom == boxes[key(K.CONSORTIUM)].y + BOX_HEIGHT
    assert not boxes[key(K.MATCH)].x <= x <= boxes[key(K.MATCH)].x + BOX_WIDTH


def test_a_merged_proposal_stands_above_the_one_it_lives_on_in() -> None:
    old, new = key(K.PROPOSAL, 1), key(K.PROPOSAL, 2)
    made = draw(family_of((old, new)))
    boxes = {box.key: box for box in made.boxes}
    assert boxes[old].y < boxes[new].y
    assert len(made.paths) == 1


def test_the_way_from_a_need_to_a_pilot_fits_a_phone() -> None:
    """One column, with the detours beside it, needs no moving at 375 CSS pixels."""
    steps = [K.INTRODUCTION, K.MATCH, K.CONSORTIUM, K.PROPOSAL, K.GROUP]
    chain = list(zip(map(key, steps), map(key, steps[1:]), strict=False))
    more = [
        (key(K.NEED), key(K.INTRODUCTION)), (key(K.OFFERING), key(K.INTRODUCTION)),
        (key(K.NEED), key(K.PROPOSAL)), (key(K.CONSORTIUM), key(K.PILOT)),
    ]  # fmt: skip
    assert draw(family_of(*chain, *more), boxes_a_row=1).width <= PHONE
