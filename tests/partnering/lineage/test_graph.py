"""The lines of the picture of a lineage."""

from __future__ import annotations

from matchmaker.core.db import new_id
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.graph import BOX_WIDTH, Drawing, draw
from matchmaker.partnering.lineage.readers import Subject

K = RecordKind
STRAIGHT = "C110 "
"""How the bend of a line down the middle of one column of boxes begins."""


def drawing(*links: tuple[RecordKind, RecordKind]) -> Drawing:
    """One record of each kind in one column."""
    keys = {kind: RecordKey(kind, new_id()) for pair in links for kind in pair}
    family = Family(keys[K.CONSORTIUM])
    family.subjects.update({key: Subject(key, kind.value, "", "") for kind, key in keys.items()})
    family.links.update((keys[upper], keys[lower]) for upper, lower in links)
    return draw(family)


def test_a_line_goes_straight_to_the_next_row() -> None:
    made = drawing((K.CONSORTIUM, K.PROPOSAL), (K.PROPOSAL, K.GROUP))
    assert all(STRAIGHT in path for path in made.paths)
    assert made.width == BOX_WIDTH + 12


def test_a_line_goes_round_boxes_to_which_it_does_not_belong() -> None:
    made = drawing((K.CONSORTIUM, K.PROPOSAL), (K.PROPOSAL, K.GROUP), (K.CONSORTIUM, K.PILOT))
    (around,) = [path for path in made.paths if STRAIGHT not in path]
    right = max(box.x + box.width for box in made.boxes)
    assert around.startswith(f"M{right:g} ")
    assert made.width > right + 36
