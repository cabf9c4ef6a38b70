"""Vectors of judged posts are kept, and made anew when anything about the file is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from matchmaker.matching.releases.vectors import VectorCache
from tests.matching.conftest import WordEncoder

POSTS: list[PostFacts] = [
    NeedFacts(id="n", title="竹を使いたい", description="竹林の竹が道にたおれる。"),
    OfferingFacts(id="o", title="竹の炭", description="竹を炭にします。畑に使えます。"),
]


def stored_file(folder: Path) -> Path:
    (path,) = folder.glob("*.vectors")
    return path


def test_what_is_stored_is_not_encoded_again(tmp_path: Path) -> None:
    encoder = WordEncoder()
    told: list[tuple[int, int]] = []
    first = VectorCache(tmp_path, encoder).vectors("dev", POSTS, lambda *n: told.append(n))
    made = len(encoder.encoded)
    again = VectorCache(tmp_path, encoder).vectors("dev", POSTS)
    assert len(encoder.encoded) == made
    assert told == [(2, 2)]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.whole, other.whole)
        np.testing.assert_array_equal(one.passages, other.passages)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-10],
        lambda data: data[:20],
        lambda data: b"",
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data.replace(b"words-in-32-directions", b"words-in-33-directions"),
        lambda data: data.replace(b'"lengths"', b'"longths"'),
    ],
    ids=["truncated", "header cut", "empty", "one bit", "other model", "other header"],
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    encoder = WordEncoder()
    cache = VectorCache(tmp_path, encoder)
    first = cache.vectors("dev", POSTS)
    path = stored_file(tmp_path)
    good = path.read_bytes()
    path.write_bytes(damage(good))
    made = len(encoder.encoded)
    again = cache.vectors("dev", POSTS)
    assert len(encoder.encoded) > made
    assert path.read_bytes() == good
    np.testing.assert_array_equal(first[0].whole, again[0].whole)


def test_another_text_is_encoded(tmp_path: Path) -> None:
    encoder = WordEncoder()
    cache = VectorCache(tmp_path, encoder)
    cache.vectors("dev", POSTS)
    made = len(encoder.encoded)
    cache.vectors("dev", [NeedFacts(id="n", title="別の話"), POSTS[1]])
    assert len(encoder.encoded) > made
