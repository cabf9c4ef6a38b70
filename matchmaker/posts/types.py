"""What distinguishes one kind of post from the other, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matchmaker.core.cleaning import RecordRule
from matchmaker.core.fields import FieldTable
from matchmaker.posts.domain import PostKind


@dataclass(frozen=True, slots=True)
class PostType:
    """Description of one kind of post.

    Args:
        kind: need or offering.
        label: the Japanese word for it.
        model: the SQLAlchemy class of the posts.
        tag_model: the SQLAlchemy class of their tags.
        table: their fields.
        rules: checks over several fields.
        derive: further column values computed from the cleaned ones.
        blueprint: name of the blueprint, first part of its endpoints.
        material_facet: the field that holds the material people filter by.
        category: the organisation category whose people post (others may too).
        defaults: values of an empty form.
    """

    kind: PostKind
    label: str
    model: type[Any]
    tag_model: type[Any]
    table: FieldTable
    blueprint: str
    material_facet: str
    text_field: str
    rules: tuple[RecordRule, ...] = ()
    derive: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda _values: {}
    defaults: Mapping[str, Any] = field(default_factory=dict)
