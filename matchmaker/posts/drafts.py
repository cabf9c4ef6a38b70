"""Working copies: what is being typed is kept on the server every few seconds."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from werkzeug.datastructures import MultiDict

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import RecordForm
from matchmaker.posts import queries
from matchmaker.posts.models import WorkingCopy
from matchmaker.posts.types import PostType

TOKEN = re.compile(r"^[0-9a-f]{32}$")
KEY = re.compile(r"^(need|offering):(new:)?[0-9a-f-]{32,36}$")
LARGEST_COPY = 200_000
NOT_KEPT = frozenset({"csrf_token", "form_key", "revision", "action"})


def key_for_new(post_type: PostType, token: str | None) -> str:
    """Key of a form for a new post; each opened form has its own, so that tabs do not mix."""
    token = token if token and TOKEN.match(token) else uuid.uuid4().hex
    return f"{post_type.kind}:new:{token}"


def key_for_post(post_type: PostType, post_id: uuid.UUID) -> str:
    """Key of the form of an existing post."""
    return f"{post_type.kind}:{post_id}"


def keep(actor: Actor, form_key: str, typed: MultiDict[str, str], now: datetime) -> WorkingCopy:
    """Keep what was typed, replacing what was kept before for the same form.

    Raises:
        ProductError: the form is not known or what was typed is too long.
    """
    if actor.user_id is None or not KEY.match(form_key):
        raise ProductError("このフォームは保存できません。")
    payload = {name: typed.getlist(name) for name in typed if name not in NOT_KEPT}
    if sum(len(v) for values in payload.values() for v in values) > LARGEST_COPY:
        raise ProductError("入力が長すぎるため、途中の内容を保存できません。")
    copy = queries.working_copy(actor.user_id, form_key)
    if copy is None:
        copy = WorkingCopy(id=new_id(), user_id=actor.user_id, form_key=form_key)
        db.session.add(copy)
    copy.title = typed.get("title", "")[:100]
    copy.payload, copy.saved_at = payload, now
    db.session.flush()
    return copy


def forget(actor: Actor, form_key: str) -> None:
    """Drop a working copy once its content has been saved or thrown away."""
    db.session.execute(
        delete(WorkingCopy).where(
            WorkingCopy.user_id == actor.user_id, WorkingCopy.form_key == form_key
        )
    )


def fill_from_copy(form: RecordForm, actor: Actor, form_key: str) -> WorkingCopy | None:
    """Bring what was typed before back into the form.

    Returns:
        The working copy that was used, None when there is none.
    """
    if actor.user_id is None:
        return None
    copy = queries.working_copy(actor.user_id, form_key)
    if copy is None:
        return None
    typed: MultiDict[str, str] = MultiDict()
    for name, values in copy.payload.items():
        typed.setlist(name, [str(value) for value in values])
    refill(form, typed)
    return copy


def refill(form: RecordForm, typed: MultiDict[str, str]) -> None:
    """Put typed values into the fields of a form as if they had just been sent."""
    for spec in form.table.fields:
        form[spec.name].process(typed)


def other_copies(post_type: PostType, actor: Actor, form_key: str) -> Sequence[Any]:
    """Forms for new posts of this kind that the person began and did not finish."""
    if actor.user_id is None:
        return []
    prefix = f"{post_type.kind}:new:"
    copies = queries.working_copies_of(actor.user_id)
    return [c for c in copies if c.form_key.startswith(prefix) and c.form_key != form_key]
