"""Inviting people and managing those of an organisation, over HTTP."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import Invitation, OrganizationMember, User
from matchmaker.core.actor import GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from tests.accounts.conftest import PASSWORD, add_person
from tests.accounts.pages import Visitor, heading, target

TOWN = OrganizationData(name="笹野原町", category="municipality", prefecture="福岡県")
OFFICER = "hanako@town.example"
NEW = "jiro@town.example"


@pytest.fixture
def officer(app: Flask) -> Visitor:
    add_person(app, OFFICER, "田中花子", organization=TOWN)
    visitor = Visitor(app.test_client())
    visitor.sign_in(OFFICER, PASSWORD)
    return visitor


@pytest.fixture
def people(app: Flask, officer: Visitor) -> str:
    """Address of the page of the town's people."""
    with app.app_context():
        organization_id = db.session.scalars(select(OrganizationMember.organization_id)).one()
    return f"/organizations/{organization_id}/people"


def link_from_mail(app: Flask, address: str) -> str:
    with app.app_context():
        query = select(OutboxMessage).where(OutboxMessage.address == address)
        mail = db.session.scalars(query.order_by(OutboxMessage.id.desc())).first()
    assert mail is not None
    line = next(line for line in mail.body.splitlines() if "/invitations/" in line)
    return line.removeprefix("http://127.0.0.1:8000")


def test_a_representative_invites_and_the_invited_person_starts(
    app: Flask, officer: Visitor, people: str
) -> None:
    answer = officer.send(f"{people}/invite", email=NEW, role="editor")
    assert target(answer) == people
    assert NEW in officer.open(people).text
    link = link_from_mail(app, NEW)
    guest = Visitor(app.test_client())
    page = guest.open(link)
    assert heading(page) == "招待を受ける"
    assert "笹野原町" in page.text and "編集者" in page.text
    answer = guest.send(
        link, name="山本次郎", kana="やまもと", password=PASSWORD, password_again=PASSWORD
    )
    assert target(answer) == "/account/start"
    assert "山本次郎" in guest.open(people).text
    assert "ヤマモト" in guest.page.text if guest.page else False
    assert Visitor(app.test_client()).open(link).status_code == 410


def test_the_mail_carries_the_facts(app: Flask, officer: Visitor, people: str) -> None:
    officer.send(f"{people}/invite", email=NEW, role="reader")
    with app.app_context():
        mail = db.session.scalars(select(OutboxMessage)).one()
    for fact in ("田中花子", "笹野原町", "閲覧者", "期限：", "1回だけ"):
        assert fact in mail.body


def test_faults_are_told_at_their_fields(officer: Visitor, people: str) -> None:
    answer = officer.send(f"{people}/invite", email="no-address", role="editor")
    assert answer.status_code == 422
    assert "メールアドレスの形が正しくありません。" in answer.text
    assert 'value="no-address"' in answer.text


def test_a_weak_password_of_an_invited_person_makes_no_account(
    app: Flask, officer: Visitor, people: str
) -> None:
    officer.send(f"{people}/invite", email=NEW, role="editor")
    link = link_from_mail(app, NEW)
    guest = Visitor(app.test_client())
    answer = guest.send(link, name="山本", password="short", password_again="short")
    assert answer.status_code == 422
    with app.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        assert invitation.accepted_at is None
        assert len(db.session.scalars(select(User)).all()) == 1
    ok = guest.send(link, name="山本", password=PASSWORD, password_again=PASSWORD)
    assert ok.status_code == 302


def test_a_person_with_an_account_signs_in_and_joins(
    app: Flask, officer: Visitor, people: str
) -> None:
    add_person(app, NEW, "山本次郎")
    officer.send(f"{people}/invite", email=NEW.upper(), role="reader")
    link = link_from_mail(app, f"{NEW.split('@', maxsplit=1)[0].upper()}@town.example")
    guest = Visitor(app.test_client())
    assert "サインインして受ける" in guest.open(link).text
    assert "別のアカウント" in officer.open(link).text
    assert target(guest.sign_in(NEW, PASSWORD, link)) == link
    assert target(guest.send(link)) == "/account"
    assert "笹野原町" in guest.open("/account").text


