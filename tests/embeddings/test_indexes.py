from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.bm25 import Bm25Index
from embeddings.dense_index import FaissIndex, IndexMismatch

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


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), IDS, st.integers(-5, 5)), max_size=40))
def test_upserting_a_vector_never_leaves_two(steps: list[tuple[bool, str, int]]) -> None:
    index, state = FaissIndex(2, "m"), dict[str, int]()
    for is_upsert, id, value in steps:
        if is_upsert:
            index.upsert({id: vector(value, 1)})
            state[id] = value
        else:
            index.remove([id])
            state.pop(id, None)
    found = index.search(vector(1, 0), 50)
    assert sorted(id for id, _ in found) == sorted(state)
    assert {id: round(score) for id, score in found} == state
    np.testing.assert_allclose(
        index.vectors(sorted(state)),
        np.array([[state[id], 1] for id in sorted(state)]).reshape(-1, 2),
    )


def test_a_search_can_be_narrowed() -> None:
    index = FaissIndex(2, "m")
    index.upsert({f"p{i}": vector(i, 1) for i in range(20)})
    assert [id for id, _ in index.search(vector(1, 0), 2, only=["p3", "p7", "x"])] == ["p7", "p3"]
    assert index.search(vector(1, 0), 2, only=[]) == []


@pytest.mark.parametrize("bad", [[1.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_a_vector_of_another_length_or_not_finite_is_refused(bad: list[float]) -> None:
    index = FaissIndex(2, "m")
    with pytest.raises(ValueError, match="finite vectors of length 2"):
        index.upsert({"a": vector(*bad)})
    assert len(index) == 0


def test_a_saved_index_comes_back(tmp_path: Path) -> None:
    index = FaissIndex(2, "m")
    index.upsert({"a": vector(1, 0), "b": vector(0, 1)})
    index.remove(["a"])
    index.save(tmp_path)
    loaded = FaissIndex.load(tmp_path, dimension=2, model_id="m")
    loaded.upsert({"c": vector(1, 1)})
    assert [id for id, _ in loaded.search(vector(0, 1), 5)] in (["b", "c"], ["c", "b"])


def test_an_index_of_another_model_or_text_or_damaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch):
        FaissIndex.load(tmp_path, dimension=2, model_id="m")
    index = FaissIndex(2, "m")
    index.upsert({"a": vector(1, 0)})
    index.save(tmp_path)
    with pytest.raises(IndexMismatch, match="model_id"):
        FaissIndex.load(tmp_path, dimension=2, model_id="other")
    with pytest.raises(IndexMismatch, match="dimension"):
        FaissIndex.load(tmp_path, dimension=3, model_id="m")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "text_version": -1}))
    with pytest.raises(IndexMismatch, match="text_version"):
        FaissIndex.load(tmp_path, dimension=2, model_id="m")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "vectors.faiss").write_bytes(b"damaged")
    with pytest.raises(IndexMismatch, match="sha256"):
        FaissIndex.load(tmp_path, dimension=2, model_id="m")
