from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.evaluation import (
    mean,
    mrr3,
    ndcg10,
    p1,
    paired_interval,
    per_query,
    recall10,
)

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}
IDS = [f"p{i}" for i in range(15)]


def test_gains_are_two_to_the_grade_less_one() -> None:
    ideal = 7 + 3 / math.log2(3) + 1 / 2
    assert ndcg10(["a", "b", "c"], GRADES) == pytest.approx(1)
    assert ndcg10(["x", "b", "a"], GRADES) == pytest.approx((3 / math.log2(3) + 7 / 2) / ideal)


def test_only_the_first_ten_count_for_ndcg_and_recall() -> None:
    late = [f"x{i}" for i in range(10)] + ["a", "b"]
    assert ndcg10(late, GRADES) == 0
    assert recall10(late, GRADES) == 0
    assert recall10(["x", "b"], GRADES) == 0.5


def test_the_first_grade_three_and_the_first_place_are_measured() -> None:
    assert mrr3(["b", "c", "a"], GRADES) == pytest.approx(1 / 3)
    assert mrr3(["b"], GRADES) == 0
    assert p1(["b"], GRADES) == 1
    assert p1(["c", "a"], GRADES) == 0
    assert p1([], GRADES) == 0


def test_a_measure_without_anything_to_find_is_left_out_of_the_mean() -> None:
    values = per_query({"n1": ["a"], "n2": ["a"]}, {"n1": {"a": 3}, "n2": {"a": 1}})
    assert math.isnan(values["mrr3"][1])
    assert mean(values["mrr3"]) == 1
    assert mean(np.array([math.nan])) == 0


@given(st.permutations(IDS), st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), max_size=12))
def test_every_measure_lies_between_nought_and_one(ids: list[str], grades: dict[str, int]) -> None:
    for metric in (ndcg10, mrr3, recall10, p1):
        value = metric(ids, grades)
        assert math.isnan(value) or 0 <= value <= 1 + 1e-12
    best_first = sorted(ids, key=lambda id: -grades.get(id, 0))
    assert math.isnan(ndcg10(ids, grades)) or ndcg10(best_first, grades) == pytest.approx(1)


def test_an_interval_holds_its_difference_and_repeats() -> None:
    numbers = np.random.default_rng(3)
    first, second = numbers.random(50) + 0.2, numbers.random(50)
    interval = paired_interval(first, second)
    assert interval.low < interval.difference < interval.high
    assert interval == paired_interval(first, second)
    assert paired_interval(first, first).high == 0
