"""What stands beside the form: what was read in the text, and the one field to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embeddings.posts import IndexedPost, embed_posts, index_post
from matchmaker.matching.engine import GEOGRAPHY, MatchingEngine, geography
from matchmaker.matching.service import other_side, stored_vectors
from matchmaker.matching.writing.drafted import Drafted, drafted
from matchmaker.matching.writing.missing import Question, ask
from matchmaker.matching.writing.queries import dismissed
from matchmaker.matching.writing.suggestions import (
    Suggestion,
    SuggestionMaker,
    Understood,
    understood,
)
from matchmaker.posts.domain import PostKind
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows.

    Attributes:
        has_text: whether there is anything to read yet.
        tags, conditions: suggestions that were not put aside.
        also: things understood for which there is no field.
        put_aside: how many suggestions were put aside in this draft.
        was_asked: whether the ranking was asked for a missing field.
        question: what it answered.
    """

    post_type: PostType
    form_key: str
    has_text: bool
    tags: tuple[Suggestion, ...] = ()
    conditions: tuple[Suggestion, ...] = ()
    also: tuple[Understood, ...] = ()
    put_aside: int = 0
    was_asked: bool = False
    question: Question | None = None

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """All that can be pressed."""
        return (*self.tags, *self.conditions)

    def suggestion(self, key: str) -> Suggestion | None:
        """The suggestion of a key."""
        return next((each for each in self.suggestions if each.key == key), None)

    @property
    def question_label(self) -> str:
        """The field that is asked for, in words."""
        if self.question is None:
            return ""
        name = self.question.field
        return "量" if name == "quantity_min" else self.post_type.table.by_name[name].label


def panel_of(
    post_type: PostType,
    form_key: str,
    typed: Mapping[str, Any],
    organization: Any,
    stored: Any,
    engine: MatchingEngine | None = None,
) -> Panel:
    """Read what is typed.

    Args:
        form_key: the editor's key.
        typed: raw values by field name.
        organization: in whose name it is written.
        stored: the post that is being changed, None for a new one.
        engine: given when the ranking is to be asked for a missing field.
    """
    if not str(typed.get(post_type.text_field) or "").strip():
        return Panel(post_type, form_key, has_text=False)
    vocabularies = DatabaseVocabularies()
    draft = drafted(post_type, typed, organization, vocabularies, stored)
    readings = draft.facts.readings or ()
    maker = SuggestionMaker(
        post_type.kind, post_type.table.by_name, vocabularies.choices("materials"),
        geography(GEOGRAPHY),
    )  # fmt: skip
    made, aside = maker.suggestions(readings, draft.values), dismissed(form_key)
    shown = [each for each in made if each.key not in aside]
    return Panel(
        post_type,
        form_key,
        has_text=True,
        tags=tuple(each for each in shown if not each.is_condition),
        conditions=tuple(each for each in shown if each.is_condition),
        also=tuple(understood(post_type.kind, readings)),
        put_aside=len(made) - len(shown),
        was_asked=engine is not None,
        question=missing_field(engine, post_type.kind, draft) if engine is not None else None,
    )


def missing_field(engine: MatchingEngine, kind: PostKind, draft: Drafted) -> Question | None:
    """Ask the ranking which empty field matters most; encodes the text once when it is new."""
    index = engine.index()
    is_need = kind is PostKind.NEED
    rank = index.offerings_for if is_need else index.needs_for
    other: Any = index.offerings if is_need else index.needs
    own = str(draft.post.id)
    visible = engine.public_ids(other_side(kind)) if draft.post.visibility == "public" else None

    def order(query: IndexedPost[Any], count: int, only: Any) -> list[str]:
        allowed = only if only is not None else visible
        return [place.id for place in rank(query, top_k=count, only=allowed) if place.id != own]

    def facts_of(id_: str) -> Any:
        found = other.get(id_)
        return found.facts if found is not None else None

    return ask(kind, _ready(engine, draft), order, facts_of)


def _ready(engine: MatchingEngine, draft: Drafted) -> IndexedPost[Any]:
    post = index_post(draft.facts)
    encoder = engine.encoder
    if encoder is None:
        return post
    vectors = stored_vectors(encoder.model_id, encoder.dimension, post)
    return index_post(draft.facts, vectors or embed_posts(encoder, [draft.facts])[0])
