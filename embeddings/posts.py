"""A post made ready for ranking: its facts, words, passages and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from embeddings.encoder import Encoder
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.reading.stated import Statement, state
from embeddings.refusals import Refusal, find_refusals
from embeddings.text import Passage, compose_text, passage_texts, post_passages
from embeddings.words import content_words

Post = TypeVar("Post", bound=PostFacts)
Post_co = TypeVar("Post_co", bound=PostFacts, covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class PostVectors:
    """The vectors of one post.

    Attributes:
        whole: float32 ``(d,)``, the whole text.
        passages: float16 ``(p, d)``, the passages of :func:`embeddings.text.post_passages`.
    """

    whole: npt.NDArray[np.float32]
    passages: npt.NDArray[np.float16]

    def to_bytes(self) -> bytes:
        """Pack for a database column (little endian; 4·d + 2·p·d bytes)."""
        return self.whole.astype("<f4").tobytes() + self.passages.astype("<f2").tobytes()

    @classmethod
    def from_bytes(cls, packed: bytes, dimension: int) -> PostVectors:
        """Unpack what :meth:`to_bytes` gave.

        Raises:
            ValueError: when the length does not fit the dimension.
        """
        split = 4 * dimension
        if len(packed) < split or (len(packed) - split) % (2 * dimension):
            raise ValueError("packed vectors of another dimension")
        whole = np.frombuffer(packed, dtype="<f4", count=dimension)
        passages = np.frombuffer(packed, dtype="<f2", offset=split).reshape(-1, dimension)
        return cls(
            whole=whole.astype(np.float32, copy=False),
            passages=passages.astype(np.float16, copy=False),
        )


@dataclass(frozen=True, eq=False)
class IndexedPost(Generic[Post_co]):
    """A post with everything that ranking it needs.

    Attributes:
        facts: its fields.
        words: content words of its text.
        passages: its passages, in the order of the rows of ``vectors.passages``.
        vectors: None while they are not computed; the post is then ranked by words.
        refusals: sentences of an offering that say what it does not take.
    """

    facts: Post_co
    words: tuple[str, ...]
    passages: tuple[Passage, ...]
    vectors: PostVectors | None = None
    refusals: tuple[Refusal, ...] = ()

    @cached_property
    def statement(self) -> Statement:
        """What its fields and readings state, put together when it is first compared."""
        return state(self.facts)


def index_post(
    facts: Post, vectors: PostVectors | None = None, words: Sequence[str] | None = None
) -> IndexedPost[Post]:
    """Make a post ready; about a millisecond, for its words are found here.

    Args:
        facts: the fields of the post.
        vectors: from :func:`embed_posts` or a store keyed by text hash and model.
        words: the ``words`` that an earlier call found, where a store keeps them; it saves most of
            the time.
    """
    passages = post_passages(facts)
    if vectors is not None and len(vectors.passages) != len(passages):
        # Stored for another text: better none than sentences that do not belong.
        vectors = None
    if words is None:
        words = content_words(compose_text(facts))
    refusals = find_refusals(facts) if isinstance(facts, OfferingFacts) else ()
    return IndexedPost(facts, tuple(words), passages, vectors, refusals)


def embed_posts(encoder: Encoder, posts: Sequence[PostFacts]) -> list[PostVectors]:
    """Compute the vectors of posts, many at once.

    Needs are encoded as the searching side and offerings as the found side, whichever of them
    searches later: one set of vectors a post serves both directions.

    Args:
        encoder: the encoder.
        posts: needs, offerings, or both.

    Returns:
        One :class:`PostVectors` a post, in order.
    """
    found: list[PostVectors | None] = [None] * len(posts)
    for kind, encode in (
        (NeedFacts, encoder.encode_queries),
        (OfferingFacts, encoder.encode_documents),
    ):
        places = [i for i, post in enumerate(posts) if isinstance(post, kind)]
        texts = [[compose_text(posts[i]), *passage_texts(posts[i])] for i in places]
        rows = encode([text for group in texts for text in group])
        ends = np.cumsum([len(group) for group in texts], dtype=int)
        for place, group, end in zip(places, texts, ends.tolist(), strict=True):
            block = rows[end - len(group) : end]
            found[place] = PostVectors(whole=block[0], passages=block[1:].astype(np.float16))
    if any(vectors is None for vectors in found):
        raise TypeError("every post must be a NeedFacts or an OfferingFacts")
    return [vectors for vectors in found if vectors is not None]
