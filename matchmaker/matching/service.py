"""Ranked partners for a post, free-text search by meaning, and what people say about a pair."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from embeddings.posts import IndexedPost, PostVectors, embed_posts, index_post
from embeddings.ranking import Ranked
from embeddings.store import TwoSidedIndex
from embeddings.text import text_hash
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.matching.arranging import Shown, in_order
from matchmaker.matching.domain import WRONG_REASONS, Recommendation, worth_showing
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.events import RecommendationJudged
from matchmaker.matching.explanation import Explainer
from matchmaker.matching.exposure.policy import can_read_note
from matchmaker.matching.exposure.queries import prices_now
from matchmaker.matching.facts import FactsReader, told_to_everybody
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.matching.models import PostVector, RecommendationFeedback
from matchmaker.matching.outlook import outlook_of
from matchmaker.matching.readings.queries import readings_for
from matchmaker.matching.terms.queries import current_thesaurus
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import LISTED_STATES, PostKind
from matchmaker.posts.policy import can_view
from matchmaker.posts.types import PostType

SHOWN = 10
MOST_SHOWN = 30
FURTHER = 15
"""Places ranked beyond those shown, for what folds together or comes up from behind."""
MOVED_DOWN = "多くの自治体に紹介されているため、順番を少し下げています。"
MOVED_UP = "小さな会員・新しい会員のため、順番を少し上げています。"
TAKEN_BACK = "none"
VERDICTS = frozenset({"useful", "wrong", TAKEN_BACK})


def other_side(kind: PostKind) -> PostKind:
    """Offerings for needs, needs for offerings."""
    return PostKind.OFFERING if kind is PostKind.NEED else PostKind.NEED


def recommendations_for(
    engine: MatchingEngine, post_type: PostType, post: Any, actor: Actor, limit: int = SHOWN
) -> list[Recommendation]:
    """Partners for a post, best first, each explained; needs no encoding of a stored post.

    Args:
        post: a need or an offering with tags and organisation loaded.
        actor: who reads; only what the actor may see is ranked, by what the actor may see of it.
        limit: at most so many (bounded by 30).
    """
    index = engine.index()
    query = _indexed(engine, index, post_type.kind, post)
    wanted = other_side(post_type.kind)
    only = None if actor.is_member else engine.public_ids(wanted)
    rank = index.offerings_for if post_type.kind is PostKind.NEED else index.needs_for
    limit = min(limit, MOST_SHOWN)
    readings = readings_for(post_type.kind, post.id)
    told = None if actor.is_member else told_to_everybody(wanted)
    if told is not None:
        query = replace(query, facts=told_to_everybody(post_type.kind)(query.facts))
    found = rank(query, top_k=limit + FURTHER, only=only, readings=readings, told=told)
    return _shown(index, post_type.kind, post, found, actor, limit)


def pair_explained(
    engine: MatchingEngine, post_type: PostType, post: Any, other: Any, actor: Actor
) -> Recommendation | None:
    """Why a post and one partner fit, as a card; None while one of them is not listed.

    Args:
        post: the post from whose side it is told; tags and organisation loaded, as of ``other``.
        actor: a member who reads.
    """
    index = engine.index()
    query = _indexed(engine, index, post_type.kind, post)
    rank = index.offerings_for if post_type.kind is PostKind.NEED else index.needs_for
    readings = readings_for(post_type.kind, post.id)
    found = rank(query, top_k=1, only={str(other.id)}, readings=readings)
    cards = _shown(index, post_type.kind, post, found, actor, 1)
    return cards[0] if cards else None


def _indexed(
    engine: MatchingEngine, index: TwoSidedIndex, kind: PostKind, post: Any
) -> IndexedPost[Any]:
    side: Any = index.needs if kind is PostKind.NEED else index.offerings
    stored: IndexedPost[Any] | None = side.get(str(post.id))
    if stored is not None:
        return stored
    return _unlisted(engine, kind, post)


def words_of(engine: MatchingEngine, kind: PostKind, post: Any) -> frozenset[str]:
    """Content words of a post; none for one that is not listed."""
    index = engine.index()
    side: Any = index.needs if kind is PostKind.NEED else index.offerings
    stored: IndexedPost[Any] | None = side.get(str(post.id))
    return frozenset(stored.words) if stored else frozenset()


def _unlisted(engine: MatchingEngine, kind: PostKind, post: Any) -> IndexedPost[Any]:
    """A draft or closed post: its vectors may be stored although it is not listed."""
    from_text = index_post(FactsReader().read(kind, post))
    encoder = engine.encoder
    if encoder is None:
        return from_text
    vectors = stored_vectors(encoder.model_id, encoder.dimension, from_text)
    if vectors is None:
        vectors = embed_posts(encoder, [from_text.facts])[0]
    return index_post(from_text.facts, vectors)


def stored_vectors(model_id: str, dimension: int, post: IndexedPost[Any]) -> PostVectors | None:
    """Vectors of a post's text, if this model has made them."""
    query = select(PostVector.packed).where(
        PostVector.model_id == model_id, PostVector.text_hash == text_hash(post.facts)
    )
    packed = db.session.scalar(query)
    return PostVectors.from_bytes(packed, dimension) if packed else None


