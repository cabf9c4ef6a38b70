"""Understands what a post says in its texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from embeddings.facts import PostFacts, Reading
from embeddings.reading.grouped import Readings
from embeddings.reading.thesaurus import Thesaurus

Post = TypeVar("Post", bound=PostFacts)


def read_post(post: PostFacts, thesaurus: Thesaurus) -> tuple[Reading, ...]:
    """Read title, description and further texts of a post.

    What can be understood in two ways is not read.

    Args:
        post: a need or an offering.
        thesaurus: the vocabulary.

    Returns:
        Readings in the order of the texts; each phrase is a literal piece of its text.
    """
    return Readings()


def with_readings(post: Post, thesaurus: Thesaurus) -> Post:
    """Return the post together with its readings."""
    return replace(post, readings=read_post(post, thesaurus))
