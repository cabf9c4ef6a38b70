"""Commands on the text of minutes: begin, write together, go back. They flush and record events.

Each save names the version it started from. What others saved meanwhile is merged sentence by
sentence; the text that was sent is kept as a version of its own (a side text), so that the next
save of a page that still shows it merges rightly, whether or not the page took in the others'
sentences.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.core.merging import merge_text
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.domain import (
    MinutesKind,
    MinutesState,
)
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.minutes.checking import ask_again
from matchmaker.working_groups.meetings.minutes.domain import (
    Contradiction,
    Saved,
    bounded,
    start_text,
)
from matchmaker.working_groups.meetings.minutes.events import (
    MinutesBegun,
    MinutesSettingsChanged,
    MinutesWritten,
)
from matchmaker.working_groups.meetings.minutes.versions import add_version
from matchmaker.working_groups.meetings.models import Meeting, Minutes

ONE_SITTING = timedelta(minutes=10)
"""Saves of one person within this time are one entry of the audit log."""

NOT_WRITABLE = "議事録は公開済みです。直すときは「訂正する」から始めてください。"


def begin_minutes(meeting: Meeting, actor: Actor, now: datetime) -> Minutes:
    """The minutes of a meeting, begun with the headings of its agenda unless they exist already.

    Args:
        meeting: with its agenda and the speakers loaded.
        actor: who begins.
        now: the present moment.
    """
    if not _insert_if_none(meeting, now):
        found = queries.minutes_of(meeting.id)
        assert found is not None  # noqa: S101 - the unique meeting_id was taken
        return found
    minutes = queries.minutes_of(meeting.id)
    assert minutes is not None  # noqa: S101 - it was just written
    items = [
        (item.title, item.speaker.name if item.speaker else item.speaker_name)
        for item in meeting.agenda
    ]
    add_version(minutes, start_text(items), actor, now, note="議題から作成")
    record(MinutesBegun(actor=actor, now=now, subject_id=minutes.id, meeting_id=meeting.id))
    return minutes


def _insert_if_none(meeting: Meeting, now: datetime) -> bool:
    statement = insert(Minutes).values(
        id=new_id(),
        meeting_id=meeting.id,
        kind=MinutesKind.MINUTES,
        body="",
        state=MinutesState.DRAFT,
        state_reason="",
        visibility=meeting.visibility,
        revision=0,
        created_at=now,
        updated_at=now,
    )
    return insert_or_skip(db.session(), statement, ["meeting_id"]) == 1


def save_minutes(
    minutes: Minutes, body: str, base: int, actor: Actor, now: datetime, *, note: str = ""
) -> Saved:
    """Write the text, merged with what others saved since ``base``.

    Args:
        body: the whole text as the person has it.
        base: number of the version the person started from.
        note: why, for the list of versions.

    Raises:
        Contradiction: somebody else changed the same sentence; nothing was written.
        Conflict: the minutes are published.
        ProductError: the text is too long (field ``body``).
    """
    minutes = queries.locked_minutes(minutes.id)
    _check_writable(minutes)
    text = bounded(body)
    if text == minutes.body:
        return Saved(text, minutes.revision, minutes.revision)
    if base != minutes.revision:
        return _merge(minutes, text, base, actor, now)
    _write(minutes, text, actor, now, note)
    return Saved(text, minutes.revision, minutes.revision)


def _merge(minutes: Minutes, text: str, base: int, actor: Actor, now: datetime) -> Saved:
    before = queries.base_text(minutes.id, base)
    others = tuple(queries.writers_since(minutes.id, base, actor.user_id))
    if text == before:  # the page shows the old text unchanged: what others wrote stays
        return Saved(minutes.body, minutes.revision, base, others)
    merged = merge_text(before, text, minutes.body)
    if not merged.is_clean:
        raise Contradiction(text, minutes.body, minutes.revision, merged.text)
    side = add_version(minutes, text, actor, now, is_branch=True)
    if merged.text != minutes.body:
        _write(minutes, bounded(merged.text), actor, now, "ほかの人の変更と合わせた")
    return Saved(minutes.body, minutes.revision, side.number, others)


def _write(minutes: Minutes, text: str, actor: Actor, now: datetime, note: str) -> None:
    last = queries.last_version(minutes.id)
    add_version(minutes, text, actor, now, note=note)
    if minutes.state is MinutesState.CHECKING:
        ask_again(minutes, actor, now)
    if last is None or last.actor_id != actor.user_id or now - last.at > ONE_SITTING:
        record(
            MinutesWritten(
                actor=actor, now=now, subject_id=minutes.id, meeting_id=minutes.meeting_id,
                reason=note, details={"revision": minutes.revision},
            )
        )  # fmt: skip


def restore_version(minutes: Minutes, number: int, actor: Actor, now: datetime) -> None:
    """Write the text of an earlier version again, as a new version.

    Raises:
        NotFound: there is no such version.
        Conflict: the minutes are published.
    """
    version = queries.version_of(minutes.id, number)
    note = f"第{number}版に戻した"
    minutes = queries.locked_minutes(minutes.id)
    save_minutes(minutes, version.body, minutes.revision, actor, now, note=note)


def change_settings(
    minutes: Minutes, kind: MinutesKind, visibility: Visibility, actor: Actor, now: datetime
) -> None:
    """Set whether it is the minutes or a summary, and who may read it once it is published."""
    before = {"kind": minutes.kind.value, "visibility": minutes.visibility.value}
    minutes.kind, minutes.visibility = kind, visibility
    after = {"kind": kind.value, "visibility": visibility.value}
    if before == after:
        return
    minutes.updated_at = now
    db.session.flush()
    record(
        MinutesSettingsChanged(
            actor=actor, now=now, subject_id=minutes.id, meeting_id=minutes.meeting_id,
            details={"before": before, "after": after},
        )
    )  # fmt: skip


def _check_writable(minutes: Minutes) -> None:
    if minutes.state is MinutesState.PUBLISHED:
        raise Conflict(NOT_WRITABLE)
