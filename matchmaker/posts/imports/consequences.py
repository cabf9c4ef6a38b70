"""Mail that follows from imports: one for all posts handed in, not one for each."""

from __future__ import annotations

from matchmaker.notifications.service import mail_secretariat
from matchmaker.organizations.queries import organization_of
from matchmaker.posts.imports.events import ImportFinished


def mail_about_import(event: ImportFinished) -> None:
    """Tell the secretariat how many posts an import handed in."""
    if not event.details.get("submitted") or event.actor.is_secretariat:
        return
    if event.organization_id is None:
        return
    context = {
        "post_label": event.details["post_label"],
        "organization_name": organization_of(event.organization_id).name,
        "actor_name": event.actor.name,
        "number": event.details["submitted"],
        "file_name": event.details["file"],
        "list_path": event.details["list_path"],
    }
    key = f"{event.subject_id}:import-finished"
    mail_secretariat("import-submitted", context, key, None, event.now)
