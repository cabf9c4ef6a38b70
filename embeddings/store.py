"""The posts of one side, and of both, ready to be ranked at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic

import numpy as np

from embeddings.candidates import BY_MEANING, Candidates, Vector
from embeddings.encoder import Encoder
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.indexes.dense import EXACT_UP_TO
from embeddings.indexes.memory import hand_back
from embeddings.indexes.rows import AllExcept
from embeddings.indexes.shelf import IN_MEMORY_UP_TO, PostSource, Shelf
from embeddings.posts import IndexedPost, Post, embed_posts, index_post
from embeddings.ranking import Centre, PoolRanking, Ranked, Rules

_GROWN: Final = 1.05
_TOLD: Final = 8_192


class RankingIndex(Generic[Post]):
    """The posts of one side: facts, words and vectors.

    Up to some ten thousand posts everything is in memory and exact. Beyond, vectors are kept in
    eight bits and searched by lists, the most common words are passed over, and posts are fetched
    from the source; what was found is scored by full vectors and all words as before.

    Args:
        dimension: length of a vector; 0 to rank by words alone.
        model_id: the encoder's name; it is written into a saved index and checked on loading.
        rules: geography and weights.
        source: where posts are fetched once there are many; None to keep all in memory.
        in_memory_up_to: up to so many posts all is kept in memory.
        exact_up_to: up to so many vectors are compared in full precision.

    Every method may be called from several threads.
    """

    def __init__(
        self,
        dimension: int = 0,
        model_id: str = "",
        *,
        rules: Rules | None = None,
        source: PostSource[Post] | None = None,
        in_memory_up_to: int = IN_MEMORY_UP_TO,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self.rules = rules or Rules()
        self._found_by = Candidates(dimension, model_id, exact_up_to=exact_up_to)
        self._shelf: Shelf[Post] = Shelf(source, in_memory_up_to)
        self._lock = threading.RLock()
        self._handed_back_at = 0

    def __len__(self) -> int:
        return len(self._found_by.rows)

    def __contains__(self, id: str) -> bool:
        return id in self._found_by.rows

    @property
    def is_exact(self) -> bool:
        """Whether no post can be missed."""
        return self._found_by.is_exact

    @property
    def is_in_memory(self) -> bool:
        """Whether all posts are kept; else they are fetched when needed."""
        return self._shelf.is_whole

    def get(self, id: str) -> IndexedPost[Post] | None:
        """Return a post of this side, ready to be used as a query on the other."""
        return self._shelf.get(id) if id in self._found_by.rows else None

    def ids(self) -> set[str]:
        """Return the ids of all posts of this side."""
        with self._lock:
            return set(self._found_by.rows)

    def all_except(self, hidden: Collection[str]) -> AllExcept:
        """Return all ids but some, for ``only``, without a copy of them all."""
        return AllExcept(self._found_by.rows, hidden)

    def stamps(self) -> dict[str, int]:
        """Return the stamp of every post, as given to :meth:`upsert`."""
        with self._lock:
            return self._found_by.rows.stamps()

    def upsert(
        self, posts: Iterable[IndexedPost[Post]], stamps: Mapping[str, int] | None = None
    ) -> None:
        """Add posts or replace those of the same ids.

        Args:
            posts: the posts.
            stamps: which state of each post this is; comes back from :meth:`stamps`.

        Raises:
            ValueError: when vectors have another dimension than the index.
        """
        fresh = list({post.facts.id: post for post in posts}.values())
        for post in fresh:
            self._check(post)
        with self._lock:
            self._forget([post.facts.id for post in fresh])
            self._found_by.add(fresh, stamps or {})
            self._shelf.put(fresh)
            self._hand_back()

    def remove(self, ids: Collection[str]) -> None:
        """Remove posts at once from every ranking; unknown ids are ignored."""
        with self._lock:
            self._forget(ids)
            self._found_by.drop(ids)

    def centre(self) -> Centre:
        """Return the mean vectors of this side; zeros while it has none."""
        with self._lock:
            return self._found_by.means.centre()

    def rank(
        self,
        query: IndexedPost[PostFacts],
        *,
        top_k: int = 10,
        query_side: Centre | None = None,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
        told: Callable[[Post], Post] | None = None,
    ) -> list[Ranked]:
        """Rank the posts of this side for a post of the other.

        Args:
            query: the searching post; without vectors the ranking goes by words alone.
            top_k: at most so many results.
            query_side: mean vectors of the side that the query belongs to.
            only: ids to choose from; all when None. :meth:`all_except` is quick for nearly all.
            readings: stored scores of a model that reads both texts together, by id.
            told: what of a post's fields counts, for a reader who may not know all of them; its
                texts count as they are. It depends on the fields alone, for what it gives is kept.
                None: everything counts.

        Returns:
            The best posts with parts and reasons, best first, ties by id.
        """
        with self._lock:
            centres = self._centres(query, query_side)
            ids = self._found_by.find(query.words, self._centred(query, centres), only)
        return self._compared(query, ids, centres, readings, told)[0].best(top_k)

    def scores(
        self,
        query: IndexedPost[PostFacts],
        ids: Collection[str],
        *,
        query_side: Centre | None = None,
        readings: Mapping[str, float] | None = None,
    ) -> dict[str, float]:
        """Score some posts of this side as :meth:`rank` would, without reasons.

        Nothing is searched, for a score does not depend on the other candidates. Only where the
        encoder has no stored scales do scores go by the pool, which is that of the ranking then.

        Args:
            query: the searching post.
            ids: posts to score; unknown ones are left out.
            query_side: mean vectors of the side that the query belongs to.
            readings: as for :meth:`rank`.
        """
        with self._lock:
            wanted = sorted(id for id in set(ids) if id in self._found_by.rows)
            if not wanted:
                return {}
            centres = self._centres(query, query_side)
            pool_ids = wanted
            if centres is not None and not self.rules.text.knows(self._found_by.dimension):
                vector = self._centred(query, centres)
                pool_ids = sorted({*self._found_by.find(query.words, vector, None), *wanted})
        ranking, present = self._compared(query, pool_ids, centres, readings)
        rows = {id: row for row, id in enumerate(present)}
        wanted = [id for id in wanted if id in rows]
        found = ranking.scores([rows[id] for id in wanted])
        return dict(zip(wanted, found, strict=True))

    def centred(
        self, query: IndexedPost[PostFacts], query_side: Centre | None = None
    ) -> Vector | None:
        """Return the vector by which a query is searched; None without vectors."""
        with self._lock:
            return self._centred(query, self._centres(query, query_side))

    def nearest(
        self, query: IndexedPost[PostFacts], k: int, query_side: Centre | None = None
    ) -> list[str]:
        """Return the ids nearest in meaning, by full vectors, among those a ranking compares."""
        with self._lock:
            vector = self.centred(query, query_side)
            if vector is None:
                return []
            found = self._found_by.by_meaning(vector, max(k, BY_MEANING))
        posts = self._shelf.get_many(found).values()
        scored = [(-float(p.vectors.whole @ vector), p.facts.id) for p in posts if p.vectors]
        return [id for _, id in sorted(scored)[:k]]

    def save(self, path: Path, about: Mapping[str, Any] | None = None) -> None:
        """Write words, vectors and ids, but no posts, as a cache for :meth:`load`.

        Args:
            path: the file; it is replaced at once or not at all.
            about: further values that :meth:`load` compares.
        """
        with self._lock:
            self._found_by.save(path, about or {})

    def load(self, path: Path, about: Mapping[str, Any] | None = None) -> None:
        """Take up a saved index in place of all that is here; posts then come from the source.

        Raises:
            IndexMismatch: the file is missing, cut off or damaged, or was made with another model,
                text version, dimension or ``about``. Nothing has changed then.
            ValueError: there is no source.
        """
        found = self._found_by.load(path, about or {})
        with self._lock:
            self._shelf.fetch_from_now_on()
            self._found_by = found

    def _check(self, post: IndexedPost[PostFacts]) -> None:
        expected = (self._found_by.dimension,)
        if post.vectors is not None and post.vectors.whole.shape != expected:
            raise ValueError(f"expected vectors of length {expected[0]}")

    def _hand_back(self) -> None:
        """Lists that grow leave their former places behind, a fifth of the memory at a million."""
        if not self._shelf.is_whole and len(self) > _GROWN * self._handed_back_at:
            self._handed_back_at = len(self)
            hand_back()

    def _forget(self, ids: Collection[str]) -> None:
        """Take vectors and posts out; ids keep their numbers and words."""
        known = [id for id in ids if id in self._found_by.rows]
        posts = self._shelf.get_many(known).values() if self._shelf.is_whole else None
        self._found_by.forget_vectors(known, posts)
        self._shelf.drop(known)

    def _compared(
        self,
        query: IndexedPost[PostFacts],
        ids: Sequence[str],
        centres: tuple[Centre, Centre] | None,
        readings: Mapping[str, float] | None,
        told: Callable[[Post], Post] | None = None,
    ) -> tuple[PoolRanking, list[str]]:
        # Posts may be fetched from a database: the lock is not held meanwhile.
        pool = list(self._shelf.get_many(ids).values())
        if told is not None:
            pool = [_as_told(post, told) for post in pool]
        ranking = PoolRanking(query, pool, centres, self.rules, readings)
        return ranking, [post.facts.id for post in pool]

    def _centres(
        self, query: IndexedPost[PostFacts], query_side: Centre | None
    ) -> tuple[Centre, Centre] | None:
        means = self._found_by.means
        if query.vectors is None or not means.count:
            return None
        self._check(query)
        own = means.centre()
        return query_side or own, own

    def _centred(
        self, query: IndexedPost[PostFacts], centres: tuple[Centre, Centre] | None
    ) -> Vector | None:
        if centres is None or query.vectors is None:
            return None
        share = np.float32(self.rules.text.centring)
        return np.asarray(query.vectors.whole - share * centres[0].whole)


@lru_cache(maxsize=_TOLD)
def _as_told(post: IndexedPost[Any], told: Callable[[Any], Any]) -> IndexedPost[Any]:
    # What a post states is kept with it, and so is the copy of which something is not told: to put
    # it together anew takes longer than to compare it. A changed post is another object.
    facts = told(post.facts)
    return post if facts == post.facts else replace(post, facts=facts)


class TwoSidedIndex:
    """Needs and offerings, each ranked for the other.

    Args:
        encoder: the encoder whose vectors the posts carry; None to rank by words alone.
        rules: geography and weights.
        dimension: length of vectors that are computed elsewhere, where there is no encoder.
        needs_source, offerings_source: where posts are fetched once there are many.

    Attributes:
        needs, offerings: the two sides, to which posts are added and from which they are removed.

    Example:
        >>> index = TwoSidedIndex(encoder, rules=Rules(geography=geography))
        >>> index.offerings.upsert([index_post(offering, vectors)])
        >>> [place.id for place in index.offerings_for(index_post(need, need_vectors))]
    """

    def __init__(
        self,
        encoder: Encoder | None,
        *,
        rules: Rules | None = None,
        dimension: int = 0,
        needs_source: PostSource[NeedFacts] | None = None,
        offerings_source: PostSource[OfferingFacts] | None = None,
    ) -> None:
        dimension = encoder.dimension if encoder else dimension
        model_id = encoder.model_id if encoder else ""
        self.encoder = encoder
        self.needs = RankingIndex[NeedFacts](dimension, model_id, rules=rules, source=needs_source)
        self.offerings = RankingIndex[OfferingFacts](
            dimension, model_id, rules=rules, source=offerings_source
        )

    def follow(self, rules: Rules) -> None:
        """Rank by other rules from the next question on; nothing is built anew."""
        self.needs.rules = self.offerings.rules = rules

    def offerings_for(
        self,
        need: IndexedPost[NeedFacts],
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
        told: Callable[[OfferingFacts], OfferingFacts] | None = None,
    ) -> list[Ranked]:
        """Rank offerings for a need; the need need not be in the index."""
        centre = self.needs.centre()
        return self.offerings.rank(
            need, top_k=top_k, query_side=centre, only=only, readings=readings, told=told
        )

    def needs_for(
        self,
        offering: IndexedPost[OfferingFacts],
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        readings: Mapping[str, float] | None = None,
        told: Callable[[NeedFacts], NeedFacts] | None = None,
    ) -> list[Ranked]:
        """Rank needs for an offering; the offering need not be in the index."""
        centre = self.offerings.centre()
        return self.needs.rank(
            offering, top_k=top_k, query_side=centre, only=only, readings=readings, told=told
        )

    def search_offerings(
        self,
        text: str,
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        told: Callable[[OfferingFacts], OfferingFacts] | None = None,
    ) -> list[Ranked]:
        """Rank offerings for free text; encodes it, some 20 ms. Blank text finds nothing."""
        if not text.strip():
            return []
        return self.offerings_for(
            self._from_text(NeedFacts(id="", description=text)), top_k=top_k, only=only, told=told
        )

    def search_needs(
        self,
        text: str,
        *,
        top_k: int = 10,
        only: Collection[str] | None = None,
        told: Callable[[NeedFacts], NeedFacts] | None = None,
    ) -> list[Ranked]:
        """Rank needs for free text; encodes it, some 20 ms. Blank text finds nothing."""
        if not text.strip():
            return []
        return self.needs_for(
            self._from_text(OfferingFacts(id="", description=text)),
            top_k=top_k,
            only=only,
            told=told,
        )

    def _from_text(self, facts: Post) -> IndexedPost[Post]:
        vectors = embed_posts(self.encoder, [facts])[0] if self.encoder else None
        return index_post(facts, vectors)
