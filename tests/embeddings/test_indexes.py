from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.bm25 import Bm25Index
from embeddings.indexes.dense import DenseRows
from embeddings.indexes.rows import AllExcept, Rows
from embeddings.indexes.words import WordRows

IDS = st.sampled_from([f"p{i}" for i in range(8)])
WORDS = st.lists(st.sampled_from("紙竹油瓦灰泥"), max_size=12)
STEPS = st.lists(st.tuples(st.sampled_from(["upsert", "remove"]), IDS, WORDS), max_size=60)


def vector(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


@settings(deadline=None)
@given(STEPS, WORDS)
def test_an_index_kept_up_to_date_equals_one_built_anew(
    steps: list[tuple[str, str, list[str]]], query: list[str]
) -> None:
    kept, state = Bm25Index(), dict[str, list[str]]()
    for step, id, words in steps:
        if step == "upsert":
            kept.upsert(id, words)
            state[id] = words
        else:
            kept.remove(id)
            state.pop(id, None)
        kept.search(query, 3)
    fresh = Bm25Index()
    for id, words in state.items():
        fresh.upsert(id, words)
    assert len(kept) == len(state)
    ids = sorted(state)
    np.testing.assert_allclose(kept.scores(query, ids), fresh.scores(query, ids))


def test_clearing_out_removed_posts_changes_no_score() -> None:
    index = Bm25Index()
    for i in range(300):
        index.upsert(f"p{i}", ["紙", "竹"] if i % 3 else ["油"])
    before = index.scores(["油", "竹"], ["p299", "p297"])
    for i in range(100, 250):
        index.upsert(f"x{i}", ["灰"])
    for i in range(100, 250):
        index.remove(f"x{i}")
    np.testing.assert_allclose(index.scores(["油", "竹"], ["p299", "p297"]), before)


def test_words_rank_by_rarity_and_ties_by_id() -> None:
    index = Bm25Index()
    for id, words in {"c": ["紙"], "a": ["紙"], "b": ["紙", "竹"], "d": []}.items():
        index.upsert(id, words)
    assert [id for id, _ in index.search(["竹", "紙"], 10)] == ["b", "a", "c"]
    assert [id for id, _ in index.search(["紙"], 1, only={"c", "a", "x"})] == ["a"]
    assert index.search(["油"], 5) == []
    assert Bm25Index().search(["紙"], 5) == []


def test_a_large_index_passes_over_common_words_and_forgets_removed_posts() -> None:
    index = WordRows(exact_up_to=100, most_postings=150)
    for row in range(400):
        index.upsert(row, ["こと", "紙" if row % 100 else "竹", f"語{row}"])
    assert not index.is_exact
    assert {row for row, _ in index.search(["こと", "竹"], 10)} == {0, 100, 200, 300}
    for row in range(100, 400):
        index.remove(row)
    assert {row for row, _ in index.search(["竹"], 10)} == {0}
    index.upsert(0, ["油"])
    assert index.search(["竹"], 10) == []
    assert [row for row, _ in index.search(["油"], 10)] == [0]
    with pytest.raises(KeyError):
        index.scores(["油"], [399])


def test_of_too_common_words_a_large_index_keeps_no_list_and_knows_that_they_are_common() -> None:
    index = WordRows(exact_up_to=100, most_postings=150)
    for row in range(400):
        index.upsert(row, ["こと", "竹" if row % 100 == 0 else "紙"])
    again = WordRows(exact_up_to=100, most_postings=150)
    again.take(index.to_arrays())
    for each in (index, again):
        arrays = each.to_arrays()
        assert arrays["common"].tobytes().decode().split("\n") == ["こと", "紙"]
        assert arrays["common_counts"].tolist() == [400, 396]
        assert len(arrays["slots"]) == 4
        assert each.search(["こと"], 10) == []
        assert {row for row, _ in each.search(["こと", "竹"], 10)} == {0, 100, 200, 300}
    for row in range(1, 300):
        again.remove(row)
    assert again.to_arrays()["common_counts"].tolist()[0] < 200, "cleared out in proportion"


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7), st.integers(-5, 5)), max_size=40))
def test_upserting_a_vector_never_leaves_two(steps: list[tuple[bool, int, int]]) -> None:
    index, state = DenseRows(2), dict[int, int]()
    for is_upsert, row, value in steps:
        if is_upsert:
            index.upsert(np.array([row]), vector(value, 1)[None])
            state[row] = value
        else:
            index.remove(np.array([row]))
            state.pop(row, None)
    found = index.search(vector(1, 0), 50)
    assert {row: round(score) for row, score in found} == state
    assert len(found) == len(state) == len(index)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)


