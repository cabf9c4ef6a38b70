"""Agreement, ranking and spread against figures worked out by hand or published."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.working_groups.reviews.agreement import UnitSums, alpha, alpha_of_ratings, in_words
from matchmaker.working_groups.reviews.ranking import Rating, out_of_100, rank, weighted_rate

OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""The reliability data of Krippendorff (2011), section C; for interval data alpha is 0.849."""

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))
STRICT, MILD = (uuid.UUID(int=number) for number in (11, 12))


def columns(rows: tuple[str, ...]) -> list[list[float]]:
    cells = [row.split() for row in rows]
    return [[float(row[n]) for row in cells if row[n] != "."] for n in range(len(cells[0]))]


def test_alpha_is_what_krippendorff_published() -> None:
    assert alpha_of_ratings(columns(OBSERVERS)) == pytest.approx(0.849, abs=0.0005)


def test_alpha_worked_out_by_hand() -> None:
    # Two units, two reviewers: (1, 2) and (3, 3). Observed: (2·1/1 + 0)/4 = 0.5. Expected, over
    # all ordered pairs of 1, 2, 3, 3: 2·(1+4+4+1+1+0)/(4·3) = 22/12. 1 − 0.5/(22/12) = 0.72727…
    assert alpha_of_ratings([[1, 2], [3, 3]]) == pytest.approx(8 / 11)


def test_alpha_is_one_for_full_agreement_and_nothing_where_nothing_varies() -> None:
    assert alpha_of_ratings([[1, 1], [2, 2], [5, 5]]) == pytest.approx(1)
    assert alpha_of_ratings([[3, 3], [3, 3]]) is None
    assert alpha_of_ratings([[1], [2]]) is None
    assert alpha_of_ratings([]) is None
    assert alpha([UnitSums(2, 0.2 * 2, 0.2 * 0.2 * 2)] * 2) is None


def test_words_for_agreement() -> None:
    assert in_words(None) == "まだ比べられません"
    assert len({in_words(value) for value in (0.9, 0.7, 0.2)}) == 3


def test_weights_and_points() -> None:
    # (3·4/5 + 1·1/10) / 4 = 0.625
    assert weighted_rate([(4, 5, 3), (1, 10, 1)]) == pytest.approx(0.625)
    with pytest.raises(ValueError, match="criterion"):
        weighted_rate([])


def test_places_ties_spread_and_the_habits_of_reviewers() -> None:
    ratings = [
        Rating(A, STRICT, 0.5), Rating(A, MILD, 0.9),
        Rating(B, STRICT, 0.6), Rating(B, MILD, 0.8),
        Rating(C, MILD, 0.75),
    ]  # fmt: skip
    ranking = rank(ratings)
    a, b, c = (ranking.positions[each] for each in (A, B, C))
    assert (c.place, a.place, b.place) == (1, 2, 2)
    assert [a.mean, b.mean] == pytest.approx([0.7, 0.7])
    assert a.spread == pytest.approx(0.08**0.5)
    assert [a.low, a.high, a.range] == pytest.approx([0.5, 0.9, 0.4])
    assert (c.reviews, c.spread) == (1, None)
    # Means: strict 0.55, mild 2.45/3, all 3.55/5 = 0.71. C only met the mild reviewer.
    assert ranking.strictness[STRICT] == pytest.approx(-0.16)
    assert c.centred == pytest.approx(0.75 - (2.45 / 3 - 0.71))
    assert (a.centred_place, b.centred_place, c.centred_place) == (1, 1, 3)


def test_an_empty_ranking() -> None:
    ranking = rank([])
    assert (dict(ranking.positions), ranking.agreement, ranking.reviews) == ({}, None, 0)


def test_scores_are_shown_out_of_100() -> None:
    assert (out_of_100(0.62549), out_of_100(None)) == (62.5, None)


RATES = st.lists(
    st.tuples(st.sampled_from([A, B, C]), st.sampled_from([STRICT, MILD]), st.floats(0, 1)),
    unique_by=lambda row: (row[0], row[1]),
    max_size=6,
)


@given(RATES)
def test_rankings_hold_whatever_the_scores(rows: list[tuple[uuid.UUID, uuid.UUID, float]]) -> None:
    ranking = rank([Rating(*row) for row in rows])
    assert set(ranking.positions) == {row[0] for row in rows}
    for position in ranking.positions.values():
        assert position.low <= position.mean + 1e-9 <= position.high + 2e-9
        assert 1 <= position.place <= len(ranking.positions)
        better = [p for p in ranking.positions.values() if p.place < position.place]
        assert all(each.mean > position.mean for each in better)
    assert ranking.agreement is None or ranking.agreement <= 1 + 1e-9
