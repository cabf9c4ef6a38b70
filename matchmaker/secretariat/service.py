"""Commands on the vocabulary of materials. They flush and record events; they never commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, IllegalMove
from matchmaker.posts.models import Material
from matchmaker.secretariat.domain import (
    checked_code,
    checked_name,
    checked_reason,
    material_id,
)
from matchmaker.secretariat.events import (
    MaterialAdded,
    MaterialDeactivated,
    MaterialEvent,
    MaterialReactivated,
    MaterialRenamed,
)


def add_material(code: str, name: str, actor: Actor, now: datetime) -> Material:
    """Add an entry at the end of the vocabulary.

    Args:
        code: id that never changes; small letters, digits, underscores.
        name: what people read.

    Raises:
        ProductError: code or name are not right.
        Conflict: there is an entry with that code or name.
    """
    code, name = checked_code(code), checked_name(name)
    if db.session.get(Material, code) is not None:
        raise Conflict("この記号の品目はすでにあります。", "code")
    _refuse_taken_name(name, code)
    last = db.session.scalar(select(func.max(Material.position))) or 0
    material = Material(code=code, name=name, position=last + 1, is_active=True)
    db.session.add(material)
    db.session.flush()
    record(_event(MaterialAdded, material, actor, now))
    return material


def rename_material(
    material: Material, name: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Give an entry another name; posts keep its code and show the new name at once.

    Raises:
        ProductError: name or reason are not right.
        Conflict: another entry has that name.
    """
    name, reason = checked_name(name), checked_reason(reason)
    if name == material.name:
        return
    _refuse_taken_name(name, material.code)
    before, material.name = material.name, name
    db.session.flush()
    record(_event(MaterialRenamed, material, actor, now, reason, {"before": before}))


def deactivate_material(material: Material, reason: str, actor: Actor, now: datetime) -> None:
    """Stop offering an entry for new posts; those that carry it keep it.

    Raises:
        ProductError: the reason is missing.
        IllegalMove: it is not offered any more.
    """
    reason = checked_reason(reason)
    if not material.is_active:
        raise IllegalMove("この品目はすでに利用を止めています。")
    material.is_active = False
    db.session.flush()
    record(_event(MaterialDeactivated, material, actor, now, reason))


def reactivate_material(material: Material, reason: str, actor: Actor, now: datetime) -> None:
    """Offer an entry again.

    Raises:
        ProductError: the reason is missing.
        IllegalMove: it is offered already.
    """
    reason = checked_reason(reason)
    if material.is_active:
        raise IllegalMove("この品目は利用できる状態です。")
    material.is_active = True
    db.session.flush()
    record(_event(MaterialReactivated, material, actor, now, reason))


def _refuse_taken_name(name: str, code: str) -> None:
    query = select(Material.code).where(Material.name == name, Material.code != code)
    if db.session.scalar(query) is not None:
        raise Conflict("この名前の品目はすでにあります。", "name")


def _event(
    kind: type[MaterialEvent],
    material: Material,
    actor: Actor,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> MaterialEvent:
    return kind(
        actor=actor,
        now=now,
        subject_id=material_id(material.code),
        reason=reason,
        details={"code": material.code, "name": material.name, **(details or {})},
        code=material.code,
    )