def _shown(
    index: TwoSidedIndex, kind: PostKind, own: Any, found: Sequence[Ranked], actor: Actor, most: int
) -> list[Recommendation]:
    """Explained recommendations in the order in which they are shown."""
    owners = _owners(other_side(kind), found, actor)
    found = [place for place in found if place.id in owners]
    side: Any = index.offerings if kind is PostKind.NEED else index.needs
    is_priced = own is not None and kind is PostKind.NEED
    prices = prices_now(set(owners.values())) if is_priced else {}
    places = _worth(in_order(found, side, owners, prices))[:most]
    posts = _posts_of(other_side(kind), places)
    return _Cards(kind, own, actor, posts).of([p for p in places if p.ranked.id in posts])


def _owners(kind: PostKind, found: Sequence[Ranked], actor: Actor) -> dict[str, uuid.UUID]:
    """Organisations of the posts found that are open and for the actor, by the post's id.

    The index may be a moment behind a post that was just closed or hidden.
    """
    heads = post_queries.heads_of(POST_TYPES[kind], [uuid.UUID(place.id) for place in found])
    return {
        str(head.id): head.organization_id
        for head in heads
        if head.state in LISTED_STATES and can_view(actor, head)
    }


def _worth(places: Sequence[Shown]) -> list[Shown]:
    """The places worth showing."""
    return [p for number, p in enumerate(places, start=1) if _is_worth(p.ranked, number)]


def _posts_of(kind: PostKind, places: Sequence[Shown]) -> dict[str, Any]:
    """The posts of some places, those folded under them too, by id."""
    ids = [uuid.UUID(id) for place in places for id in (place.ranked.id, *place.alike)]
    posts = post_queries.get_many(POST_TYPES[kind], ids) if ids else {}
    return {str(post.id): post for post in posts.values()}


class _Cards:
    """Makes recommendations of places for one reader.

    Args:
        kind: kind of the post that is recommended for.
        own: that post; None for a free-text search.
        actor: who reads.
        posts: the posts of the places, by id.
    """

    def __init__(self, kind: PostKind, own: Any, actor: Actor, posts: Mapping[str, Any]) -> None:
        self._own, self._actor, self._posts = own, actor, posts
        self._verdicts = verdicts_of(actor, kind, own) if own is not None else {}
        self._explainer = Explainer(kind, actor, current_thesaurus())

    def of(self, places: Sequence[Shown]) -> list[Recommendation]:
        """Cards of places, numbered."""
        return [self._card(number, place) for number, place in enumerate(places, start=1)]

    def _card(self, number: int, place: Shown) -> Recommendation:
        other = self._posts[place.ranked.id]
        explanation = self._explainer.explain(self._own, other, place.ranked)
        outlook = outlook_of(place.ranked.prospect, breaks_condition=explanation.breaks_condition)
        return Recommendation(
            other,
            number,
            outlook.strength,
            explanation,
            self._verdicts.get(other.id, ""),
            outlook,
            tuple(self._posts[id] for id in place.alike if id in self._posts),
            note=self._note(other, place.shift),
        )

    def _note(self, other: Any, shift: int) -> str:
        if not shift or not can_read_note(self._actor, other.organization_id):
            return ""
        return MOVED_DOWN if shift < 0 else MOVED_UP


