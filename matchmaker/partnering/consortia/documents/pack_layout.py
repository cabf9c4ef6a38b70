"""What stands where in the workbook of a consortium: sheets, columns, keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matchmaker.core.cleaning import Vocabularies
from matchmaker.core.fields import FieldKind, FieldSpec
from matchmaker.core.formatting import format_number
from matchmaker.core.spreadsheets.cells import column_letters
from matchmaker.core.spreadsheets.record_columns import SEPARATOR, header_of, vocabulary_labels
from matchmaker.partnering.consortia.content import (
    CONTENT_FIELDS,
    RESPONSIBILITY_PREFIX,
    ConsortiumContent,
)
from matchmaker.partnering.consortia.domain import GIVEN_ROLES, ROLE_LABELS

FORMAT = "meguriawase-consortium-1"
GUIDE, CONTENT, PARTNERS, WORDS, MARKS = "使い方", "内容", "参加団体", "選べる言葉", "しるし"
KEY_HEADER = "鍵（変えないでください）"
CONTENT_HEADERS = (KEY_HEADER, "項目", "内容", "書き方")
PARTNER_HEADERS = (KEY_HEADER, "団体", "状態", "役割", "分担", "役割（書き出したとき）")
KEY_COLUMN, VALUE_COLUMN = 1, 3
ROLES_COLUMN, DUTY_COLUMN, OLD_ROLES_COLUMN = 4, 5, 6
ROLES_PREFIX = "roles:"
ROLES_LABEL, DUTY_LABEL = "役割", "分担"
MARK_FORMAT, MARK_CONSORTIUM, MARK_NUMBER = "形式", "座組", "版"
MOST_PACK_ROWS = 200
EMPTY = "（空）"


@dataclass(frozen=True, slots=True)
class PackPartner:
    """A partner as the workbook shows it.

    Args:
        key: id of its row, as text.
        state: its state in Japanese.
        roles: codes of its roles besides the lead.
    """

    key: str
    name: str
    state: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackSource:
    """What a workbook is written from.

    Args:
        number: version of the content.
        address: web address of the consortium.
        made: moment of writing, in Japanese.
    """

    consortium_id: uuid.UUID
    number: int
    content: ConsortiumContent
    partners: tuple[PackPartner, ...]
    address: str
    made: str


def cell_address(sheet: str, column: int, row: int) -> str:
    """A cell as people name it: ``内容!C5``."""
    return f"{sheet}!{column_letters(column)}{row}"


def role_words(codes: Iterable[str]) -> str:
    """Japanese words of roles, in the order of the roles."""
    known = set(codes)
    return SEPARATOR.join(ROLE_LABELS[role] for role in GIVEN_ROLES if role.value in known)


def labels_of_fields(vocabularies: Vocabularies) -> Mapping[str, Mapping[str, str]]:
    """Labels by code for each field with a vocabulary."""
    return {
        spec.name: vocabulary_labels(spec, vocabularies)
        for spec in CONTENT_FIELDS.of_kind(FieldKind.CHOICES)
    }


def label_of_key(key: str, partners: Sequence[PackPartner]) -> str:
    """What a key of the stored content is called."""
    names = {each.key: each.name for each in partners}
    if key.startswith(RESPONSIBILITY_PREFIX):
        return f"{names.get(key.removeprefix(RESPONSIBILITY_PREFIX), '前の参加団体')}の{DUTY_LABEL}"
    if key.startswith(ROLES_PREFIX):
        return f"{names.get(key.removeprefix(ROLES_PREFIX), '前の参加団体')}の{ROLES_LABEL}"
    spec = CONTENT_FIELDS.by_name.get(key)
    return header_of(spec) if spec else key


def value_in_words(key: str, value: Any, labels: Mapping[str, Mapping[str, str]]) -> str:
    """A stored value as people read it; an empty one is told to be empty."""
    if value in (None, "", []):
        return EMPTY
    if key.startswith(ROLES_PREFIX):
        return role_words(value)
    if isinstance(value, list):
        return SEPARATOR.join(labels.get(key, {}).get(code, code) for code in value)
    spec: FieldSpec | None = CONTENT_FIELDS.by_name.get(key)
    if spec is not None and spec.kind is FieldKind.DECIMAL:
        return f"{format_number(Decimal(value), 3)} {spec.unit}"
    return str(value)
