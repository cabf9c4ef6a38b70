"""What every page of a group's activity begins with: the group, the person, the moment."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import request

from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ProductForm
from matchmaker.working_groups.groups.activity import policy
from matchmaker.working_groups.groups.activity.documents import Upload
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import get_group, standing_of

INVALID, CONFLICT = 422, 409
FormKind = TypeVar("FormKind", bound=ProductForm)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Args:
        group: the group.
        actor: who looks at it.
        standing: the person's present roles in the group.
        now: the present moment.
    """

    group: WorkingGroup
    actor: Actor
    standing: Standing
    now: datetime

    @property
    def is_inside(self) -> bool:
        """Whether the person sees tasks and decisions."""
        return policy.can_view_inside(self.actor, self.group, self.standing)


def load_place(group_id: uuid.UUID) -> Place:
    """The group with the person of this request.

    Raises:
        NotFound: there is no such group.
    """
    now, actor = clock.now(), current_actor()
    return Place(get_group(group_id), actor, standing_of(actor, group_id, today(now)), now)


def opened_form(kind: type[FormKind], **values: Any) -> FormKind:
    """A form with what was sent, with what was typed before the session ended, or ``values``."""
    if request.method == "POST":
        return kind(**values)
    return kind(stashed_values(request.path), **values)


def uploaded(field: Any) -> Upload | None:
    """The file that was sent with a field; None when none was chosen."""
    file = field.data
    if not file or not getattr(file, "filename", ""):
        return None
    return Upload(file.filename, file.read())