def test_an_invitation_can_be_taken_back(app: Flask, officer: Visitor, people: str) -> None:
    officer.send(f"{people}/invite", email=NEW, role="editor")
    link = link_from_mail(app, NEW)
    with app.app_context():
        invitation_id = db.session.scalars(select(Invitation.id)).one()
    answer = officer.send(f"/invitations/{invitation_id}/revocation", from_page=people)
    assert target(answer) == people
    gone = Visitor(app.test_client()).open(link)
    assert (gone.status_code, heading(gone)) == (410, "この招待は使えません")
    assert "取り消されました" in gone.text
    wrong = Visitor(app.test_client()).open("/invitations/no-such-token")
    assert wrong.status_code == 410


def test_editors_see_the_people_but_change_nothing(
    app: Flask, officer: Visitor, people: str
) -> None:
    officer.send(f"{people}/invite", email=NEW, role="editor")
    guest = Visitor(app.test_client())
    guest.send(link_from_mail(app, NEW), name="山本", password=PASSWORD, password_again=PASSWORD)
    page = guest.open(people)
    assert page.status_code == 200
    assert "人を招待する" not in page.text
    assert guest.client.get(f"{people}/invite").status_code == 403


def test_strangers_do_not_see_an_organisations_people(app: Flask, people: str) -> None:
    add_person(app, "else@other.example", "別の人")
    stranger = Visitor(app.test_client())
    assert target(stranger.client.get(people)) == f"/sign-in?next={people}"
    stranger.sign_in("else@other.example", PASSWORD)
    assert stranger.client.get(people).status_code == 403
    assert stranger.client.get(f"{people}/invite").status_code == 403


def test_roles_change_and_the_last_representative_stays(
    app: Flask, officer: Visitor, people: str
) -> None:
    with app.app_context():
        officer_id = db.session.scalars(select(User.id)).one()
    answer = officer.send(f"{people}/{officer_id}", role="reader")
    assert answer.status_code == 422
    assert "代表者が1人もいなくなります" in answer.text
    removal = officer.send(f"{people}/{officer_id}/removal", from_page=people)
    assert removal.status_code == 302
    assert "代表者が1人もいなくなります" in officer.open(people).text
    assert officer.client.get(f"{people}/{uuid.uuid4()}").status_code == 404


def test_the_secretariat_invites_to_any_organisation_and_to_global_roles(
    app: Flask, people: str
) -> None:
    add_person(app, "jimu@cps.example", "佐藤一", GlobalRole.SECRETARIAT)
    secretary = Visitor(app.test_client())
    secretary.sign_in("jimu@cps.example", PASSWORD)
    path = "/secretariat/users/invite"
    nothing = secretary.send(path, email=NEW, organization="", role="", global_role="")
    assert nothing.status_code == 422
    assert "団体か、全体の役割を選んでください。" in nothing.text
    half = secretary.send(path, email=NEW, organization="", role="editor", global_role="")
    assert "両方選んでください" in half.text
    answer = secretary.send(path, email=NEW, organization="", role="", global_role="reviewer")
    assert target(answer) == "/secretariat/users"
    guest = Visitor(app.test_client())
    link = link_from_mail(app, NEW)
    guest.send(link, name="山本", password=PASSWORD, password_again=PASSWORD)
    assert "有識者" in guest.open("/account").text
    organization_id = people.split("/")[2]
    answer = secretary.send(
        path, email="c@town.example", organization=organization_id, role="editor", global_role=""
    )
    assert answer.status_code == 302
    with app.app_context():
        roles = db.session.scalars(select(Invitation.role).order_by(Invitation.id)).all()
    assert list(roles) == [None, OrganizationRole.EDITOR]
