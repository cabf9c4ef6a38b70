"""Grades, agreement, what teaches most: the pure rules of the ledger."""

from __future__ import annotations

import pytest

from matchmaker.core.errors import ProductError
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.ledger.agreement import in_words, weighted_kappa
from matchmaker.matching.ledger.domain import (
    REGION_OF,
    REGIONS,
    Cause,
    Fit,
    LedgerFilter,
    causes_of,
    check_reason,
    reading_of_answer,
    reading_of_judgement,
    teaching_value,
    uncertainty,
)


@pytest.mark.parametrize(
    ("fit", "reason", "grade"),
    [
        (Fit.FITS, "conditions", 3),
        (Fit.FITS, "content", 2),
        (Fit.FITS, "", 2),
        (Fit.PARTLY, "part", 2),
        (Fit.PARTLY, "adaptable", 2),
        (Fit.PARTLY, "area", 1),
        (Fit.PARTLY, "material", 1),
        (Fit.NOT, "material", 0),
        (Fit.NOT, "process", 0),
        (Fit.NOT, "area", 1),
        (Fit.NOT, "licence", 1),
        (Fit.NOT, "cost", None),
    ],
)
def test_a_judgement_has_the_grade_of_the_judged_sets(
    fit: Fit, reason: str, grade: int | None
) -> None:
    assert reading_of_judgement(fit, reason).grade == grade


@pytest.mark.parametrize(
    ("verdict", "reason", "grade"),
    [
        ("useful", "", 2),
        ("wrong", "material", 0),
        ("wrong", "quantity", 1),
        ("wrong", "known", None),
        ("wrong", "cost", None),
    ],
)
def test_an_answer_in_passing_counts_less_than_a_judgement(
    verdict: str, reason: str, grade: int | None
) -> None:
    reading = reading_of_answer(verdict, reason)
    assert reading.grade == grade
    assert reading.weight < reading_of_judgement(Fit.FITS, "").weight
    assert reading_of_answer("wrong", "other").weight < reading_of_answer("wrong", "area").weight


@pytest.mark.parametrize(
    ("fit", "reason"),
    [(Fit.NOT, ""), (Fit.PARTLY, ""), (Fit.NOT, "content"), (Fit.FITS, "area"), (Fit.NOT, "known"),
     (Fit.PARTLY, "nonsense")],
)  # fmt: skip
def test_a_reason_has_to_belong_to_the_verdict(fit: Fit, reason: str) -> None:
    with pytest.raises(ProductError) as refused:
        check_reason(fit, reason)
    assert refused.value.field == "reason"


def test_kappa_is_one_for_agreement_and_falls_with_the_distance() -> None:
    same = [(0, 0), (1, 1), (2, 2)]
    assert weighted_kappa(same) == pytest.approx(1)
    near = weighted_kappa([*same, (1, 2)])
    far = weighted_kappa([*same, (0, 2)])
    assert near is not None
    assert far is not None
    assert 1 > near > far
    assert weighted_kappa([(0, 2), (2, 0)]) == pytest.approx(-1)


def test_kappa_follows_the_formula_on_a_worked_example() -> None:
    # Marginals of both together: 不適 3/8, 一部 2/8, 適 3/8; seen disagreement (1 + 1) / 4.
    pairs = [(0, 0), (0, 1), (2, 2), (1, 2)]
    by_chance = 2 * (1 * 3 * 2 + 2 * 3 * 3 + 1 * 2 * 3) / 64
    assert weighted_kappa(pairs) == pytest.approx(1 - 0.5 / by_chance)


def test_kappa_is_not_told_where_it_is_not_defined() -> None:
    assert weighted_kappa([]) is None
    assert weighted_kappa([(2, 2), (2, 2)]) is None
    assert in_words(None) == "まだ計算できません"
    assert in_words(0.9) != in_words(0.1)


def test_doubt_teaches_most() -> None:
    assert uncertainty(0.5) == pytest.approx(1)
    assert uncertainty(0.5) > uncertainty(0.3) > uncertainty(0.02) > 0
    assert uncertainty(0) == pytest.approx(0, abs=1e-6)
    assert uncertainty(None) == 0.5
    plain = teaching_value(0.3, [])
    assert teaching_value(0.3, [Cause.DISAGREEMENT]) > teaching_value(0.3, [Cause.EDGE]) > plain


def test_a_probability_near_a_word_s_edge_is_told_apart() -> None:
    assert Cause.EDGE in causes_of(0.2)
    assert Cause.EDGE not in causes_of(0.35)
    assert causes_of(0.99) == []
    assert Cause.UNCERTAIN in causes_of(0.5)


def test_each_prefecture_stands_in_one_region() -> None:
    listed = [name for names in REGIONS.values() for name in names]
    assert sorted(listed) == sorted(PREFECTURES)
    assert set(REGION_OF) == set(PREFECTURES)


def test_a_filter_takes_only_words_that_it_knows() -> None:
    wanted = LedgerFilter.of({"region": "火星", "who": "someone", "split": "1", "source": "answer"})
    assert wanted == LedgerFilter(source="answer", split=True)
    assert wanted.active == 2
