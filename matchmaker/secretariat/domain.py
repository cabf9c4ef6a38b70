"""Rules of the secretariat's own work: the vocabulary of materials, what its lists show. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.posts.domain import PostKind

CODE = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
NAME_LENGTH = 60
REASON_LENGTH = 1000
TEXT_LENGTH = 100
MATERIAL_NAMESPACE = uuid.UUID("6f0c2f5e-6c0b-5d5f-9b1c-9d1f0a6e7c11")


def material_id(code: str) -> uuid.UUID:
    """The id under which a material stands in the audit log; it follows from the code."""
    return uuid.uuid5(MATERIAL_NAMESPACE, code)


def checked_code(code: str) -> str:
    """The code of a new material.

    Raises:
        ProductError: it is not made of small letters, digits and underscores.
    """
    code = clean_line(code).lower()
    if not CODE.match(code):
        raise ProductError(
            "記号は、小文字の英字で始まる2〜40文字の英数字と _ で入れてください。", "code"
        )
    return code


def checked_name(name: str) -> str:
    """The name of a material.

    Raises:
        ProductError: it is empty or too long.
    """
    name = clean_line(name)
    if not name:
        raise ProductError("品目の名前を入れてください。", "name")
    if len(name) > NAME_LENGTH:
        raise ProductError(f"品目の名前は{NAME_LENGTH}文字以内で入れてください。", "name")
    return name


def checked_reason(reason: str) -> str:
    """The words given for a decision.

    Raises:
        ProductError: there are none, or too many.
    """
    reason = reason.strip()
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH:,}文字以内で入れてください。", "reason")
    return reason


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post that waits for the secretariat's word."""

    kind: PostKind
    id: uuid.UUID
    title: str
    organization_id: uuid.UUID
    organization_name: str
    prefecture: str | None
    submitted_at: datetime
    published_before: bool


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the audit log is narrowed to; empty values do not narrow.

    Args:
        person: part of a person's name.
        tag: beginning of a tag, such as ``posts`` or ``posts:post:moved``.
        subject: id of the record.
        begins_on: first day.
        ends_on: last day.
        problems: what could not be read, in Japanese.
    """

    person: str = ""
    tag: str = ""
    subject: uuid.UUID | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the log."""
        return not (self.person or self.tag or self.subject or self.begins_on or self.ends_on)


def audit_filter_from(values: Mapping[str, str]) -> AuditFilter:
    """The filter that a query string means; what cannot be read is left out and told."""
    problems: list[str] = []
    return AuditFilter(
        person=clean_line(values.get("person", ""))[:TEXT_LENGTH],
        tag=clean_line(values.get("tag", ""))[:TEXT_LENGTH],
        subject=_uuid(values.get("subject", ""), problems),
        begins_on=_day(values, "from", problems),
        ends_on=_day(values, "to", problems),
        problems=tuple(problems),
    )


def _uuid(text: str, problems: list[str]) -> uuid.UUID | None:
    if not text.strip():
        return None
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        problems.append("対象の番号を読めないため、しぼり込みに使っていません。")
        return None


def _day(values: Mapping[str, str], name: str, problems: list[str]) -> date | None:
    """A day typed in one field or sent as three (``from-year``, ``from-month``, ``from-day``)."""
    parts = [values.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    text = f"{parts[0]}年{parts[1]}月{parts[2]}日" if any(parts) else ""
    text = text or values.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        problems.append(f"日付「{text[:20]}」は読めないため、しぼり込みに使っていません。")
        return None
