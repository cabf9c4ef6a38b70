"""Vocabularies kept in the database: materials and municipalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.fields import Choice, FieldKind
from matchmaker.core.text import fold
from matchmaker.organizations.domain import local_government_code_is_valid
from matchmaker.organizations.models import Municipality
from matchmaker.posts.models import Material
from matchmaker.posts.types import PostType

CODE_LENGTH = 6


class DatabaseVocabularies:
    """Vocabularies kept in the database, each read once for the life of this object."""

    def __init__(self) -> None:
        self._materials: list[Choice] | None = None

    def choices(self, name: str) -> Sequence[Choice]:
        """Entries of ``materials``.

        Raises:
            KeyError: there is no such vocabulary.
        """
        if name != "materials":
            raise KeyError(name)
        if self._materials is None:
            query = select(Material).where(Material.is_active).order_by(Material.position)
            self._materials = [Choice(m.code, m.name) for m in db.session.scalars(query)]
        return self._materials

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """Code for a code or a name."""
        return find_municipality_code(text, prefecture)


def material_names() -> dict[str, str]:
    """Names of all materials by code, inactive ones too."""
    return {m.code: m.name for m in db.session.scalars(select(Material))}


def labels_of_tags(post_type: PostType, values: Mapping[str, Any]) -> list[str]:
    """Japanese labels of all codes in ``values`` that say what the post is about."""
    names: dict[str, str] | None = None
    labels: list[str] = []
    for spec in post_type.table.of_kind(FieldKind.CHOICES):
        codes = values.get(spec.name) or []
        if codes and spec.vocabulary == "materials":
            names = names if names is not None else material_names()
            labels += [names.get(code, code) for code in codes]
        elif spec.name != "service_area":
            labels += [spec.label_of(code) for code in codes]
    return labels


def find_municipality_code(text: str, prefecture: str | None) -> str | None:
    """Six-digit code for a code (five or six digits) or a name (prefecture in front or not).

    Returns:
        None when there is no such municipality, or several of that name.
    """
    word = fold(text)
    query = select(Municipality.code).order_by(Municipality.code).limit(2)
    if word.isdecimal():
        if len(word) == CODE_LENGTH and not local_government_code_is_valid(word):
            return None
        query = query.where(Municipality.code.startswith(word.zfill(CODE_LENGTH - 1)))
    else:
        whole = Municipality.prefecture + Municipality.name
        query = query.where((Municipality.name == word) | (whole == word))
        if prefecture:
            query = query.where(Municipality.prefecture == prefecture)
    found = db.session.scalars(query).all()
    return found[0] if len(found) == 1 else None
