"""Where later features bring what people said of pairs into the ledger, without being known here.

A source is a statement that gives one row for each thing said, with the columns of
:func:`evidence`; all sources are read as one table, so that lists of it can be narrowed and paged.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, String, Uuid, cast, literal, null, select
from sqlalchemy import type_coerce as as_type

from matchmaker.matching.ledger.domain import Reading

SOURCES_KEY = "matchmaker.evidence_sources"
SECOND_RANKING_KEY = "matchmaker.second_ranking"
Evidence = Select[Any]
SecondRanking = Callable[[uuid.UUID], Sequence[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """Things said of pairs that the ledger reads.

    Attributes:
        code: how the source is stored in the entries, up to 24 letters.
        label: what people call it, in Japanese.
        rows: the statement, made by :func:`evidence`; asked anew for each reading.
        reading: grade and weight of a verdict with its reason, by the scale of the judged sets.
        verdicts, reasons: their Japanese words by code.
        answering: verdicts that tell how the organisation they were said for answers when it is
            asked: whether it answered. What the answer was does not count here.
    """

    code: str
    label: str
    rows: Callable[[], Evidence]
    reading: Callable[[str, str], Reading]
    verdicts: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    answering: Mapping[str, bool] = field(default_factory=dict)


def add_evidence_source(app: Flask, source: EvidenceSource) -> None:
    """Let the ledger read ``source`` too."""
    app.extensions.setdefault(SOURCES_KEY, {})[source.code] = source


def evidence_sources() -> Mapping[str, EvidenceSource]:
    """All sources by code, in the order in which they were added."""
    sources: dict[str, EvidenceSource] = current_app.extensions.get(SOURCES_KEY, {})
    return sources


def set_second_ranking(app: Flask, reader: SecondRanking) -> None:
    """Tell how a version that runs beside the live one ranks; pairs that only one of the two puts
    among the best ten are worth judging.

    Args:
        reader: ids of the best ten offerings of a stored need, best first; none without a shadow.
    """
    app.extensions[SECOND_RANKING_KEY] = reader


def second_ranking(need_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The best ten offerings of a need by the version beside the live one; empty without one."""
    reader: SecondRanking | None = current_app.extensions.get(SECOND_RANKING_KEY)
    return reader(need_id) if reader else ()


def evidence(
    code: str,
    *,
    record_id: Any,
    need_id: Any,
    offering_id: Any,
    side: Any,
    verdict: Any,
    at: Any,
    reason: Any = None,
    organization_id: Any = None,
    person_id: Any = None,
    need_mark: Any = None,
    offering_mark: Any = None,
) -> Evidence:
    """The statement of a source; joins and conditions may be added to it.

    Args:
        code: of the source.
        record_id: id of what was said, for a stable order.
        side: word of :class:`matchmaker.matching.ledger.domain.Side`.
        verdict, reason, at: what was said, why, and when.
        organization_id: for whom it was said; None for people of the partnership's own.
        person_id: who said it, to tell people apart; never handed on.
        need_mark, offering_mark: what both posts said then, where that is known.
    """
    return select(
        literal(code, String).label("source"),
        record_id.label("record_id"),
        need_id.label("need_id"),
        offering_id.label("offering_id"),
        _word(side).label("side"),
        _word(verdict).label("verdict"),
        _word(reason).label("reason"),
        at.label("at"),
        _id(organization_id).label("organization_id"),
        _id(person_id).label("person_id"),
        _word(need_mark).label("need_mark"),
        _word(offering_mark).label("offering_mark"),
    )


def _word(value: Any) -> ColumnElement[str]:
    if value is None or isinstance(value, str):
        return literal(value or "", String)
    # A column of words would turn the words of other sources into its own.
    return as_type(value, String)


def _id(value: Any) -> ColumnElement[uuid.UUID]:
    return cast(null(), Uuid) if value is None else value
