"""A consortium's content in words, for pages, mails and proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matchmaker.core.fields import FieldKind, FieldSpec
from matchmaker.core.formatting import format_date, format_number
from matchmaker.partnering.consortia.content import (
    CONTENT_FIELDS,
    FIELDS,
    RESPONSIBILITY_PREFIX,
    ConsortiumContent,
)


def amount_text(content: ConsortiumContent) -> str:
    """Tonnes a year: one number, or from – to; empty where nothing is known."""
    low, high = content.tonnes_min, content.tonnes_max
    if low is None:
        return ""
    if high is None or high == low:
        return f"{format_number(low)} t/年"
    return f"{format_number(low)}～{format_number(high)} t/年"


def labels_of(
    name: str, content: ConsortiumContent, names: Mapping[str, str] | None = None
) -> list[str]:
    """Japanese labels of the codes of a field.

    Args:
        names: by code, for vocabularies of the database (materials).
    """
    spec = CONTENT_FIELDS.by_name[name]
    return _labels(spec, getattr(content, name), names or {})


def _labels(spec: FieldSpec, codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(code, code) if spec.vocabulary else spec.label_of(code) for code in codes]


def value_text(spec: FieldSpec, value: Any, names: Mapping[str, str]) -> str:
    """A typed value of a field in words."""
    if value in (None, "", ()):
        return ""
    if spec.kind is FieldKind.CHOICES:
        return "、".join(_labels(spec, value, names))
    if spec.kind is FieldKind.DECIMAL:
        return f"{format_number(value)} {spec.unit}"
    return format_date(value) if spec.kind is FieldKind.DATE else str(value)


def changes_between(
    before: ConsortiumContent,
    after: ConsortiumContent,
    partner_names: Mapping[str, str],
    names: Mapping[str, str],
) -> list[tuple[str, str, str]]:
    """Fields in which two versions differ: label, words before, words after.

    Args:
        partner_names: by the id of the partner's row as text.
        names: of materials by code.
    """
    rows = [
        (
            spec.label,
            value_text(spec, getattr(before, spec.name), names),
            value_text(spec, getattr(after, spec.name), names),
        )
        for spec in FIELDS
    ]
    keys = dict.fromkeys([*before.duties, *after.duties])
    rows += [
        (_duty_label(key, partner_names), before.duties.get(key, ""), after.duties.get(key, ""))
        for key in keys
    ]
    return [row for row in rows if row[1] != row[2]]


def key_label(key: str, partner_names: Mapping[str, str]) -> str:
    """What a key of the stored record is called on the page."""
    if key.startswith(RESPONSIBILITY_PREFIX):
        return _duty_label(key.removeprefix(RESPONSIBILITY_PREFIX), partner_names)
    spec = CONTENT_FIELDS.by_name.get(key)
    return spec.label if spec else key


def _duty_label(partner_id: str, names: Mapping[str, str]) -> str:
    return f"{names.get(partner_id, '参加者')}の役割分担"
