"""Problems of any shape for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from matchmaker.partnering.coalitions.grouping import Basis, Candidate, GroupingProblem

MOST_CANDIDATES = 12


@st.composite
def problems(draw: st.DrawFn, most: int = MOST_CANDIDATES) -> GroupingProblem:
    """Up to twelve candidates with ranges, a lot, perhaps a capacity, perhaps a required town."""
    count = draw(st.integers(0, most))
    candidates = []
    for number in range(count):
        low = draw(st.integers(1, 400)) / draw(st.sampled_from((1, 8)))
        high = low * draw(st.sampled_from((1, 1, 1.5, 3)))
        km = draw(st.integers(0, 120))
        candidates.append(Candidate(str(number), low, high, float(km)))
    lot = float(draw(st.integers(1, 1_200)))
    factor = draw(st.sampled_from((None, 1.0, 1.1, 2.0)))
    required = draw(st.sets(st.integers(0, count - 1), max_size=2)) if count else set()
    return GroupingProblem(
        candidates, lot, None if factor is None else lot * factor, draw(st.integers(2, 6)),
        draw(st.sampled_from(Basis)), frozenset(required),
    )  # fmt: skip
