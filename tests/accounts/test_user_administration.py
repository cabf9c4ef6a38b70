"""The secretariat's list of accounts and what it may do there."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import event, select

from matchmaker.accounts.models import User
from matchmaker.core.actor import GlobalRole
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from tests.accounts.conftest import PASSWORD, add_person
from tests.accounts.pages import Visitor, heading, target

SECRETARY = "jimu@cps.example"
OFFICER = "hanako@town.example"
TOWN = OrganizationData(name="笹野原町", category="municipality", prefecture="福岡県")
LIST = "/secretariat/users"


@pytest.fixture
def secretary(app: Flask) -> Visitor:
    add_person(app, SECRETARY, "佐藤一", GlobalRole.SECRETARIAT)
    visitor = Visitor(app.test_client())
    visitor.sign_in(SECRETARY, PASSWORD)
    return visitor


@pytest.fixture
def officer_id(app: Flask) -> uuid.UUID:
    return add_person(app, OFFICER, "田中花子", organization=TOWN)


def user(app: Flask, user_id: uuid.UUID) -> User:
    with app.app_context():
        found = db.session.get_one(User, user_id)
        db.session.expunge(found)
        return found


def reasons(app: Flask, tag: str) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.reason).where(AuditEntry.tag == tag)))


@pytest.mark.parametrize(
    ("query", "seen"),
    [("", 2), ("?q=花子", 1), ("?q=ＴＯＷＮ", 1), ("?q=笹野原", 1), ("?role=secretariat", 1),
     ("?state=locked", 0), ("?q=誰もいない", 0), ("?state=nonsense&page=-3", 2)],
)  # fmt: skip
def test_the_list_is_searched_by_name_address_and_organisation(
    secretary: Visitor, officer_id: uuid.UUID, query: str, seen: int
) -> None:
    page = secretary.open(f"{LIST}{query}")
    assert heading(page) == "利用者の管理"
    assert f'<strong class="numeric">{seen}</strong>人' in page.text


def test_others_do_not_get_in(app: Flask, officer_id: uuid.UUID) -> None:
    officer = Visitor(app.test_client())
    officer.sign_in(OFFICER, PASSWORD)
    assert officer.client.get(LIST).status_code == 403
    assert officer.client.get(f"{LIST}/{officer_id}").status_code == 403
    assert officer.client.get(f"{LIST}/{officer_id}/deactivate").status_code == 403
    assert target(app.test_client().get(LIST)) == f"/sign-in?next={LIST}"


def test_an_operator_unlocks_but_gives_no_roles(app: Flask, officer_id: uuid.UUID) -> None:
    add_person(app, "ope@cps.example", "運用", GlobalRole.OPERATOR)
    for _ in range(10):
        Visitor(app.test_client()).sign_in(OFFICER, "wrong")
    operator = Visitor(app.test_client())
    operator.sign_in("ope@cps.example", PASSWORD)
    assert "一時停止中" in operator.open(f"{LIST}?state=locked").text
    answer = operator.send(f"{LIST}/{officer_id}/unlock", reason="電話で確かめた")
    assert target(answer) == f"{LIST}/{officer_id}"
    assert user(app, officer_id).locked_until is None
    assert reasons(app, "accounts:user:unlocked") == ["電話で確かめた"]
    assert operator.client.get(f"{LIST}/{officer_id}/roles/reviewer/grant").status_code == 403


def test_closing_and_reopening_need_a_reason(
    app: Flask, secretary: Visitor, officer_id: uuid.UUID
) -> None:
    path = f"{LIST}/{officer_id}/deactivate"
    empty = secretary.send(path, reason="  ")
    assert empty.status_code == 422
    assert "理由を入力してください。" in empty.text
    secretary.send(path, reason="退職したため")
    assert not user(app, officer_id).active
    assert "退職したため" in secretary.open(f"{LIST}/{officer_id}").text
    again = secretary.send(path, reason="もう一度")
    assert again.status_code == 409
    secretary.send(f"{LIST}/{officer_id}/reactivate", reason="まちがい")
    assert user(app, officer_id).active


def test_nobody_closes_the_own_account_or_drops_the_own_secretariat_role(
    app: Flask, secretary: Visitor
) -> None:
    with app.app_context():
        own_id = db.session.scalars(select(User.id)).one()
    assert secretary.client.get(f"{LIST}/{own_id}/deactivate").status_code == 403
    assert secretary.client.get(f"{LIST}/{own_id}/roles/secretariat/revoke").status_code == 403
    assert secretary.client.get(f"{LIST}/{own_id}/roles/nonsense/grant").status_code == 404
    assert secretary.client.get(f"{LIST}/{own_id}/explode").status_code == 404


def test_roles_are_given_and_taken_with_a_reason(
    app: Flask, secretary: Visitor, officer_id: uuid.UUID
) -> None:
    secretary.send(f"{LIST}/{officer_id}/roles/reviewer/grant", reason="委嘱")
    assert "有識者」の役割を外す" in secretary.open(f"{LIST}/{officer_id}").text
    secretary.send(f"{LIST}/{officer_id}/roles/reviewer/revoke", reason="任期満了")
    assert reasons(app, "accounts:user:role-changed")[-2:] == ["委嘱", "任期満了"]


def test_the_list_costs_the_same_for_one_person_and_for_many(
    app: Flask, secretary: Visitor
) -> None:
    few = statements(app, secretary)
    for number in range(12):
        data = OrganizationData(name=f"{number}町", category="municipality", prefecture="福岡県")
        add_person(app, f"p{number}@town.example", f"人{number}", organization=data)
    assert statements(app, secretary) <= few + 1  # organisations are loaded when there are some
    assert few <= 8


def statements(app: Flask, visitor: Visitor) -> int:
    """How many reads the list costs."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    visitor.open(LIST)
    event.remove(engine, "before_cursor_execute", note)
    return sum(text.lstrip().startswith("SELECT") for text in seen)
