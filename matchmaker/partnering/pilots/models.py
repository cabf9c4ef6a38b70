"""Tables of pilots: plan, milestones, budget, indicators, reports with versions and results."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots.domain import (
    FIELD_LENGTH,
    LABEL_LENGTH,
    MOST_BUDGET_LINES,
    MOST_INDICATORS,
    MOST_MILESTONES,
    MOST_YEN,
    NOTE_LENGTH,
    PAYER_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    USUAL_REPORT_DAYS,
    EndReason,
    Outcome,
    PilotFormat,
    PilotState,
)
from matchmaker.partnering.pilots.indicators import MOST_DECIMALS, IndicatorKind

AMOUNT = Numeric(18, MOST_DECIMALS)


class Pilot(IdMixin, Base):
    """A pilot of a consortium.

    Args:
        starts_on, ends_on: first and last day, in Japan.
        municipality_code, field_name: where it takes place.
        report_interval, report_days: months between reports; days after a period until it is due.
        is_public: whether everybody may see a page of it once it runs.
        state_reason: why it was cancelled, resumed or reopened the last time.
        outcome, end_reason, outcome_words, lessons: what came of it.
        revision: grows with every change of the plan (optimistic locking).
    """

    __tablename__ = "pilots"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("report_interval IN (1, 3, 6, 12)", name="report_interval"),
        CheckConstraint("state <> 'ended' OR outcome IS NOT NULL", name="outcome_known"),
        Index("ix_pilots_state_ends_on", "state", "ends_on"),
    )

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortia.id"), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    format: Mapped[PilotFormat] = mapped_column(word_column(PilotFormat, "format"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    municipality_code: Mapped[str] = mapped_column(
        String(6), ForeignKey("municipalities.code"), index=True
    )
    field_name: Mapped[str] = mapped_column(String(FIELD_LENGTH), default="")
    summary: Mapped[str] = mapped_column(Text)
    report_interval: Mapped[int]
    report_days: Mapped[int] = mapped_column(default=USUAL_REPORT_DAYS)
    is_public: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PilotState] = mapped_column(
        word_column(PilotState, "state"), default=PilotState.PLANNED
    )
    state_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(word_column(Outcome, "outcome"))
    end_reason: Mapped[EndReason | None] = mapped_column(word_column(EndReason, "end_reason"))
    outcome_words: Mapped[str] = mapped_column(Text, default="")
    lessons: Mapped[str] = mapped_column(Text, default="")
    case_draft_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("case_drafts.id", ondelete="SET NULL"), unique=True
    )
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    consortium: Mapped[Consortium] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise")
    case_draft: Mapped[CaseDraft | None] = relationship(lazy="raise")
    milestones: Mapped[list[PilotMilestone]] = relationship(
        lazy="raise", passive_deletes=True, order_by="PilotMilestone.position"
    )
    budget_lines: Mapped[list[PilotBudgetLine]] = relationship(
        lazy="raise", passive_deletes=True, order_by="PilotBudgetLine.position"
    )
    indicators: Mapped[list[PilotIndicator]] = relationship(
        lazy="raise", passive_deletes=True, order_by="PilotIndicator.position"
    )
    reports: Mapped[list[PilotReport]] = relationship(
        lazy="raise", passive_deletes=True, order_by="PilotReport.period_from"
    )


class PilotConsent(Base):
    """A partner that agreed to be named on the public page."""

    __tablename__ = "pilot_consents"

    pilot_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("pilots.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True
    )
    agreed_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship(lazy="raise")


class PilotMilestone(IdMixin, Base):
    """Something to be done by a day; whether it is late is computed from the moment."""

    __tablename__ = "pilot_milestones"
    __table_args__ = (
        UniqueConstraint("pilot_id", "position"),
        CheckConstraint(f"position BETWEEN 0 AND {MOST_MILESTONES - 1}", name="position_bounded"),
    )

    pilot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    due_on: Mapped[date]
    done_on: Mapped[date | None]


class PilotBudgetLine(IdMixin, Base):
    """What something costs and who pays (yen, tax included).

    Args:
        payer: who pays, as written.
        payer_organization_id: the partner of that name, if it was one.
    """

    __tablename__ = "pilot_budget_lines"
    __table_args__ = (
        UniqueConstraint("pilot_id", "position"),
        CheckConstraint(f"position BETWEEN 0 AND {MOST_BUDGET_LINES - 1}", name="position_bounded"),
        CheckConstraint(f"planned_yen BETWEEN 0 AND {MOST_YEN}", name="planned_yen"),
        CheckConstraint(
            f"actual_yen IS NULL OR actual_yen BETWEEN 0 AND {MOST_YEN}", name="actual_yen"
        ),
    )

    pilot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    payer: Mapped[str] = mapped_column(String(PAYER_LENGTH))
    payer_organization_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    planned_yen: Mapped[int] = mapped_column(BigInteger)
    actual_yen: Mapped[int | None] = mapped_column(BigInteger)


class PilotIndicator(IdMixin, Base):
    """What is counted, where it starts and where it is to be at the end.

    Args:
        name: how the plan calls it; the kind's name where nothing else was written.
        baseline: the value without the pilot, over the same time.
        is_public: whether everybody may see it on the public page.
    """

    __tablename__ = "pilot_indicators"
    __table_args__ = (
        UniqueConstraint("pilot_id", "position"),
        CheckConstraint(f"position BETWEEN 0 AND {MOST_INDICATORS - 1}", name="position_bounded"),
        CheckConstraint("unit <> ''", name="unit_known"),
    )

    pilot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[IndicatorKind] = mapped_column(word_column(IndicatorKind, "kind"))
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    unit: Mapped[str] = mapped_column(String(UNIT_LENGTH))
    baseline: Mapped[Decimal | None] = mapped_column(AMOUNT)
    goal: Mapped[Decimal | None] = mapped_column(AMOUNT)
    is_public: Mapped[bool] = mapped_column(default=False)


class PilotReport(IdMixin, Base):
    """A report on one period. What it says is in its versions.

    Args:
        period_from, period_to: first and last day of the period.
        due_on: the last day on which it is in time.
        draft: what was typed and not handed in yet.
        handed_in_at: when the first version came in.
        reminded_before_at, reminded_late_at: when its writers were reminded, once each.
    """

    __tablename__ = "pilot_reports"
    __table_args__ = (
        UniqueConstraint("pilot_id", "period_from"),
        CheckConstraint("period_to >= period_from", name="period"),
        Index("ix_pilot_reports_handed_in_at_due_on", "handed_in_at", "due_on"),
    )

    pilot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    due_on: Mapped[date]
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    handed_in_at: Mapped[datetime | None]
    reminded_before_at: Mapped[datetime | None]
    reminded_late_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    pilot: Mapped[Pilot] = relationship(lazy="raise", viewonly=True)
    versions: Mapped[list[PilotReportVersion]] = relationship(
        lazy="raise", passive_deletes=True, order_by="PilotReportVersion.number"
    )

    @property
    def current(self) -> PilotReportVersion | None:
        """What counts: the newest version (versions must be loaded)."""
        return self.versions[-1] if self.versions else None


class PilotReportVersion(IdMixin, Base):
    """A report as it was handed in; a correction is a further one.

    Args:
        number: counts from 1.
        done, troubles, next_steps: what was done, what is difficult, what comes next.
        reason: why it was corrected; empty for the first.
    """

    __tablename__ = "pilot_report_versions"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("number = 1 OR reason <> ''", name="correction_has_reason"),
    )

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilot_reports.id", ondelete="CASCADE"))
    number: Mapped[int]
    done: Mapped[str] = mapped_column(Text)
    troubles: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]

    results: Mapped[list[PilotResult]] = relationship(lazy="raise", passive_deletes=True)


class PilotResult(IdMixin, Base):
    """The value of one indicator in one period, as one version says.

    Args:
        value: in the indicator's unit.
        decimals: how many digits after the point were typed: how finely it was measured.
        is_estimate: whether it was not measured or weighed.
    """

    __tablename__ = "pilot_results"
    __table_args__ = (
        UniqueConstraint("version_id", "indicator_id"),
        CheckConstraint("value >= 0", name="value_not_negative"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("pilot_report_versions.id", ondelete="CASCADE")
    )
    indicator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pilot_indicators.id"), index=True)
    value: Mapped[Decimal] = mapped_column(AMOUNT)
    decimals: Mapped[int] = mapped_column(default=0)
    is_estimate: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
