"""What events of earlier features mean for the outbox (see ``matchmaker/subscriptions.py``)."""

from __future__ import annotations

from matchmaker.accounts.events import (
    InvitationSent,
    SignInHelpWanted,
    SignInMailDue,
    UserLocked,
)
from matchmaker.accounts.models import User
from matchmaker.core.db import db, new_id
from matchmaker.core.settings import current_settings
from matchmaker.notifications.domain import RenderedMail
from matchmaker.notifications.service import (
    mail_secretariat,
    queue_mail,
    queue_mail_to_address,
    queue_text_to_address,
)


def mail_invitation(event: InvitationSent) -> None:
    """Send the invited person the link."""
    context = {
        "inviter_name": event.actor.name,
        "organization_name": event.organization_name,
        "role_label": event.role_label,
        "expires_at": event.expires_at,
        "link": f"{current_settings().resolved_public_url()}/invitations/{event.token}",
    }
    key = f"invitation:{event.subject_id}"
    queue_mail_to_address(event.email, "invitation", context, key, event.subject_id, event.now)


def mail_lock(event: UserLocked) -> None:
    """Tell a person that the account was locked, since it may have been somebody else."""
    user = db.session.get_one(User, event.subject_id)
    key = f"user-locked:{event.now.isoformat()}"
    context = {"locked_until": event.locked_until}
    queue_mail(user, "account-locked", context, key, user.id, event.now)


def mail_from_sign_in_pages(event: SignInMailDue) -> None:
    """Send what the sign-in pages have to say; each is a message of its own."""
    mail = RenderedMail(event.subject, event.body)
    queue_text_to_address(event.address, mail, f"sign-in:{new_id()}", event.subject_id, event.now)


def mail_help_wanted(event: SignInHelpWanted) -> None:
    """Ask the secretariat to help somebody who cannot sign in, at most once an hour."""
    user = db.session.get_one(User, event.subject_id)
    context = {"person_name": user.name, "person_email": user.email, "person_id": str(user.id)}
    key = f"sign-in-help:{user.id}:{event.now:%Y%m%d%H}"
    mail_secretariat("sign-in-help", context, key, user.id, event.now)
