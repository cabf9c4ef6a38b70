"""Words that templates of posts need: labels of codes, options of filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask

from matchmaker.core.fields import Choice
from matchmaker.core.states import Rule
from matchmaker.posts.domain import POST_STATES, STATE_LABELS, Move, PostKind, PostState
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabulary import OFFERING_KINDS


def options(choices: Iterable[Any]) -> list[dict[str, str]]:
    """Choices, pairs or plain names as the filter panel wants them."""
    return [_option(choice) for choice in choices]


def _option(choice: Any) -> dict[str, str]:
    if isinstance(choice, Choice):
        return {"value": choice.code, "label": choice.label}
    if isinstance(choice, tuple):
        return {"value": str(choice[0]), "label": str(choice[1])}
    return {"value": str(choice), "label": str(choice)}


def label_in(choices: Sequence[Choice], code: str) -> str:
    """Label of a code in a vocabulary, the code itself when it is not there."""
    return next((choice.label for choice in choices if choice.code == code), code)


def without(values: Sequence[Any], value: Any) -> tuple[Any, ...]:
    """All values but one, for the link that takes a condition away."""
    return tuple(v for v in values if v != value)


def post_state_label(state: PostState) -> str:
    """The state in words."""
    return STATE_LABELS[PostState(state)]


def post_move_rule(move: Move) -> Rule[PostState]:
    """The rule of a move, for its label."""
    return POST_STATES.moves[move]


def kind_label(post_type: PostType, post: Any) -> str:
    """Kind of an offering in words; needs have none."""
    if post_type.kind is PostKind.NEED:
        return ""
    return label_in(OFFERING_KINDS, post.kind or "")


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.globals.update(
        options=options,
        label_in=label_in,
        without=without,
        post_state_label=post_state_label,
        post_move_rule=post_move_rule,
        kind_label=kind_label,
    )
