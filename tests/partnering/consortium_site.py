"""A consortium of a town and a company, for tests of what belongs to consortia."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.partnering.consortia import queries, saving
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerRole, PartnerState
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from tests.posts.file_world import World, make_world

R, S = PartnerRole, PartnerState
CONTENT: dict[str, Any] = {
    "name": "青空町 竹の循環の座組",
    "purposes": ("resource_limits",),
    "aim": "放置された竹を、地域の資源として使い切ります。",
    "materials": ("bamboo_wood",),
    "circulation_methods": ("local_resource_recycling",),
    "tonnes_min": Decimal(100),
    "tonnes_max": Decimal(300),
    "starts_on": date(2026, 4, 1),
    "ends_on": date(2027, 3, 31),
    "schedule": "4月に試験、10月から本番。",
    "risks": "雨が続くと切り出せません。",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The world with one consortium that the town leads.

    Args:
        town_row, firm_row, outside_row: ids of the partners' rows.
    """

    world: World
    consortium_id: uuid.UUID
    town_row: uuid.UUID
    firm_row: uuid.UUID
    outside_row: uuid.UUID

    @property
    def consortium(self) -> Consortium:
        """The consortium as it stands now."""
        return queries.get(self.consortium_id)

    @property
    def base(self) -> str:
        """Address of the consortium."""
        return f"/consortia/{self.consortium_id}"

    def change(self, **changes: Any) -> int:
        """Save other values in the service, as the town; commits and gives the version."""
        now, consortium = clock.now(), self.consortium
        stored = {**queries.content_of(consortium).stored(), **changes}
        content = ConsortiumContent.from_stored(stored)
        saving.save(consortium, content, consortium.revision, self.world.editor, now)
        db.session.commit()
        return self.consortium.revision


@contextmanager
def consortium_site(app: Flask, **content: Any) -> Iterator[Site]:
    """The site in an application context; ``content`` overrides :data:`CONTENT`."""
    world = make_world(app)
    with app.app_context():
        rows = new_id(), new_id(), new_id()
        consortium_id = _consortium(world, rows, content)
        yield Site(world, consortium_id, *rows)


def _consortium(
    world: World, rows: tuple[uuid.UUID, uuid.UUID, uuid.UUID], content: dict[str, Any]
) -> uuid.UUID:
    now = clock.now()
    town, firm, outside = rows
    record = ConsortiumContent(
        **{**CONTENT, **content}, responsibilities={str(town): "場所と住民への説明"}
    )
    consortium = Consortium(
        id=new_id(), name=record.name, state=ConsortiumState.FORMING, content=record.stored(),
        revision=1, created_by_id=world.editor.user_id, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(consortium)
    db.session.flush()
    _add(consortium.id, town, [R.MUNICIPALITY], organization_id=world.organization_id,
         state=S.ACCEPTED, is_lead=True)  # fmt: skip
    _add(consortium.id, firm, [R.COLLECTOR, R.RECYCLER], organization_id=world.other_id,
         state=S.ACCEPTED)  # fmt: skip
    _add(consortium.id, outside, [R.USER], external_name="隣町の農家の会", state=S.EXTERNAL)
    consortium = queries.get(consortium.id)
    saving.keep_version(consortium, "立ち上げ", world.editor, now)
    db.session.commit()
    return consortium.id


def _add(consortium_id: uuid.UUID, row: uuid.UUID, roles: list[PartnerRole], **values: Any) -> None:
    partner = ConsortiumPartner(
        id=row, consortium_id=consortium_id, roles=[role.value for role in roles],
        invited_at=clock.now(), **values,
    )  # fmt: skip
    db.session.add(partner)
    db.session.flush()
