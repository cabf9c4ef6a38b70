"""Mail that follows from versions (named in ``matchmaker/subscriptions.py``)."""

from __future__ import annotations

from matchmaker.matching.releases.events import VersionTrained
from matchmaker.notifications.service import mail_secretariat


def mail_new_version(event: VersionTrained) -> None:
    """Tell the secretariat that a version was made, and whether it may be used."""
    context = {
        "number": event.details["number"],
        "objections": len(event.details["objections"]),
        "path": f"/ranking-versions/{event.details['number']}",
    }
    key = f"ranking-version:{event.subject_id}"
    mail_secretariat("ranking-version-made", context, key, event.subject_id, event.now)