def test_a_search_can_be_narrowed() -> None:
    index = DenseRows(2)
    index.upsert(np.arange(20), np.stack([vector(i, 1) for i in range(20)]))
    chosen = np.zeros(20, dtype=np.bool_)
    assert index.search(vector(1, 0), 2, chosen) == []
    chosen[[3, 7]] = True
    assert [row for row, _ in index.search(vector(1, 0), 5, chosen)] == [7, 3]


@pytest.mark.parametrize("bad", [[1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_a_vector_of_another_length_or_not_finite_is_refused(bad: list[float]) -> None:
    index = DenseRows(2)
    with pytest.raises(ValueError, match="finite vectors of length 2"):
        index.upsert(np.array([0]), vector(*bad)[None])
    assert len(index) == 0


def scattered(count: int, seed: int = 7) -> npt.NDArray[np.float32]:
    """Unit vectors around eight centres, all leaning to one side as an encoder's do."""
    numbers = np.random.default_rng(seed)
    rows = numbers.normal(size=(count, 32)) + 2 * numbers.normal(size=(8, 32))[np.arange(count) % 8]
    rows[:, 0] += 5
    unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit.astype(np.float32)


def test_a_large_index_finds_nearly_all_and_follows_every_change() -> None:
    vectors = scattered(6_000)
    index = DenseRows(32, exact_up_to=2_000)
    for start in range(0, 6_000, 500):
        index.upsert(np.arange(start, start + 500), vectors[start : start + 500])
    assert not index.is_exact
    share = []
    for query in scattered(20, seed=8) - vectors.mean(axis=0):
        best = set(np.argsort(-(vectors @ query))[:50].tolist())
        share.append(len(best & {row for row, _ in index.search(query, 100)}) / 50)
    assert np.mean(share) >= 0.98
    query = vectors[17] - vectors.mean(axis=0)
    index.remove(np.arange(0, 6_000, 17))
    assert not {row for row, _ in index.search(query, 200)} & set(range(0, 6_000, 17))
    index.upsert(np.array([17, 4]), -vectors[[17, 4]])
    assert 17 not in {row for row, _ in index.search(query, 50)}
    index.upsert(np.array([17]), vectors[[17]])
    assert 17 in {row for row, _ in index.search(query, 1)}
    chosen = np.zeros(6_000, dtype=np.bool_)
    chosen[[17, 18]] = True
    assert {row for row, _ in index.search(query, 9, chosen)} <= {17, 18}
    assert len(index) == 6_000 - len(range(0, 6_000, 17)) + 1


def test_numbers_are_used_again_and_survive_a_file() -> None:
    rows = Rows()
    assert [rows.add(id, 7) for id in "abc"] == [0, 1, 2]
    assert rows.drop("b") == 1
    assert rows.drop("b") is None
    restored = Rows.from_arrays(rows.to_arrays())
    assert restored.add("d", 9) == 1
    assert restored.stamps() == {"a": 7, "c": 7, "d": 9}
    assert Rows.from_arrays(Rows().to_arrays()).size == 0
    some = AllExcept(restored, ["a", "x"])
    assert (sorted(some), len(some), "a" in some, "c" in some) == (["c", "d"], 2, False, True)
    assert restored.mask(some).tolist() == [False, True, True]
