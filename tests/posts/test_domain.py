"""The life of posts: every move from every state is either allowed or refused, by the table."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.posts.domain import (
    LONGEST_VALIDITY,
    POST_STATES,
    Move,
    PostState,
    normalised_quantity,
    validity_error,
)

S, M = PostState, Move
ALLOWED = {
    (S.DRAFT, M.SUBMIT): S.SUBMITTED,
    (S.RETURNED, M.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, M.WITHDRAW): S.DRAFT,
    (S.SUBMITTED, M.RETURN): S.RETURNED,
    (S.PUBLISHED, M.RETURN): S.RETURNED,
    (S.SUBMITTED, M.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, M.PAUSE): S.PAUSED,
    (S.PAUSED, M.RESUME): S.PUBLISHED,
    (S.PUBLISHED, M.CLOSE): S.CLOSED,
    (S.PAUSED, M.CLOSE): S.CLOSED,
    (S.RETURNED, M.CLOSE): S.CLOSED,
    (S.CLOSED, M.REOPEN): S.PUBLISHED,
}


@pytest.mark.parametrize("state", list(PostState))
@pytest.mark.parametrize("move", list(Move))
def test_each_move_from_each_state(state: PostState, move: Move) -> None:
    expected = ALLOWED.get((state, move))
    if expected is None:
        with pytest.raises(IllegalMove):
            POST_STATES.check(state, move, "理由")
    else:
        assert POST_STATES.check(state, move, "理由") is expected


@pytest.mark.parametrize("move", [m for m, rule in POST_STATES.moves.items() if rule.needs_reason])
def test_some_moves_need_words(move: Move) -> None:
    state = next(iter(POST_STATES.moves[move].sources))
    with pytest.raises(ProductError, match="理由"):
        POST_STATES.check(state, move, "  ")


def test_quantities_become_tonnes_a_year_where_the_unit_is_a_mass() -> None:
    monthly = {"quantity_min": Decimal(500), "quantity_unit": "kg", "quantity_period": "monthly"}
    tonnes = normalised_quantity(monthly)
    assert tonnes is not None
    assert tonnes.low == tonnes.high == Decimal(6)
    volume = {"quantity_min": Decimal(500), "quantity_unit": "m3", "quantity_period": "yearly"}
    assert normalised_quantity(volume) is None
    assert normalised_quantity({}) is None


@given(
    st.decimals(0, 10**6, places=3),
    st.decimals(0, 10**6, places=3),
    st.sampled_from(["kg", "t"]),
    st.sampled_from(["yearly", "monthly", "weekly", "daily", "one_off"]),
)
def test_a_range_keeps_its_order(low: Decimal, high: Decimal, unit: str, period: str) -> None:
    low, high = sorted((low, high))
    values = {
        "quantity_min": low,
        "quantity_max": high,
        "quantity_unit": unit,
        "quantity_period": period,
    }
    tonnes = normalised_quantity(values)
    assert tonnes is not None
    assert 0 <= tonnes.low <= tonnes.high


def test_the_date_of_expiry_is_neither_past_nor_far_away() -> None:
    today = date(2026, 3, 31)
    assert validity_error(None, today) is None
    assert validity_error(today, today) is None
    assert validity_error(today + LONGEST_VALIDITY, today) is None
    assert "きょう以降" in (validity_error(today - timedelta(days=1), today) or "")
    assert "3年以内" in (validity_error(today + LONGEST_VALIDITY + timedelta(days=1), today) or "")
