"""A side that outgrew memory ranks as a small one; its saved file is taken up or refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings.facts import OfferingFacts
from embeddings.indexes.saved import IndexMismatch, read_arrays, write_arrays
from embeddings.made_up_corpus import DIMENSION, MadeUpCorpus
from embeddings.posts import IndexedPost
from embeddings.store import RankingIndex

Offering = IndexedPost[OfferingFacts]
POSTS = 700


class Shelves:
    """A source that counts how often it is asked."""

    def __init__(self, posts: Sequence[Offering]) -> None:
        self.posts = {post.facts.id: post for post in posts}
        self.asked = 0

    def get_many(self, ids: Sequence[str]) -> dict[str, Offering]:
        """Give the posts of some ids."""
        self.asked += 1
        return {id: self.posts[id] for id in ids if id in self.posts}


@pytest.fixture(scope="module")
def corpus() -> MadeUpCorpus:
    return MadeUpCorpus()


@pytest.fixture(scope="module")
def posts(corpus: MadeUpCorpus) -> list[Offering]:
    return [corpus.offering(number) for number in range(POSTS)]


def small(posts: Sequence[Offering]) -> RankingIndex[OfferingFacts]:
    index = RankingIndex[OfferingFacts](DIMENSION, "m")
    index.upsert(posts)
    return index


def large(posts: Sequence[Offering], source: Shelves) -> RankingIndex[OfferingFacts]:
    index = RankingIndex[OfferingFacts](
        DIMENSION, "m", source=source, in_memory_up_to=50, exact_up_to=300
    )
    index.upsert(posts, {post.facts.id: 5 for post in posts})
    return index


def test_a_large_side_ranks_as_a_small_one(corpus: MadeUpCorpus, posts: list[Offering]) -> None:
    source = Shelves(posts)
    exact, quick = small(posts), large(posts, source)
    assert exact.is_in_memory
    assert exact.is_exact
    assert not quick.is_in_memory
    assert not quick.is_exact
    for number in range(5):
        need = corpus.need(number)
        wanted = [(place.id, round(place.score, 4)) for place in exact.rank(need)]
        assert [(place.id, round(place.score, 4)) for place in quick.rank(need)] == wanted
    assert source.asked


def test_a_large_side_follows_every_change(corpus: MadeUpCorpus, posts: list[Offering]) -> None:
    source = Shelves(posts)
    index = large(posts, source)
    need = corpus.need(1)
    first = index.rank(need)[0].id
    index.remove([first])
    assert first not in {place.id for place in index.rank(need, top_k=50)}
    assert index.get(first) is None
    second = index.rank(need)[0].id
    stranger = corpus.offering(POSTS)
    replaced = IndexedPost(
        OfferingFacts(id=second), ("無関係",), stranger.passages, stranger.vectors
    )
    source.posts[second] = replaced
    index.upsert([replaced], {second: 9})
    assert index.get(second) is replaced, "no stale post is kept"
    assert index.stamps()[second] == 9
    hidden = {place.id for place in index.rank(need)}
    shown = index.rank(need, only=index.all_except(hidden))
    assert not hidden & {place.id for place in shown}
    assert len(shown) == 10
    again = index.scores(need, [shown[0].id])
    # Products of vectors are rounded differently in other company.
    assert again == pytest.approx({shown[0].id: shown[0].score}, abs=1e-5)


def test_a_post_that_vanished_from_the_source_is_left_out(
    corpus: MadeUpCorpus, posts: list[Offering]
) -> None:
    source = Shelves(posts)
    index = large(posts, source)
    need = corpus.need(2)
    best = index.rank(need)[0].id
    index = large(posts, source)
    del source.posts[best]
    assert best not in {place.id for place in index.rank(need)}


def test_a_saved_side_comes_back(
    corpus: MadeUpCorpus, posts: list[Offering], tmp_path: Path
) -> None:
    source = Shelves(posts)
    index = large(posts, source)
    index.remove([posts[0].facts.id])
    index.save(tmp_path / "a.index", {"kind": "offering"})
    loaded = large(posts[:60], source)
    loaded.load(tmp_path / "a.index", {"kind": "offering"})
    need = corpus.need(3)
    assert [p.id for p in loaded.rank(need)] == [p.id for p in index.rank(need)]
    assert loaded.stamps() == index.stamps()
    assert posts[0].facts.id not in loaded
    loaded.upsert([posts[0]])
    loaded.remove([posts[1].facts.id])
    assert len(loaded) == POSTS - 1


@pytest.mark.parametrize("name", ["model_id", "text_version", "dimension", "format", "kind"])
def test_a_file_made_from_something_else_is_refused(
    posts: list[Offering], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "a.index"
    index = large(posts, Shelves(posts))
    index.save(path, {"kind": "offering"})
    manifest, arrays = read_arrays(path, {})
    write_arrays(path, {**manifest, name: "other"}, arrays)
    with pytest.raises(IndexMismatch, match=f"another {name}"):
        index.load(path, {"kind": "offering"})
    assert len(index) == POSTS, "nothing has changed"


def test_a_cut_or_damaged_file_is_refused(posts: list[Offering], tmp_path: Path) -> None:
    path = tmp_path / "a.index"
    index = large(posts, Shelves(posts))
    with pytest.raises(IndexMismatch):
        index.load(path)
    index.save(path)
    content = path.read_bytes()
    for size in (0, 10, 60, 400, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:size])
        with pytest.raises(IndexMismatch):
            index.load(path)
    for place in (3, 30, 200, len(content) // 2, len(content) - 5):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        with pytest.raises(IndexMismatch):
            index.load(path)
    path.write_bytes(content)
    index.load(path)


WRITER = """
import sys
from pathlib import Path
import numpy as np
from embeddings.indexes.saved import write_arrays
path, number = Path(sys.argv[1]), 0
while True:
    number += 1
    write_arrays(path, {"number": number}, {"a": np.full(2_000_000, number)})
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.index"
    for pause in (0.0, 0.011, 0.023):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        manifest, arrays = read_arrays(path, {})
        assert (arrays["a"] == manifest["number"]).all()
    left = [p for p in tmp_path.iterdir() if p != path]
    for dead in left:
        os.utime(dead, (0, 0))
    write_arrays(path, {}, {})
    assert [p.name for p in tmp_path.iterdir()] == ["a.index"]


def test_what_is_told_of_a_post_is_made_once_and_follows_its_changes(
    corpus: MadeUpCorpus, posts: list[Offering]
) -> None:
    """Readers who may know as little share it; a post that was replaced is told anew."""
    calls: list[str] = []

    def without_kind(facts: OfferingFacts) -> OfferingFacts:
        calls.append(facts.id)
        return replace(facts, kind=None, capacity=None)

    index, need = small(posts[:20]), corpus.need(0)
    first = index.rank(need, top_k=20, told=without_kind)
    assert len(calls) == 20
    assert index.rank(need, top_k=20, told=without_kind) == first
    assert len(calls) == 20
    changed = posts[3]
    index.upsert([replace(changed, facts=replace(changed.facts, prefecture="沖縄県"))])
    index.rank(need, top_k=20, told=without_kind)
    assert calls[20:] == [changed.facts.id]
