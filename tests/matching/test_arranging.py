"""The order of places: the same matter first, then conditions, then chances."""

from __future__ import annotations

import uuid

import pytest

from embeddings.prospects import Prospect, Silence
from embeddings.ranking import Ranked, Reasons
from embeddings.store import TwoSidedIndex
from embeddings.structure import Constraint, Finding, Verdict
from matchmaker.matching.arranging import in_order

TOLD = Prospect(together=0.4, town=0.6, business=0.6)
OTHER_MATTER = Prospect(together=0.15, town=0.1, business=0.9)
SILENT = Prospect(together=0.4, town=0.5, business=0.5, silence=Silence.NO_VECTORS)
OUTSIDE = Finding(Constraint.SERVICE_AREA, Verdict.VIOLATED, "福岡県", "鹿児島県")


def place(
    id: str, prospect: Prospect | None, *, breaks: bool = False, material: bool = False
) -> Ranked:
    """One place of a ranking."""
    reasons = Reasons(
        shared_materials=("竹材",) if material else (), shared_methods=(), shared_stages=(),
        distance_km=None, findings=(OUTSIDE,) if breaks else (), pair=None,
    )  # fmt: skip
    return Ranked(id, 0.0, {}, reasons, prospect)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (place("worse", OTHER_MATTER), place("better", TOLD, breaks=True)),
        (place("worse", TOLD, breaks=True), place("better", TOLD)),
        (place("worse", SILENT), place("better", SILENT, breaks=True, material=True)),
        (place("worse", None), place("better", None, breaks=True, material=True)),
        (
            place("worse", SILENT, breaks=True, material=True),
            place("better", SILENT, material=True),
        ),
    ],
    ids=["same matter", "conditions", "material without vectors", "no prospect", "both silent"],
)
def test_the_same_matter_comes_first_then_what_breaks_no_condition(
    worse: Ranked, better: Ranked
) -> None:
    side = TwoSidedIndex(None, dimension=8).offerings
    owners = {"worse": uuid.UUID(int=1), "better": uuid.UUID(int=2)}
    shown = in_order([worse, better], side, owners, {})  # type: ignore[arg-type]
    assert [each.ranked.id for each in shown] == ["better", "worse"]
