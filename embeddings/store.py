"""The posts of one side, and of both, ready to be ranked at once."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Generic

import numpy as np

from embeddings.bm25 import Bm25Index, WordIndex
from embeddings.dense_index import FaissIndex, VectorIndex
from embeddings.encoder import Encoder
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.posts import IndexedPost, Post, embed_posts, index_post
from embeddings.ranking import Centre, PoolRanking, Ranked, Rules

# Up to so many posts all are scored; beyond, the best of each index are. The z-scores are then
# taken over a pool of about the same size however many posts there are.
_POOL: Final = 400
# A mean over fewer posts than this is drawn towards the mean of the other side.
_FEW: Final = 10


class RankingIndex(Generic[Post]):
    """The posts of one side: facts, words and vectors.

    Args:
        dimension: length of a vector; 0 to rank by words alone.
        model_id: the encoder's name.
        rules: geography and weights.
        words, vectors: other indexes than the built-in ones, such as a database's.

    Every method may be called from several threads.
    """

    def __init__(
        self,
        dimension: int = 0,
        model_id: str = "",
        *,
        rules: Rules | None = None,
        words: WordIndex | None = None,
        vectors: VectorIndex | None = None,
    ) -> None:
        self._rules = rules or Rules()
        self._words: WordIndex = words or Bm25Index()
        self._vectors: VectorIndex = vectors or FaissIndex(dimension, model_id)
        self._dimension = dimension
        self._posts: dict[str, IndexedPost[Post]] = {}
        self._lock = threading.RLock()
        self._whole_sum = np.zeros(dimension)
        self._passage_sum = np.zeros(dimension)
        self._counts = np.zeros(2, dtype=int)

    def __len__(self) -> int:
        return len(self._posts)

    def __contains__(self, id: str) -> bool:
        return id in self._posts

    def get(self, id: str) -> IndexedPost[Post] | None:
        """Return a post of this side, ready to be used as a query on the other."""
        return self._posts.get(id)

    def ids(self) -> set[str]:
        """Return the ids of all posts of this side."""
        with self._lock:
            return set(self._posts)

    def upsert(self, posts: Iterable[IndexedPost[Post]]) -> None:
        """Add posts or replace those of the same ids.

        Raises:
            ValueError: when vectors have another dimension than the index.
        """
        posts = {post.facts.id: post for post in posts}.values()
        for post in posts:
            if post.vectors is not None and post.vectors.whole.shape != (self._dimension,):
                raise ValueError(f"expected vectors of length {self._dimension}")
        with self._lock:
            self.remove([post.facts.id for post in posts])
            self._vectors.upsert(
                {p.facts.id: p.vectors.whole for p in posts if p.vectors is not None}
            )
            for post in posts:
                self._words.upsert(post.facts.id, post.words)
                self._posts[post.facts.id] = post
                self._count(post, 1)

    def remove(self, ids: Collection[str]) -> None:
        """Remove posts at once from every ranking; unknown ids are ignored."""
        with self._lock:
            self._vectors.remove(ids)
            for id in ids:
                self._words.remove(id)
                post = self._posts.pop(id, None)
                if post is not None:
                    self._count(post, -1)

    def centre(self) -> Centre:
        """Return the mean vectors of this side; zeros while it has none."""
        posts, passages = np.maximum(self._counts, 1)
        return Centre(
            whole=(self._whole_sum / posts).astype(np.float32),
            passages=(self._passage_sum / passages).astype(np.float32),
            count=int(self._counts[0]),
        )

    def rank(
        self,
        query: IndexedPost[PostFacts],
        *,
        top_k: int = 10,
        query_side: Centre | None = None,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
    ) -> list[Ranked]:
        """Rank the posts of this side for a post of the other.

        Args:
            query: the searching post; without vectors the ranking goes by words alone.
            top_k: at most so many results.
            query_side: mean vectors of the side that the query belongs to.
            only: ids to choose from; all when None.
            readings: stored scores of a model that reads both texts together, by id.

        Returns:
            The best posts with parts and reasons, best first, ties by id.
        """
        with self._lock:
            centres = self._centres(query, query_side)
            ids = self._pool(query, centres, only)
            pool = [self._posts[id] for id in ids]
            word_scores = self._words.scores(query.words, ids)
        return PoolRanking(query, pool, word_scores, centres, self._rules, readings).best(top_k)

    def scores(
        self,
        query: IndexedPost[PostFacts],
        ids: Collection[str],
        *,
        query_side: Centre | None = None,
        readings: Mapping[str, float] | None = None,
    ) -> dict[str, float]:
        """Score some posts of this side as :meth:`rank` would, without reasons.

        They stand in the pool that the ranking compares for this query, so that scores do not
        depend on which posts are asked for.

        Args:
            query: the searching post.
            ids: posts to score; unknown ones are left out.
            query_side: mean vectors of the side that the query belongs to.
            readings: as for :meth:`rank`.
        """
        with self._lock:
            wanted = sorted(self._posts.keys() & set(ids))
            if not wanted:
                return {}
            centres = self._centres(query, query_side)
            pool_ids = sorted({*self._pool(query, centres, None), *wanted})
            pool = [self._posts[id] for id in pool_ids]
            word_scores = self._words.scores(query.words, pool_ids)
        rows = {id: row for row, id in enumerate(pool_ids)}
        ranking = PoolRanking(query, pool, word_scores, centres, self._rules, readings)
        found = ranking.scores([rows[id] for id in wanted])
        return dict(zip(wanted, found, strict=True))

    def _count(self, post: IndexedPost[Post], sign: int) -> None:
        if post.vectors is None:
            return
        self._whole_sum += sign * post.vectors.whole
        self._passage_sum += sign * post.vectors.passages.sum(axis=0, dtype=np.float64)
        self._counts += sign * np.array([1, len(post.vectors.passages)])

    def _centres(
        self, query: IndexedPost[PostFacts], query_side: Centre | None
    ) -> tuple[Centre, Centre] | None:
        if query.vectors is None or not self._counts[0]:
            return None
        if query.vectors.whole.shape != (self._dimension,):
            raise ValueError(f"expected vectors of length {self._dimension}")
        own = self.centre()
        return (blended(query_side, own) if query_side else own), own

    def _pool(
        self,
        query: IndexedPost[PostFacts],
        centres: tuple[Centre, Centre] | None,
        only: Collection[str] | None,
    ) -> list[str]:
        wanted = self._posts.keys() if only is None else self._posts.keys() & set(only)
        if len(wanted) <= _POOL:
            return sorted(wanted)
        half = _POOL // 2
        narrowed = None if only is None else wanted
        pool = [id for id, _ in self._words.search(query.words, half, narrowed)]
        if centres is not None and query.vectors is not None:
            centred = query.vectors.whole - self._rules.text.centring * centres[0].whole
            pool += [id for id, _ in self._vectors.search(centred, half, narrowed)]
        if not pool:
            # No shared word and no vectors: the fields alone decide among the first by id.
            pool = sorted(wanted)[:_POOL]
        return sorted(set(pool))


def blended(few: Centre, many: Centre) -> Centre:
    """Draw a mean over few posts towards another mean, as if that were ten more posts."""
    share = np.float32(few.count / (few.count + _FEW))
    return Centre(
        whole=share * few.whole + (1 - share) * many.whole,
        passages=share * few.passages + (1 - share) * many.passages,
        count=few.count,
    )


class TwoSidedIndex:
    """Needs and offerings, each ranked for the other.

    Args:
        encoder: the encoder whose vectors the posts carry; None to rank by words alone.
        rules: geography and weights.
        dimension: length of vectors that are computed elsewhere, where there is no encoder.

    Attributes:
        needs, offerings: the two sides, to which posts are added and from which they are removed.

    Example:
        >>> index = TwoSidedIndex(encoder, rules=Rules(geography=geography))
        >>> index.offerings.upsert([index_post(offering, vectors)])
        >>> [place.id for place in index.offerings_for(index_post(need, need_vectors))]
    """

    def __init__(
        self, encoder: Encoder | None, *, rules: Rules | None = None, dimension: int = 0
    ) -> None:
        dimension = encoder.dimension if encoder else dimension
        model_id = encoder.model_id if encoder else ""
        self._encoder = encoder
        self.needs = RankingIndex[NeedFacts](dimension, model_id, rules=rules)
        self.offerings = RankingIndex[OfferingFacts](dimension, model_id, rules=rules)

    def offerings_for(
        self,
        need: IndexedPost[NeedFacts],
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
    ) -> list[Ranked]:
        """Rank offerings for a need; the need need not be in the index."""
        centre = self.needs.centre()
        return self.offerings.rank(
            need, top_k=top_k, query_side=centre, only=only, readings=readings
        )

    def needs_for(
        self,
        offering: IndexedPost[OfferingFacts],
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
    ) -> list[Ranked]:
        """Rank needs for an offering; the offering need not be in the index."""
        centre = self.offerings.centre()
        return self.needs.rank(
            offering, top_k=top_k, query_side=centre, only=only, readings=readings
        )

    def search_offerings(
        self, text: str, *, top_k: int = 10, only: Collection[str] | None = None
    ) -> list[Ranked]:
        """Rank offerings for free text; encodes it, some 20 ms. Blank text finds nothing."""
        if not text.strip():
            return []
        return self.offerings_for(
            self._from_text(NeedFacts(id="", description=text)), top_k=top_k, only=only
        )

    def search_needs(
        self, text: str, *, top_k: int = 10, only: Collection[str] | None = None
    ) -> list[Ranked]:
        """Rank needs for free text; encodes it, some 20 ms. Blank text finds nothing."""
        if not text.strip():
            return []
        return self.needs_for(
            self._from_text(OfferingFacts(id="", description=text)), top_k=top_k, only=only
        )

    def _from_text(self, facts: Post) -> IndexedPost[Post]:
        vectors = embed_posts(self._encoder, [facts])[0] if self._encoder else None
        return index_post(facts, vectors)
