"""An event with a room full of people who bring needs and offerings about bamboo."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.matching.engine import MatchingEngine, engine_of
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.regional_events.planning import queries as events
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.domain import AttendeeRole, AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.tables import queries, service, versions
from matchmaker.regional_events.tables.domain import PlanSettings
from matchmaker.regional_events.tables.models import TableGuest, TablePlan, TableVersion
from matchmaker.secretariat.service import add_material
from tests.regional_events.builders import make_event, make_track

PASSWORD = "midori-no-yama-42"
SETTINGS = (20, 5, 3, 3, 4)
"""Minutes of a slot and of a break, slots, tables, seats."""


class RoomWorld:
    """The application with an event that begins tomorrow.

    Args:
        app: an application on an empty, migrated database.
        towns, companies: number of organisations with a need, and with an offering; each sends one
            person, who takes part.
        now: the present moment; the real one when left out.
    """

    def __init__(
        self, app: Flask, towns: int = 4, companies: int = 4, now: datetime | None = None
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app, self.now = app, now or clock.now()
        self.attendees: dict[str, uuid.UUID] = {}
        self.organizations: dict[str, uuid.UUID] = {}
        self.posts: dict[str, uuid.UUID] = {}
        with app.app_context():
            boss = create_user("boss@example.com", "事務局 担当", PASSWORD, self.now)
            grant_global_role(boss, GlobalRole.SECRETARIAT, now=self.now)
            add_material("bamboo", "竹", SYSTEM, self.now)
            self._event()
            for number in range(1, max(towns, companies) + 1):
                if number <= towns:
                    self._comes(f"町{number}", "municipality")
                if number <= companies:
                    self._comes(f"会社{number}", "company")
            db.session.commit()
            process_index_queue(self.now)
            db.session.remove()

    def _event(self) -> None:
        starts_at = self.now + timedelta(days=1)
        event = make_event(self.now, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
        self.event_id, self.track_id = event.id, make_track(event, capacity=200).id
        settings = PlanSettings(starts_at + timedelta(minutes=30), *SETTINGS)
        self.plan_id = service.open_tables(event, settings, SYSTEM, self.now).id

    def _comes(self, name: str, category: str) -> None:
        data = OrganizationData(name=name, category=category, prefecture="高知県")
        organization = create_organization(data, SYSTEM, self.now)
        self.organizations[name] = organization.id
        user = create_user(f"{len(self.attendees)}@example.com", f"{name}の人", PASSWORD, self.now)
        add_member(user, organization, OrganizationRole.EDITOR, SYSTEM, self.now)
        self.posts[name] = self._post(name, organization, category)
        attendee = self.registered(name, user, organization)
        guest = service.GuestAnswer(is_taking_part=True, post_ids=[self.posts[name]])
        service.answer(self.plan, attendee, guest, SYSTEM, self.now, expected_revision=0)

    def _post(self, name: str, organization: Organization, category: str) -> uuid.UUID:
        is_town = category == "municipality"
        post_type = NEED if is_town else OFFERING
        content = (
            {"title": f"{name}の竹を使いたい", "problem": "放置された竹林の竹を使い切りたい。",
             "materials": ["bamboo"], "circulation_methods": ["local_resource_recycling"]}
            if is_town
            else {"title": f"{name}が竹を引き取る", "kind": "technology",
                  "description": "放置された竹林の竹を炭にします。", "input_materials": ["bamboo"],
                  "circulation_methods": ["local_resource_recycling"]}
        )  # fmt: skip
        post = posts.create(
            post_type, organization.id, {**content, "visibility": "public"}, SYSTEM, self.now
        )
        posts.move(post_type, post, Move.SUBMIT, SYSTEM, self.now)
        posts.move(post_type, post, Move.PUBLISH, SYSTEM, self.now)
        return uuid.UUID(str(post.id))

    def registered(
        self, name: str, user: User | None = None, organization: Organization | None = None
    ) -> Attendee:
        """Somebody with a place on site."""
        registration = Registration(
            id=new_id(), event_id=self.event_id, number=len(self.attendees) + 1, category="other",
            contact_name=name, contact_email=f"contact-{len(self.attendees)}@example.com",
            source="desk", submission_key=new_id().hex, created_at=self.now, updated_at=self.now,
            organization_id=organization.id if organization else None,
        )  # fmt: skip
        attendee = Attendee(
            id=new_id(), registration_id=registration.id, event_id=self.event_id, position=1,
            role=AttendeeRole.PARTICIPANT, user_id=user.id if user else None,
            organization_id=organization.id if organization else None, category="other",
            name=f"{name}の人", kana=name, email=f"{new_id().hex}@example.com",
            person_key=new_id().hex, state=AttendeeState.CONFIRMED, track_id=self.track_id,
            wanted_track_id=self.track_id, code=new_id().hex, created_at=self.now,
            updated_at=self.now,
        )  # fmt: skip
        db.session.add(registration)
        db.session.flush()
        db.session.add(attendee)
        db.session.flush()
        self.attendees[name] = attendee.id
        found = queries.attendee_by_id(attendee.id)
        assert found is not None
        return found

    @property
    def plan(self) -> TablePlan:
        """The plan, in the present session."""
        return queries.get_plan(self.event_id)

    @property
    def event(self) -> RegionalEvent:
        """The event, in the present session."""
        return events.get_event(self.event_id)

    @property
    def engine(self) -> MatchingEngine:
        """The ranking, by words."""
        return engine_of(self.app)

    def guest(self, name: str) -> TableGuest:
        """What somebody answered."""
        guest = queries.guest_of(self.plan.id, self.attendees[name])
        assert guest is not None
        return guest

    def wishes(
        self, name: str, meet: Sequence[str] = (), avoid: Sequence[str] = (), *, part: bool = True
    ) -> None:
        """Somebody answers anew."""
        attendee = queries.attendee_by_id(self.attendees[name])
        assert attendee is not None
        given = service.GuestAnswer(
            part, [self.posts[name]], [self.organizations[each] for each in meet],
            [self.organizations[each] for each in avoid],
        )  # fmt: skip
        revision = self.guest(name).revision
        service.answer(self.plan, attendee, given, SYSTEM, self.now, expected_revision=revision)

    def made(self, *, at_the_door: bool = False, now: datetime | None = None) -> TableVersion:
        """A version that is done."""
        now = now or self.now
        version = versions.ask_for_version(self.plan, SYSTEM, now, at_the_door=at_the_door)
        versions.make_version(version, self.engine, now)
        return version

    def check_in(self, *names: str) -> None:
        """People arrive."""
        for name in names:
            db.session.add(
                CheckIn(
                    event_id=self.event_id, attendee_id=self.attendees[name], way=CheckInWay.LIST,
                    at=self.now, received_at=self.now,
                )
            )  # fmt: skip
        db.session.flush()

    def actor(self, name: str) -> Actor:
        """Somebody as policies see them."""
        attendee = db.session.get_one(Attendee, self.attendees[name])
        return Actor(user_id=attendee.user_id, name=attendee.name)

    def client(self, who: str = "boss") -> FlaskClient:
        """A browser in which somebody is signed in: the secretariat, or a person by name."""
        client = self.app.test_client()
        number = who if who == "boss" else str(list(self.attendees).index(who))
        answer = client.post(
            "/sign-in", data={"email": f"{number}@example.com", "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        return client

    def address(self, rest: str = "") -> str:
        """Path of a page of the tables."""
        return f"/regional-events/{self.event_id}/tables{rest}"


def mails() -> list[OutboxMessage]:
    """Mail about tables, oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.like("tables:%"))
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))
