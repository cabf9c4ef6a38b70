"""Judged pairs of needs and offerings, ready to be ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from embeddings.bench_folder import BenchFolder, read_bench_folder
from embeddings.encoder import Encoder
from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.posts import IndexedPost, Post, PostVectors, embed_posts, index_post
from embeddings.reading.reader import with_readings
from embeddings.reading.thesaurus import Thesaurus

_EMPTY: Final[Mapping[str, Any]] = {
    **dict.fromkeys(
        (
            "materials",
            "circulation_methods",
            "process_stages",
            "licences",
            "sought_kinds",
            "outputs",
            "service_area",
        ),
        (),
    ),
    **dict.fromkeys(
        (
            "waste_class",
            "quantity_low",
            "quantity_high",
            "partner_scope",
            "kind",
            "capacity",
            "free_capacity",
            "minimum_lot",
        ),
        None,
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class JudgedSet:
    """Judged pairs and the posts that they are about.

    Attributes:
        name: for reports.
        folder: posts and grades.
        needs, offerings: the posts of the folder in its order, read, with words and vectors.
        weights: (need, offering) → how much a judgement counts; 1 where nothing is said.
        is_complete: a pair that is not judged counts as grade 0; False for answers of people, of
            which only what somebody said counts.
        slices: post's id → slice. Posts of different slices were never compared, so that nothing
            is known of their pairs; empty when all were.
        readings: need → offering → log-odds of a model that read both texts together.
    """

    name: str
    folder: BenchFolder
    needs: tuple[IndexedPost[NeedFacts], ...]
    offerings: tuple[IndexedPost[OfferingFacts], ...]
    weights: Mapping[tuple[str, str], float] = field(default_factory=dict)
    is_complete: bool = True
    slices: Mapping[str, int] = field(default_factory=dict)
    readings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def grade(self, need_id: str, offering_id: str) -> int | None:
        """Return the grade of a pair; None when nobody judged it and that says nothing."""
        same = self.slices.get(need_id) == self.slices.get(offering_id)
        absent = 0 if self.is_complete and same else None
        return self.folder.judgements.get(need_id, {}).get(offering_id, absent)

    def without_fields(self) -> JudgedSet:
        """Return the same set with every field that the ranking reads left empty, texts kept."""
        return replace(
            self,
            needs=tuple(map(_field_less, self.needs)),
            offerings=tuple(map(_field_less, self.offerings)),
        )

    def unread(self) -> JudgedSet:
        """Return the same set with fields alone, nothing read in the texts."""
        return replace(
            self,
            needs=tuple(map(_unread, self.needs)),
            offerings=tuple(map(_unread, self.offerings)),
        )


def judged_set(
    name: str,
    folder: BenchFolder,
    thesaurus: Thesaurus,
    vectors: tuple[Sequence[PostVectors | None], Sequence[PostVectors | None]],
) -> JudgedSet:
    """Make the posts of a folder ready.

    Args:
        name: for reports.
        folder: posts and grades.
        thesaurus: with which the texts are read.
        vectors: of the needs and of the offerings, in the folder's order.
    """
    return JudgedSet(
        name,
        folder,
        tuple(_ready(folder.needs, vectors[0], thesaurus)),
        tuple(_ready(folder.offerings, vectors[1], thesaurus)),
        slices=slices_of(folder),
    )


def slices_of(folder: BenchFolder) -> dict[str, int]:
    """Find the groups of posts that were judged against each other.

    A set that also says which pairs are useless was judged pair by pair; posts that no chain of
    judgements links were then never compared. A set that names only what fits was searched as a
    whole and has no slices.

    Returns:
        Post's id → number of its slice; empty when there is only one.
    """
    judged = [(n, o, grade) for n, own in folder.judgements.items() for o, grade in own.items()]
    if all(grade for _, _, grade in judged):
        return {}
    group: dict[str, int] = {
        post.id: number for number, post in enumerate((*folder.needs, *folder.offerings))
    }
    members = {number: [id] for id, number in group.items()}
    for need, offering, _ in judged:
        kept, merged = group[need], group[offering]
        if kept != merged:
            for id in members[merged]:
                group[id] = kept
            members[kept] += members.pop(merged)
    return group if len({group[need] for need, _, _ in judged}) > 1 else {}


def load_judged_set(path: Path, encoder: Encoder | None, thesaurus: Thesaurus) -> JudgedSet:
    """Read a judged folder and encode its posts; without an encoder they have words only.

    Raises:
        BadBenchFolder: when the folder cannot be read.
    """
    folder = read_bench_folder(path)
    found: list[Sequence[PostVectors | None]] = [
        embed_posts(encoder, posts) if encoder else [None] * len(posts)
        for posts in (folder.needs, folder.offerings)
    ]
    return judged_set(path.name, folder, thesaurus, (found[0], found[1]))


def _field_less(post: IndexedPost[Post]) -> IndexedPost[Post]:
    empty = {name: _EMPTY[name] for name in _EMPTY if hasattr(post.facts, name)}
    return replace(post, facts=replace(post.facts, **empty))


def _unread(post: IndexedPost[Post]) -> IndexedPost[Post]:
    return replace(post, facts=replace(post.facts, readings=None))


def _ready(
    posts: Sequence[Post], vectors: Sequence[PostVectors | None], thesaurus: Thesaurus
) -> list[IndexedPost[Post]]:
    return [
        index_post(with_readings(post, thesaurus), own)
        for post, own in zip(posts, vectors, strict=True)
    ]
