"""People of the demo: those who only write proposals, and anybody as the one who acts."""

from __future__ import annotations

import uuid

from matchmaker.accounts import service
from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations, user_of
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.seeding.accounts import DOMAIN
from matchmaker.seeding.files import DEMO, Entry, read_entries
from matchmaker.seeding.progress import Seeder


def load_demo_people(seeder: Seeder) -> int:
    """Invented people of demo organisations; they have no password and cannot sign in."""

    def load(entry: Entry) -> uuid.UUID:
        address = f"{entry['key']}@{DOMAIN}"
        user = service.create_user(
            address, entry["name"], None, seeder.now, kana=entry["kana"], is_demo=True
        )
        organization_id = seeder.record_id(f"organization:{entry['organization']}")
        organization = db.session.get_one(Organization, organization_id)
        service.add_member(user, organization, OrganizationRole.EDITOR, SYSTEM, seeder.now)
        return user.id

    return seeder.load_story("user", "key", read_entries(DEMO / "people.yaml"), load)


def person(seeder: Seeder, key: str) -> User:
    """A person of the demo.

    Raises:
        KeyError: there is none of that key.
        NotFound: the account is gone.
    """
    return user_of(seeder.record_id(f"user:{key}"))


def actor_of(seeder: Seeder, key: str) -> Actor:
    """A person of the demo as the one who acts, with the roles of today.

    Raises:
        KeyError, NotFound: as :func:`person`.
    """
    user = person(seeder, key)
    return Actor(
        user_id=user.id,
        name=user.name,
        roles=roles_in_organizations(user.id),
        global_roles=frozenset(GlobalRole(role.name) for role in user.roles),
    )
