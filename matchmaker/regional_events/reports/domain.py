"""What comes after an event: its report, thanks, costs, deletion of guests. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine


class ReportState(StrEnum):
    """Whether the report of an event is for everybody."""

    DRAFT = "draft"
    PUBLISHED = "published"


class ReportMove(StrEnum):
    """A step of a report."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


REPORT_STATES: StateMachine[ReportState, ReportMove] = StateMachine(
    labels={ReportState.DRAFT: "下書き", ReportState.PUBLISHED: "公開中"},
    moves={
        ReportMove.PUBLISH: Rule("公開する", frozenset({ReportState.DRAFT}), ReportState.PUBLISHED),
        ReportMove.WITHDRAW: Rule(
            "下書きに戻す",
            frozenset({ReportState.PUBLISHED}),
            ReportState.DRAFT,
            needs_reason=True,
        ),
    },
)


class MailingKind(StrEnum):
    """A mail that the staff writes after an event, each once."""

    THANKS = "thanks"
    MISSED = "missed"
    RECORDINGS = "recordings"


MAILING_LABELS: Mapping[MailingKind, str] = {
    MailingKind.THANKS: "出席した方へのお礼",
    MailingKind.MISSED: "出席しなかった方へのお知らせ",
    MailingKind.RECORDINGS: "録画・資料を公開したお知らせ",
}
SUBJECT_LENGTH, BODY_LENGTH = 100, 3000
TEXT_LENGTH, CAPTION_LENGTH, ALT_LENGTH, CONSENT_LENGTH = 8000, 200, 200, 300
REASON_LENGTH, COST_LABEL_LENGTH = 500, 60
MOST_PHOTOS, MOST_COSTS, MOST_VERSIONS = 30, 40, 100
MOST_YEN = 1_000_000_000
FEWEST_ANSWERS = 5
"""Below this many answers nothing of a survey stands in a report: people would be recognised."""

TOLD_BEFORE = timedelta(days=7)
"""So long before the data of guests is deleted, the staff is told."""

MEMBERS_KEPT_FOR = timedelta(days=3 * 365)
"""So long after the end of an event the registrations of people with an account are kept."""

DELETED_NAME = "（削除済み）"


def deletion_due_at(ends_at: datetime, retention_days: int) -> datetime:
    """From when on the data of an event's guests is deleted."""
    return ends_at + timedelta(days=retention_days)


def no_show_rate(confirmed: int, present: int) -> float | None:
    """Share of those with a seat who did not come (0–1); None while nobody had a seat."""
    if not confirmed:
        return None
    return max(0, confirmed - present) / confirmed


def fill_rate(taken: int, capacity: int | None) -> float | None:
    """Share of the seats that are taken (0 and more); None without a bound."""
    return taken / capacity if capacity else None
