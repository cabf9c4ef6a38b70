"""Everybody who may stand in some relation to a call, a proposal, a review or a group."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization

PASSWORD = "midori-no-yama-42"
VISITOR, OUTSIDER, READER = "visitor", "outsider", "lead_org_reader"
LEAD, CO_AUTHOR, INVITED, FORMER_AUTHOR = "lead", "co_author", "invited", "former_author"
REVIEWER, SECOND_REVIEWER = "reviewer", "second_reviewer"
CONFLICTED, OTHER_REVIEWER, LEFT_REVIEWER = "conflicted", "other_reviewer", "left_reviewer"
CHAIR, MEMBER, OBSERVER, FORMER_MEMBER = "chair", "group_member", "observer", "former_member"
SECRETARIAT, SECOND_SECRETARY, OPERATOR = "secretariat", "second_secretary", "operator"

ORGANIZATIONS: dict[str, str] = {
    "town": "municipality",
    "recycler": "company",
    "third": "company",
    "fourth": "company",
}
MEMBERS: dict[str, tuple[str, OrganizationRole]] = {
    OUTSIDER: ("fourth", OrganizationRole.REPRESENTATIVE),
    READER: ("town", OrganizationRole.READER),
    LEAD: ("town", OrganizationRole.EDITOR),
    CO_AUTHOR: ("recycler", OrganizationRole.EDITOR),
    INVITED: ("third", OrganizationRole.EDITOR),
    FORMER_AUTHOR: ("third", OrganizationRole.EDITOR),
    CONFLICTED: ("recycler", OrganizationRole.READER),
    CHAIR: ("third", OrganizationRole.EDITOR),
    MEMBER: ("third", OrganizationRole.EDITOR),
    OBSERVER: ("third", OrganizationRole.READER),
    FORMER_MEMBER: ("fourth", OrganizationRole.EDITOR),
}
GLOBAL: dict[str, GlobalRole] = {
    REVIEWER: GlobalRole.REVIEWER,
    SECOND_REVIEWER: GlobalRole.REVIEWER,
    CONFLICTED: GlobalRole.REVIEWER,
    OTHER_REVIEWER: GlobalRole.REVIEWER,
    LEFT_REVIEWER: GlobalRole.REVIEWER,
    SECRETARIAT: GlobalRole.SECRETARIAT,
    SECOND_SECRETARY: GlobalRole.SECRETARIAT,
    OPERATOR: GlobalRole.OPERATOR,
}
PEOPLE = tuple(dict.fromkeys((*MEMBERS, *GLOBAL)))
EVERYBODY = (VISITOR, *PEOPLE)
PARTNERSHIP = PEOPLE
"""Everybody with an account here belongs to the partnership, by an organisation or a role."""


class People:
    """Organisations and people, made once, and the browsers of those signed in.

    Args:
        app: an application on an empty, migrated database; made within its context.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        now = clock.now() - timedelta(days=400)
        self.organizations: dict[str, uuid.UUID] = {}
        self.users: dict[str, uuid.UUID] = {}
        made = {key: _organization(key, category, now) for key, category in ORGANIZATIONS.items()}
        self.organizations = {key: organization.id for key, organization in made.items()}
        for key in PEOPLE:
            user = create_user(f"{key}@example.com", f"{key}さん", PASSWORD, now)
            self.users[key] = user.id
            if key in MEMBERS:
                organization, role = MEMBERS[key]
                add_member(user, made[organization], role, SYSTEM, now)
            if key in GLOBAL:
                grant_global_role(user, GLOBAL[key], now=now)
        self._cookies: dict[str, str] = {}

    def browser(self, key: str) -> FlaskClient:
        """A browser in which that person is signed in; nobody for a visitor."""
        client = self._app.test_client()
        if key != VISITOR:
            if key not in self._cookies:
                self._cookies[key] = self._sign_in(key)
            client.set_cookie("session", self._cookies[key])
        return client

    def _sign_in(self, key: str) -> str:
        client = self._app.test_client()
        form = {"email": f"{key}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=form).status_code == 302
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value


def _organization(key: str, category: str, now: datetime) -> Organization:
    data = OrganizationData(name=f"{key}団体", category=category, prefecture="高知県")
    return create_organization(data, SYSTEM, now)
