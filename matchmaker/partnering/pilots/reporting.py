"""Handing in reports of a pilot, keeping drafts of them, correcting them with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import end_of_day
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.core.formatting import format_short_date
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.checking import FaultyInput, Reader
from matchmaker.partnering.pilots.domain import (
    MOST_VERSIONS,
    NOTE_LENGTH,
    REASON_LENGTH,
    TEXT_LENGTH,
)
from matchmaker.partnering.pilots.events import IndicatorReported
from matchmaker.partnering.pilots.indicators import (
    Amount,
    Balance,
    IndicatorKind,
    first_imbalance,
    read_amount,
)
from matchmaker.partnering.pilots.models import (
    Pilot,
    PilotIndicator,
    PilotReport,
    PilotReportVersion,
    PilotResult,
)

CHANGED_MEANWHILE = "ほかの人が先に出したか直しました。いまの内容を確かめてください。"
NOT_OVER = "この報告は、期間が終わってから出せます。それまでは下書きとして残せます。"
NOT_IN_TURN = "前の期間の報告を先に出してください。"
NO_REASON = "直す理由を入れてください。"
TOO_OFTEN = f"直せるのは{MOST_VERSIONS - 1}回までです。"
NO_VALUE = "値を1つ以上入れてください。分からない値だけの報告は出せません。"
IMBALANCE = (
    "循環させた量と処分した量の合計が、集めた量より多くなっています"
    "（{first}からの累計、{until}まで）。どれかの値か単位を直してください。"
)


@dataclass(frozen=True, slots=True)
class ValueInput:
    """One value as typed."""

    text: str = ""
    is_estimate: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportInput:
    """A report as typed.

    Args:
        done, troubles, next_steps: words.
        reason: why a report that was handed in is corrected.
        values: by the id of the indicator, as text.
    """

    done: str = ""
    troubles: str = ""
    next_steps: str = ""
    reason: str = ""
    values: Mapping[str, ValueInput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Value:
    """One value, read."""

    indicator: PilotIndicator
    amount: Amount
    is_estimate: bool
    note: str


def keep_draft(report: PilotReport, typed: ReportInput, expected_revision: int) -> None:
    """Keep what was typed without handing it in; checked is nothing but how long it is.

    Args:
        report: the report.
        typed: what was typed. What stands there already may be sent again.
        expected_revision: of the report as the person saw it.

    Raises:
        FaultyInput: a text is too long.
        Conflict: it was changed or handed in meanwhile.
    """
    _check_lengths(typed)
    db.session.refresh(report, with_for_update=True)
    draft = asdict(typed)
    is_other = report.revision != expected_revision and report.draft != draft
    if is_other or report.handed_in_at is not None:
        raise Conflict(CHANGED_MEANWHILE)
    report.draft = draft
    report.revision += 1
    db.session.flush()


def _check_lengths(typed: ReportInput) -> None:
    reader = Reader()
    for name in ("done", "troubles", "next_steps"):
        reader.text(getattr(typed, name), name, TEXT_LENGTH)
    reader.line(typed.reason, "reason", REASON_LENGTH)
    for id_, value in typed.values.items():
        reader.line(value.text, f"value-{id_}", NOTE_LENGTH)
        reader.line(value.note, f"note-{id_}", NOTE_LENGTH)
    reader.finish()


def draft_of(report: PilotReport) -> ReportInput:
    """What was kept of a report, or an empty one."""
    stored = dict(report.draft or {})
    values = {key: ValueInput(**value) for key, value in stored.pop("values", {}).items()}
    return ReportInput(**stored, values=values)


def hand_in(
    pilot: Pilot,
    report: PilotReport,
    typed: ReportInput,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> PilotReportVersion:
    """Hand a report in, or correct one that was.

    Args:
        pilot: whose report it is.
        report: the report.
        typed: what it says.
        expected_revision: of the report as the person saw it.

    Raises:
        FaultyInput: a field does not fit; fields of values are ``value-<indicator>``.
        Conflict: somebody else was first, the period is not over, or an earlier report is missing.
    """
    db.session.refresh(report, with_for_update=True)
    if report.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    reports = queries.reports_of(pilot.id)
    report = next(each for each in reports if each.id == report.id)
    _check_turn(report, reports, now)
    indicators = queries.indicators_of(pilot.id)
    reader = Reader()
    version = _version(report, typed, reader, actor, now)
    values = _read_values(typed, indicators, reader)
    reader.finish()
    _check_balance(report, reports, indicators, values)
    _store(report, version, values, now)
    record(
        IndicatorReported(
            actor=actor, now=now, subject_id=pilot.id, report_id=report.id,
            reason=version.reason, details={"number": version.number},
        )
    )  # fmt: skip
    return version


def _check_turn(report: PilotReport, reports: Sequence[PilotReport], now: datetime) -> None:
    if report.handed_in_at is not None:
        if len(report.versions) >= MOST_VERSIONS:
            raise Conflict(TOO_OFTEN)
        return
    if now < end_of_day(report.period_to):
        raise Conflict(NOT_OVER)
    earlier = (each for each in reports if each.period_from < report.period_from)
    if any(each.handed_in_at is None for each in earlier):
        raise Conflict(NOT_IN_TURN)


def _version(
    report: PilotReport, typed: ReportInput, reader: Reader, actor: Actor, now: datetime
) -> PilotReportVersion:
    is_correction = report.handed_in_at is not None
    return PilotReportVersion(
        id=new_id(),
        report_id=report.id,
        number=len(report.versions) + 1,
        done=reader.text(typed.done, "done", TEXT_LENGTH, "この期間にしたことを書いてください。"),
        troubles=reader.text(typed.troubles, "troubles", TEXT_LENGTH),
        next_steps=reader.text(typed.next_steps, "next_steps", TEXT_LENGTH),
        reason=reader.line(typed.reason, "reason", REASON_LENGTH, NO_REASON)
        if is_correction
        else "",
        actor_id=actor.user_id,
        actor_name=actor.name,
        created_at=now,
    )


def _read_values(
    typed: ReportInput, indicators: Sequence[PilotIndicator], reader: Reader
) -> list[_Value]:
    found = []
    for indicator in indicators:
        value = typed.values.get(str(indicator.id), ValueInput())
        read = _read_value(value, indicator, reader)
        if read is not None:
            found.append(read)
    if indicators and not found and not reader.messages:
        reader.fault(f"value-{indicators[0].id}", NO_VALUE)
    return found


def _read_value(typed: ValueInput, indicator: PilotIndicator, reader: Reader) -> _Value | None:
    field_name = f"value-{indicator.id}"
    amount = reader.attempt(
        lambda: read_amount(typed.text, indicator.kind, indicator.unit, field_name)
    )
    note = reader.line(typed.note, f"note-{indicator.id}", NOTE_LENGTH)
    return _Value(indicator, amount, typed.is_estimate, note) if amount else None


def _check_balance(
    report: PilotReport,
    reports: Sequence[PilotReport],
    indicators: Sequence[PilotIndicator],
    values: Sequence[_Value],
) -> None:
    """Compare tonnes from the first period to the last reported one, with the new values in."""
    kinds = {each.id: each.kind for each in indicators}
    periods, balances = [], []
    for each in reports:
        if each.id == report.id:
            amounts = {value.indicator.kind: value.amount for value in values}
        elif each.current is not None:
            amounts = amounts_by_kind(each.current, kinds)
        else:
            continue
        periods.append(each)
        balances.append(_balance(amounts))
    place = first_imbalance(balances)
    if place is not None:
        message = IMBALANCE.format(
            first=format_short_date(periods[0].period_from),
            until=format_short_date(periods[place].period_to),
        )
        raise FaultyInput(_at_tonnes(message, indicators))


def amounts_by_kind(
    version: PilotReportVersion, kinds: Mapping[uuid.UUID, IndicatorKind]
) -> dict[IndicatorKind, Amount]:
    """Values of a version by what they count (results loaded)."""
    return {
        kinds[result.indicator_id]: Amount(result.value, result.decimals)
        for result in version.results
        if result.indicator_id in kinds
    }


def _balance(amounts: Mapping[IndicatorKind, Amount]) -> Balance:
    return Balance(
        amounts.get(IndicatorKind.COLLECTED),
        amounts.get(IndicatorKind.RECYCLED),
        amounts.get(IndicatorKind.DISPOSED),
    )


def _at_tonnes(message: str, indicators: Sequence[PilotIndicator]) -> dict[str, str]:
    """The message at the collected amount, or else at any of the three."""
    wanted = (IndicatorKind.COLLECTED, IndicatorKind.RECYCLED, IndicatorKind.DISPOSED)
    by_kind = {each.kind: each.id for each in indicators}
    found = next((by_kind[kind] for kind in wanted if kind in by_kind), None)
    return {f"value-{found}": message}


def _store(
    report: PilotReport, version: PilotReportVersion, values: Sequence[_Value], now: datetime
) -> None:
    db.session.add(version)
    report.handed_in_at = report.handed_in_at or now
    report.draft = {}
    report.revision += 1
    db.session.flush()
    db.session.add_all(
        PilotResult(
            version_id=version.id, indicator_id=value.indicator.id, value=value.amount.value,
            decimals=value.amount.decimals, is_estimate=value.is_estimate, note=value.note,
        )
        for value in values
    )  # fmt: skip
    db.session.flush()


def correction_of(version: PilotReportVersion) -> ReportInput:
    """A version as a form shows it, ready to be corrected (results loaded)."""
    values = {
        str(each.indicator_id): ValueInput(
            f"{each.value:.{each.decimals}f}", each.is_estimate, each.note
        )
        for each in version.results
    }
    return ReportInput(version.done, version.troubles, version.next_steps, "", values)
