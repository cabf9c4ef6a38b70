"""Between a post and its content: the values of its fields as one plain mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable
from matchmaker.posts.types import PostType

NEVER_EMPTY = frozenset({"title", "problem", "description"})


def content_of(post_type: PostType, post: Any) -> dict[str, Any]:
    """Values of all fields of ``post`` (its tags must be loaded)."""
    several = tag_values(post)
    return {
        spec.name: several.get(spec.name, [])
        if spec.kind is FieldKind.CHOICES
        else getattr(post, spec.name)
        for spec in post_type.table.fields
    }


def tag_values(post: Any) -> dict[str, list[str]]:
    """Codes by field name, each list in the order in which it was given."""
    values: dict[str, list[str]] = {}
    for tag in sorted(post.tags, key=lambda t: (t.facet, t.position)):
        values.setdefault(tag.facet, []).append(tag.code)
    return values


def apply_content(post_type: PostType, post: Any, values: Mapping[str, Any]) -> None:
    """Write cleaned values (and what is derived from them) into ``post``."""
    for spec in post_type.table.fields:
        if spec.kind is FieldKind.CHOICES:
            _apply_codes(post_type, post, spec.name, values.get(spec.name) or [])
            continue
        value = values.get(spec.name)
        if value is None and spec.name in NEVER_EMPTY:
            value = ""
        if getattr(post, spec.name) != value:
            setattr(post, spec.name, value)
    for name, value in post_type.derive(values).items():
        setattr(post, name, value)


def _apply_codes(post_type: PostType, post: Any, facet: str, codes: list[str]) -> None:
    present = {tag.code: tag for tag in post.tags if tag.facet == facet}
    for code, tag in present.items():
        if code not in codes:
            post.tags.remove(tag)
    for position, code in enumerate(codes):
        if code in present:
            present[code].position = position
        else:
            post.tags.append(post_type.tag_model(facet=facet, code=code, position=position))


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Content as it is kept in a version: only JSON values, empty ones left out."""
    return {name: _plain(v) for name, v in values.items() if v not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def from_json(table: FieldTable, content: Mapping[str, Any]) -> dict[str, Any]:
    """Content of a version as values; fields that no longer exist are left out."""
    return {spec.name: _value(spec, content.get(spec.name)) for spec in table.fields}


def _value(spec: FieldSpec, value: Any) -> Any:
    if spec.kind is FieldKind.CHOICES:
        return list(value or [])
    if spec.kind is FieldKind.FLAG:
        return bool(value)
    if value is None:
        return None
    if spec.kind is FieldKind.DECIMAL:
        return Decimal(value)
    return date.fromisoformat(value) if spec.kind is FieldKind.DATE else value


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions do not share."""

    spec: FieldSpec
    before: Any
    after: Any


def differences(
    table: FieldTable, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Difference]:
    """Fields in which two contents (as kept in versions) differ, in the order of the table."""
    return [
        Difference(spec, before.get(spec.name), after.get(spec.name))
        for spec in table.fields
        if before.get(spec.name) != after.get(spec.name)
    ]
