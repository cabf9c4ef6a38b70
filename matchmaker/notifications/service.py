"""Puts mail into the outbox, within the transaction of what caused it. Nothing is sent here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import people_with_global_role, writing_people_of
from matchmaker.core.actor import GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.settings import current_settings
from matchmaker.notifications.domain import Attachment, OutboxState, RenderedMail
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.rendering import render_mail
from matchmaker.notifications.silence import is_silent

SUBJECT_LENGTH = 200
KEY_LENGTH = 200


def queue_mail(
    to_user: User,
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    subject_kind: str = "",
    calendar: bytes | None = None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    """Put a mail to a person into the outbox, at most once for each person and key.

    Args:
        to_user: who gets it; nobody whose account is closed gets any.
        template: name of a file in ``templates/notifications/mail`` without ``.txt``.
        context: the facts of the mail; ``recipient_name``, ``public_url`` and ``service_name`` are
            added.
        dedupe_key: what this mail is about, for example ``need-published:<id>``.
        subject_id: the record it is about, for the check before sending.
        now: the present moment.
        subject_kind: which registered check is asked before sending, for example ``needs:need``.
        calendar: a calendar file (see ``core/calendar_files.py``) that goes with the mail.
        attachments: small files that go with it (a QR code).

    Returns:
        Whether it is a new one.
    """
    if not to_user.active or is_silent():
        return False
    mail = render_mail(template, {**_common_context(), "recipient_name": to_user.name, **context})
    return _put(
        mail,
        address=to_user.email,
        name=to_user.name,
        user_id=to_user.id,
        dedupe_key=f"{dedupe_key}:{to_user.id}",
        subject_kind=subject_kind,
        subject_id=subject_id,
        now=now,
        calendar=calendar,
        attachments=attachments,
    )


def queue_mail_to_address(
    address: str,
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    calendar: bytes | None = None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    """Put a mail to somebody without an account into the outbox (invitations, proxies)."""
    mail = render_mail(template, {**_common_context(), **context})
    return queue_text_to_address(
        address, mail, dedupe_key, subject_id, now, calendar=calendar, attachments=attachments
    )


def queue_text_to_address(
    address: str,
    mail: RenderedMail,
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    calendar: bytes | None = None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    """Put a mail that is written already into the outbox."""
    return _put(
        mail,
        address=address,
        name="",
        user_id=None,
        dedupe_key=dedupe_key,
        subject_kind="",
        subject_id=subject_id,
        now=now,
        calendar=calendar,
        attachments=attachments,
    )


def mail_members(
    organization_id: uuid.UUID,
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    subject_kind: str = "",
) -> int:
    """Mail each representative and editor of an organisation once.

    Returns:
        How many new mails there are.
    """
    people = writing_people_of(organization_id)
    return mail_people(
        people,
        template,
        context,
        dedupe_key,
        subject_id=subject_id,
        now=now,
        subject_kind=subject_kind,
    )


def mail_secretariat(
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    subject_kind: str = "",
) -> int:
    """Mail each person of the secretariat once.

    Returns:
        How many new mails there are.
    """
    people = people_with_global_role(GlobalRole.SECRETARIAT)
    return mail_people(
        people,
        template,
        context,
        dedupe_key,
        subject_id=subject_id,
        now=now,
        subject_kind=subject_kind,
    )


def mail_people(
    people: Iterable[User],
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    *,
    subject_kind: str = "",
    calendar: bytes | None = None,
) -> int:
    """Mail each of these people once.

    Returns:
        How many new mails there are.
    """
    return sum(
        queue_mail(
            user, template, context, dedupe_key, subject_id, now,
            subject_kind=subject_kind, calendar=calendar,
        )
        for user in people
    )  # fmt: skip


def _common_context() -> dict[str, Any]:
    return {
        "public_url": current_settings().resolved_public_url(),
        "service_name": "めぐりあわせ",
    }


def _put(
    mail: RenderedMail,
    *,
    address: str,
    name: str,
    user_id: uuid.UUID | None,
    dedupe_key: str,
    subject_kind: str,
    subject_id: uuid.UUID | None,
    now: datetime,
    calendar: bytes | None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    if len(dedupe_key) > KEY_LENGTH:
        raise ValueError("the dedupe key is too long")
    if is_silent():
        return False
    statement = insert(OutboxMessage).values(
        id=new_id(),
        dedupe_key=dedupe_key,
        recipient_user_id=user_id,
        address=address,
        recipient_name=name,
        subject=mail.subject[:SUBJECT_LENGTH],
        body=mail.body,
        headers={"Auto-Submitted": "auto-generated"},
        calendar=calendar.decode() if calendar else None,
        attachments=[attachment.to_data() for attachment in attachments],
        subject_kind=subject_kind,
        subject_id=subject_id,
        state=OutboxState.WAITING,
        reason="",
        attempts=0,
        next_attempt_at=now,
        created_at=now,
    )
    return insert_or_skip(db.session(), statement, ["dedupe_key"]) == 1
