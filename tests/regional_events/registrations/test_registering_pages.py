"""Registering on the pages: guests confirm by mail, members bring colleagues."""

from __future__ import annotations

from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.regional_events.registrations.forms import start_mark
from tests.regional_events.registrations.booking_world import BookingWorld


def test_a_guest_is_seated_only_after_following_the_link(app: Flask) -> None:
    world = BookingWorld(app)
    answer = world.register()
    assert answer.status_code == 302
    assert answer.location.endswith("/sent")
    assert world.people() == [("市民 花子", "pending")]
    guest = world.visitor()
    path = world.link("確認のお願い")
    assert "登録を確定する" in guest.open(path).text
    assert world.people() == [("市民 花子", "pending")], "a GET changes nothing"
    guest.send(path)
    assert world.people() == [("市民 花子", "confirmed")]
    (mail,) = world.mails("参加が確定しました")
    assert mail.calendar
    assert mail.attachments[0]["media_type"] == "image/png"
    assert "名古屋市公会堂" in mail.body
    ticket = guest.open(world.link("参加が確定しました"))
    assert "受付で、このQRコードを見せてください" in ticket.text
    assert "stream.example.com" not in ticket.text, "the way in is for online seats"


def test_following_the_link_twice_writes_one_mail(app: Flask) -> None:
    world = BookingWorld(app)
    world.register()
    path, guest = world.link("確認のお願い"), world.visitor()
    guest.send(path)
    guest.open(path)
    assert len(world.mails("参加が確定しました")) == 1


def test_a_second_press_registers_once(app: Flask) -> None:
    world = BookingWorld(app)
    key = "the-same-key"
    world.register(submission_key=key)
    world.register(submission_key=key)
    assert len(world.people()) == 1


def test_strangers_learn_nothing_of_who_is_registered(app: Flask) -> None:
    world = BookingWorld(app)
    world.register()
    world.visitor().send(world.link("確認のお願い"))
    first = world.register(submission_key="another")
    assert first.status_code == 302
    assert first.location.endswith("/sent")
    assert world.people() == [("市民 花子", "confirmed")]
    assert len(world.mails("すでに登録されています")) == 1


def test_a_program_gets_an_honest_answer(app: Flask) -> None:
    world = BookingWorld(app)
    caught = world.register(website="https://spam.example")
    assert caught.status_code == 422
    assert "区別できませんでした" in caught.text
    with app.app_context():
        at_once = start_mark(clock.now())
    assert world.register(started=at_once).status_code == 422
    assert world.people() == []


def test_too_many_registrations_with_one_address_are_stopped(app: Flask) -> None:
    world = BookingWorld(app)
    answers = [world.register(submission_key=str(n)).status_code for n in range(11)]
    assert answers[:10] == [302] * 10
    assert answers[10] == 429


def test_names_keep_their_variants_and_half_width_kana_are_widened(app: Flask) -> None:
    world = BookingWorld(app)
    name = "葛\U000e0100城 花子"
    page = world.register(None, **{"contact_name": name, "person0-kana": "ｶﾂﾗｷﾞ ハナコ"})
    assert page.status_code == 302
    assert world.people()[0][0] == name


def test_faults_are_told_at_their_fields_and_nothing_is_lost(app: Flask) -> None:
    world = BookingWorld(app)
    page = world.register(
        None,
        **{"contact_name": "", "contact_email": "hanako", "contact_phone": "090", "consent": ""},
    )
    assert page.status_code == 422
    for message in ("お名前を入れてください", "名前@会社.jp", "同意いただけるとき"):
        assert message in page.text
    assert 'value="090"' in page.text


def test_members_add_and_remove_people_without_scripts(app: Flask) -> None:
    world = BookingWorld(app)
    officer = world.visitor("officer@town.example")
    page = officer.open(f"{world.base}/new")
    assert "循環市" in page.text
    with app.app_context():
        from_form = world.form(organization_id=str(world.organization_id), step="add")
    more = officer.send(f"{world.base}/new", **from_form)
    assert more.status_code == 200
    assert "2人目に参加する方" in more.text
    fewer = officer.send(f"{world.base}/new", **{**from_form, "count": "2", "step": "remove-0"})
    assert "2人目に参加する方" not in fewer.text


def test_a_group_is_seated_together_or_waits(app: Flask) -> None:
    world = BookingWorld(app, capacity=2)
    officer = world.visitor("officer@town.example")
    people = {
        "organization_id": str(world.organization_id),
        "count": "3",
        **{f"person{n}-name": f"職員 {n}" for n in range(3)},
        **{f"person{n}-email": f"p{n}@town.example" for n in range(3)},
        **{f"person{n}-way": str(world.room_id) for n in range(3)},
    }
    answer = world.register(officer, **people)
    assert answer.status_code == 302
    assert [state for _name, state in world.people()] == ["waiting"] * 3
    assert len(world.mails("キャンセル待ち")) == 3
    own = officer.open("/event-own-registrations")
    assert "職員 1さん" in own.text


def test_a_colleague_who_is_registered_is_named_to_members(app: Flask) -> None:
    world = BookingWorld(app)
    officer = world.visitor("officer@town.example")
    person = {"person0-email": "p@town.example", "organization_id": str(world.organization_id)}
    assert world.register(officer, **person).status_code == 302
    again = world.register(officer, **person)
    assert again.status_code == 409
    assert "もう登録されています" in again.text


def test_hybrid_takes_the_stream_now_and_waits_for_the_room(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    world.fill("先の人")
    world.register(None, **{"person0-way": f"{world.stream_id}+{world.room_id}"})
    world.visitor().send(world.link("確認のお願い"))
    assert world.people()[-1] == ("市民 花子", "confirmed")
    ticket = world.visitor().open(world.link("参加が確定しました"))
    assert "キャンセル待ち：1番目" in ticket.text
    assert "stream.example.com" in ticket.text


def test_nobody_registers_before_it_opens(app: Flask) -> None:
    world = BookingWorld(app, opens_at=None)
    page = world.visitor().open(f"{world.base}/new")
    assert "いまは参加登録を受け付けていません" in page.text
    assert world.people() == []
    with app.app_context():
        db.session.rollback()
