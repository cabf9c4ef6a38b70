"""Commands after a meeting: link the recording. They flush and record events."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.after.domain import checked_url
from matchmaker.working_groups.meetings.after.events import RecordingLinked
from matchmaker.working_groups.meetings.models import Meeting


def link_recording(
    meeting: Meeting, url: str, visibility: Visibility, actor: Actor, now: datetime
) -> None:
    """Say where the recording is and who is shown the address; an empty one takes it away.

    Raises:
        ProductError: it is no address (field ``url``).
    """
    url = checked_url(url)
    if (url, visibility) == (meeting.recording_url, meeting.recording_visibility):
        return
    meeting.recording_url, meeting.recording_visibility = url, visibility
    meeting.updated_at = now
    db.session.flush()
    details = {"is_linked": bool(url), "visibility": visibility.value}
    record(RecordingLinked(actor=actor, now=now, subject_id=meeting.id, details=details))