def _is_worth(place: Ranked, number: int) -> bool:
    return worth_showing(place.prospect, number, bool(place.reasons.shared_materials))


def note_of(kind: PostKind, post: Any, actor: Actor) -> str:
    """Whether the organisation's offerings are moved by the policy of exposure, for itself."""
    owner = post.organization_id
    if kind is PostKind.NEED or not can_read_note(actor, owner):
        return ""
    price = prices_now({owner}).get(owner, 0.0)
    return "" if not price else MOVED_DOWN if price > 0 else MOVED_UP


def search(
    engine: MatchingEngine, wanted: PostKind, text: str, actor: Actor, limit: int = SHOWN
) -> list[Recommendation]:
    """Posts of one kind that mean what ``text`` says, best first."""
    index = engine.index()
    only = None if actor.is_member else engine.public_ids(wanted)
    find = index.search_needs if wanted is PostKind.NEED else index.search_offerings
    told = None if actor.is_member else told_to_everybody(wanted)
    found = find(text, top_k=min(limit, MOST_SHOWN), only=only, told=told)
    return _shown(index, other_side(wanted), None, found, actor, MOST_SHOWN)


def verdicts_of(actor: Actor, kind: PostKind, post: Any) -> Mapping[uuid.UUID, str]:
    """What this person said about pairs of ``post``, by the id of the other post."""
    if actor.user_id is None:
        return {}
    own, other = _pair_columns(kind)
    query = select(other, RecommendationFeedback.verdict).where(
        own == post.id, RecommendationFeedback.user_id == actor.user_id
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _pair_columns(kind: PostKind) -> tuple[Any, Any]:
    need, offering = RecommendationFeedback.need_id, RecommendationFeedback.offering_id
    return (need, offering) if kind is PostKind.NEED else (offering, need)


def judge(
    kind: PostKind,
    own: Any,
    other: Any,
    actor: Actor,
    now: datetime,
    *,
    verdict: str,
    reason: str = "",
    note: str = "",
    position: int | None = None,
) -> None:
    """Keep what a person says about a pair; saying it again replaces it.

    Raises:
        ProductError: the verdict or its reason is not one of those offered.
    """
    if verdict not in VERDICTS or actor.user_id is None:
        raise ProductError("「役に立った」か「違う」を選んでください。")
    if verdict == TAKEN_BACK:
        take_back(kind, own, other, actor)
        return
    if verdict == "wrong" and reason not in {choice.code for choice in WRONG_REASONS}:
        raise ProductError("どこが違うかを選んでください。", "reason")
    need_id, offering_id = (own.id, other.id) if kind is PostKind.NEED else (other.id, own.id)
    opinion = db.session.scalar(
        select(RecommendationFeedback).where(
            RecommendationFeedback.need_id == need_id,
            RecommendationFeedback.offering_id == offering_id,
            RecommendationFeedback.user_id == actor.user_id,
        )
    ) or RecommendationFeedback(
        id=new_id(), need_id=need_id, offering_id=offering_id, user_id=actor.user_id
    )
    opinion.organization_id, opinion.seen_from = own.organization_id, kind.value
    opinion.verdict, opinion.reason, opinion.note = verdict, reason, note[:500]
    opinion.position, opinion.at = position, now
    db.session.add(opinion)
    db.session.flush()
    record(
        RecommendationJudged(
            actor=actor, now=now, subject_id=own.id, organization_id=own.organization_id,
            reason=reason, details={"other": str(other.id), "verdict": verdict},
        )
    )  # fmt: skip


def take_back(kind: PostKind, own: Any, other: Any, actor: Actor) -> None:
    """Forget what this person said about a pair."""
    own_column, other_column = _pair_columns(kind)
    db.session.execute(
        delete(RecommendationFeedback).where(
            own_column == own.id,
            other_column == other.id,
            RecommendationFeedback.user_id == actor.user_id,
        )
    )
