"""Commands on people, in a real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts import queries, service
from matchmaker.accounts.invitations import (
    accept_as_known_user,
    accept_as_new_user,
    invite,
    revoke_invitation,
)
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import matches
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from tests.accounts.conftest import NOW

PASSWORD = "midori-no-yama-42"


def town() -> Organization:
    data = OrganizationData(name="笹野原町", category="municipality", prefecture="福岡県")
    return create_organization(data, SYSTEM, NOW)


def person(email: str = "hanako@town.example", name: str = "田中花子") -> User:
    return service.create_user(email, name, PASSWORD, NOW)


def token_in_outbox() -> str:
    body = db.session.scalars(select(OutboxMessage.body)).one()
    line = next(line for line in body.splitlines() if "/invitations/" in line)
    return line.rpartition("/")[2]


def test_a_user_is_kept_with_a_normalised_address_and_a_hashed_password(app: Flask) -> None:
    with app.app_context():
        user = service.create_user("Ｈａｎａ＠ＴＯＷＮ．example", "田中　花子", PASSWORD, NOW)
        assert user.email == "Hana@town.example"
        assert user.name == "田中 花子"
        assert user.password is not None and PASSWORD not in user.password
        assert matches("ｍｉｄｏｒｉ-no-yama-42", user.password)


def test_two_accounts_cannot_share_an_address_in_another_case(app: Flask) -> None:
    with app.app_context():
        person("hanako@town.example")
        with pytest.raises(Conflict):
            person("HANAKO@town.example")


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaa", "0123456789012", "hanako-no-himitsu", "x" * 129]
)
def test_weak_passwords_are_refused(app: Flask, password: str) -> None:
    with app.app_context(), pytest.raises(ProductError):
        service.create_user("hanako@town.example", "田中花子", password, NOW)


def test_failures_are_counted_in_the_database_and_lock_the_account(app: Flask) -> None:
    with app.app_context():
        user = person()
        lock = timedelta(minutes=15)
        results = [service.count_failed_sign_in(user, NOW, 3, lock) for _ in range(5)]
        assert results == [False, False, True, False, False]
        assert user.failed_logins == 3
        assert user.locked_until == NOW + lock
        later = NOW + lock
        assert not service.count_failed_sign_in(user, later, 3, lock)
        db.session.expire(user)
        assert user.failed_logins == 1
        assert user.locked_until is None


def test_the_last_representative_cannot_leave(app: Flask) -> None:
    with app.app_context():
        organization, user = town(), person()
        member = service.add_member(
            user, organization, OrganizationRole.REPRESENTATIVE, SYSTEM, NOW
        )
        with pytest.raises(IllegalMove):
            service.remove_member(member, SYSTEM, NOW)
        other = person("jiro@town.example", "山本次郎")
        service.add_member(other, organization, OrganizationRole.REPRESENTATIVE, SYSTEM, NOW)
        service.change_member_role(member, OrganizationRole.READER, SYSTEM, NOW)
        roles = queries.roles_in_organizations(user.id)
        assert roles == {organization.id: OrganizationRole.READER}


def test_global_roles_are_given_once_and_taken_with_a_reason(app: Flask) -> None:
    with app.app_context():
        user = person()
        for _ in range(2):
            service.grant_global_role(user, GlobalRole.SECRETARIAT, now=NOW)
        assert [role.name for role in user.roles] == ["secretariat"]
        assert list(queries.people_with_global_role(GlobalRole.SECRETARIAT)) == [user]
        service.revoke_global_role(
            user, GlobalRole.SECRETARIAT, actor=SYSTEM, now=NOW, reason="異動のため"
        )
        assert user.roles == []


def test_an_invitation_works_once_and_its_secret_is_stored_nowhere_but_in_the_mail(
    app: Flask,
) -> None:
    with app.app_context():
        organization = town()
        invitation = invite(
            "jiro@town.example",
            SYSTEM,
            NOW,
            organization=organization,
            role=OrganizationRole.EDITOR,
        )
        token = token_in_outbox()
        assert token != invitation.token_hash
        found = queries.invitation_with_token(token)
        assert found is invitation
        user = accept_as_new_user(invitation, "山本次郎", "ヤマモトジロウ", PASSWORD, NOW)
        assert queries.roles_in_organizations(user.id) == {organization.id: OrganizationRole.EDITOR}
        with pytest.raises(Conflict):
            accept_as_known_user(invitation, user, NOW)


def test_an_invitation_ends_after_fourteen_days_or_when_it_is_taken_back(app: Flask) -> None:
    with app.app_context():
        first = invite("a@town.example", SYSTEM, NOW, global_role=GlobalRole.REVIEWER)
        second = invite("b@town.example", SYSTEM, NOW, global_role=GlobalRole.REVIEWER)
        with pytest.raises(Conflict, match="期限"):
            accept_as_new_user(first, "山", "", PASSWORD, NOW + timedelta(days=14))
        revoke_invitation(second, SYSTEM, NOW)
        with pytest.raises(Conflict, match="取り消"):
            accept_as_new_user(second, "山", "", PASSWORD, NOW)


def test_an_invitation_of_somebody_else_cannot_be_accepted(app: Flask) -> None:
    with app.app_context():
        user = person()
        invitation = invite("other@town.example", SYSTEM, NOW, global_role=GlobalRole.SECRETARIAT)
        with pytest.raises(Conflict):
            accept_as_known_user(invitation, user, NOW)
        assert user.roles == []
