"""Putting mail into the outbox: once for each person and key, with all facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from jinja2 import UndefinedError
from sqlalchemy import select

from matchmaker.accounts import service as accounts
from matchmaker.accounts.models import User
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.notifications import service
from matchmaker.notifications.domain import BACK_OFF, next_attempt, split_subject
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.silence import without_mail
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization, withdraw

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
PASSWORD = "midori-no-yama-42"
FACTS = {"locked_until": NOW}


def person(email: str) -> User:
    return accounts.create_user(email, "田中花子", PASSWORD, NOW)


def addresses() -> list[str]:
    query = select(OutboxMessage.address).order_by(OutboxMessage.address)
    return list(db.session.scalars(query))


def test_the_same_mail_is_put_once_for_each_person(app: Flask) -> None:
    with app.app_context():
        one, two = person("a@town.example"), person("b@town.example")
        results = [
            service.queue_mail(user, "account-locked", FACTS, "key", user.id, NOW)
            for user in (one, one, two)
        ]
        assert results == [True, False, True]
        assert addresses() == ["a@town.example", "b@town.example"]


def test_a_mail_disappears_with_the_transaction_of_its_cause(app: Flask) -> None:
    with app.app_context():
        service.queue_mail(person("a@town.example"), "account-locked", FACTS, "key", None, NOW)
        db.session.rollback()
        assert addresses() == []


def test_a_missing_fact_is_an_error_and_never_an_empty_place(app: Flask) -> None:
    with app.app_context(), pytest.raises(UndefinedError):
        service.queue_mail(person("a@town.example"), "account-locked", {}, "key", None, NOW)


def test_a_template_without_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="件名"):
        split_subject("こんにちは\n本文")
    mail = split_subject("\n件名：お知らせ\n\n本文\n")
    assert (mail.subject, mail.body) == ("お知らせ", "本文\n")


def test_nobody_whose_account_is_closed_gets_mail(app: Flask) -> None:
    with app.app_context():
        user = person("a@town.example")
        accounts.deactivate(user, "退職", SYSTEM, NOW)
        assert not service.queue_mail(user, "account-locked", FACTS, "key", None, NOW)


def test_what_is_done_silently_tells_nobody_and_the_rest_is_told_again(app: Flask) -> None:
    with app.app_context():
        user = person("a@town.example")
        with pytest.raises(ZeroDivisionError), without_mail():
            assert not service.queue_mail(user, "account-locked", FACTS, "key", user.id, NOW)
            raise ZeroDivisionError
        assert service.queue_mail(user, "account-locked", FACTS, "key", user.id, NOW)
        assert addresses() == ["a@town.example"]


def test_members_who_write_get_the_mail_of_their_organisation_once(app: Flask) -> None:
    with app.app_context():
        data = OrganizationData(name="町", category="municipality", prefecture="福岡県")
        town = create_organization(data, SYSTEM, NOW)
        for number, role in enumerate(OrganizationRole):
            accounts.add_member(person(f"p{number}@town.example"), town, role, SYSTEM, NOW)
        for _ in range(2):
            service.mail_members(town.id, "account-locked", FACTS, "key", town.id, NOW)
        assert addresses() == ["p0@town.example", "p1@town.example"]
        withdraw(town, "退会届", SYSTEM, NOW)
        assert service.mail_members(town.id, "account-locked", FACTS, "two", town.id, NOW) == 0


def test_the_secretariat_gets_its_mail(app: Flask) -> None:
    with app.app_context():
        person("a@town.example")
        secretary = person("jimu@cps.example")
        accounts.grant_global_role(secretary, GlobalRole.SECRETARIAT, now=NOW)
        assert service.mail_secretariat("account-locked", FACTS, "key", None, NOW) == 1
        assert addresses() == ["jimu@cps.example"]


def test_pauses_grow_and_end() -> None:
    pauses = [next_attempt(attempt, NOW) for attempt in range(1, len(BACK_OFF) + 2)]
    known = [pause for pause in pauses if pause is not None]
    assert known == sorted(known)
    assert pauses[-1] is None
    assert sum(BACK_OFF, timedelta()) > timedelta(days=1)
