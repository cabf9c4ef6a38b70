"""Who else may read a document: a meeting lets in people who take no part in the group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.activity import policy
from matchmaker.working_groups.groups.activity.loading import Place
from matchmaker.working_groups.groups.models import GroupDocument

EXTENSION_KEY = "matchmaker.document_readers"
DocumentReader = Callable[[GroupDocument, Actor, datetime], bool]
"""``(document, actor, now) -> bool``: may the person read it although the group's rules say no?"""


def add_document_reader(app: Flask, reader: DocumentReader) -> None:
    """Let a later part open documents that are out to further people (those of its meetings)."""
    app.extensions.setdefault(EXTENSION_KEY, []).append(reader)


def may_read(place: Place, document: GroupDocument) -> bool:
    """By the rules of the group, or because a later part lets the person in.

    Whoever does not run the group never reads a document before its moment or after its removal.
    """
    actor, now = place.actor, place.now
    if policy.can_view_document(actor, place.group, document, place.standing, now):
        return True
    is_waiting = document.publish_at is not None and document.publish_at > now
    if is_waiting or document.removed_at is not None:
        return False
    readers: list[DocumentReader] = current_app.extensions.get(EXTENSION_KEY, [])
    return any(reader(document, actor, now) for reader in readers)
