"""A consortium of the town and the company whose match it grew from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g
from flask.testing import FlaskClient

from matchmaker.core.db import db
from matchmaker.partnering.consortia import partners, queries, service
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerRole
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.matches import queries as matches
from tests.partnering.introductions.world import World

TOWN, FIRM, HAULER = "青空町", "緑山工業", "白浜運輸"
WRITTEN: dict[str, Any] = {
    "name": "竹の座組",
    "purposes": ("resource_limits", "wellbeing"),
    "aim": "放置された竹を使い切ります。",
    "circulation_methods": ("local_resource_recycling",),
    "tonnes_min": Decimal(100),
    "tonnes_max": Decimal(300),
    "starts_on": date(2027, 4, 1),
    "schedule": "春に試し、秋に始めます。",
    "risks": "雨が続くと切り出せません。",
}
WRITER = {TOWN: "officer", FIRM: "maker", HAULER: "hauler"}


@dataclass
class Founded:
    """The world with one consortium."""

    world: World
    match_id: uuid.UUID
    consortium_id: uuid.UUID

    @property
    def consortium(self) -> Consortium:
        """As it stands now."""
        return queries.get(self.consortium_id)

    def stands(self) -> ConsortiumState:
        """Its state now."""
        return self.consortium.state

    @property
    def path(self) -> str:
        """Its address."""
        return f"/consortia/{self.consortium_id}"

    def browser(self, name: str) -> FlaskClient:
        """That person signs in; what the context remembered of the person before is forgotten."""
        for key in list(g):
            g.pop(key)
        return self.world.browser(name)

    def partner(self, name: str) -> ConsortiumPartner:
        """The partner of that name."""
        return next(each for each in self.consortium.partners if each.name == name)

    def invite(self, name: str, *roles: PartnerRole) -> ConsortiumPartner:
        """The lead asks a member; commits."""
        partners.invite(
            self.consortium, self.world.organizations[name], roles or (PartnerRole.COLLECTOR,),
            "運搬をお願いしたいです。", self.world.actor("officer"), self.world.now,
        )  # fmt: skip
        db.session.commit()
        return self.partner(name)

    def accept(self, name: str) -> None:
        """The partner of that name takes part; commits."""
        actor, row = self.world.actor(WRITER[name]), self.partner(name)
        partners.answer(self.consortium, row, True, "", actor, self.world.now)
        db.session.commit()

    def leave(self, name: str, reason: str = "担当がいなくなったため") -> None:
        """The partner of that name leaves; commits."""
        actor, row = self.world.actor(WRITER[name]), self.partner(name)
        partners.leave(self.consortium, row, reason, actor, self.world.now)
        db.session.commit()

    def write(self, writer: str = "officer", base: int = 0, **changes: Any) -> service.SaveOutcome:
        """Save the content with these changes, from a version on; commits."""
        number = base or self.consortium.revision
        stored = queries.version_of(self.consortium_id, number).content
        content = replace(ConsortiumContent.from_stored(stored), **changes)
        outcome = service.save(
            self.consortium, content, number, self.world.actor(writer), self.world.now
        )
        db.session.commit()
        return outcome

    def agree(self, *names: str) -> None:
        """These partners agree to the present version; commits."""
        for name in names:
            actor, row = self.world.actor(WRITER[name]), self.partner(name)
            service.agree(self.consortium, row, self.consortium.revision, actor, self.world.now)
        db.session.commit()

    def make_agreed(self) -> None:
        """Bring it into 合意済み: the company takes part, all agree to a written version."""
        self.accept(FIRM)
        self.write(**WRITTEN)
        self.agree(TOWN, FIRM)


def make_match(world: World) -> uuid.UUID:
    """The company's interest and the town's yes."""
    sent = world.send()
    world.move(sent, IntroductionMove.ACCEPT)
    match = matches.of_introduction(sent)
    assert match is not None
    return match.id


def found_from_match(world: World) -> Founded:
    """The town begins a consortium from its match."""
    match_id = make_match(world)
    beginning = beginning_of(match_id, None)
    made = service.found(
        beginning, world.organizations[TOWN], "竹の座組", world.actor("officer"), world.now
    )
    db.session.commit()
    return Founded(world, match_id, made.id)
