"""The pages of a match in a browser without scripts: the whole way, and what goes wrong."""

from __future__ import annotations

import io
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event

from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.matches import queries
from tests.partnering.introductions.world import World, day_fields
from tests.partnering.matches.builders import again, make_match, propose


def moment_fields(name: str, moment: object) -> dict[str, str]:
    """A moment as the inputs of a form."""
    local = moment.astimezone(JST)  # type: ignore[attr-defined]
    return {**day_fields(name, local.date()), f"{name}-time": f"{local:%H:%M}"}


def page_of(browser: FlaskClient, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_match_from_contacts_to_its_end(world: World) -> None:
    match = make_match(world)
    match_id, url = match.id, f"/matches/{match.id}"
    maker, officer = world.browser("maker"), world.browser("officer")
    first = page_of(maker, url)
    assert "officer@example.com" in first
    assert "青空町 × 緑山工業" in first
    assert "放置された竹" in page_of(officer, "/matches")

    day = today(world.now) + timedelta(days=5)
    sent = {"next_step": "サンプルを送る", "owner": "business", **day_fields("due_on", day)}
    form = page_of(maker, f"{url}/next-steps/edit")
    revision = form.split('name="revision"')[1].split('value="')[1].split('"')[0]
    answer = maker.post(f"{url}/next-steps/edit", data={**sent, "revision": revision})
    assert answer.status_code == 302
    assert "サンプルを送る" in page_of(officer, url)

    dates = {**moment_fields("date_1", world.now + timedelta(days=3)),
             **moment_fields("date_2", world.now + timedelta(days=4))}  # fmt: skip
    proposal = {"title": "はじめての打合せ", "place": "町役場", "minutes": "６０", **dates}
    assert maker.post(f"{url}/appointments/new", data=proposal).status_code == 302
    appointment = queries.appointments_of(match_id)[0]
    chosen = {"date_id": str(appointment.dates[1].id)}
    officer.post(f"{url}/appointments/{appointment.id}/agreements", data=chosen)
    calendar = maker.get(f"{url}/appointments/{appointment.id}/calendar")
    assert b"METHOD:REQUEST" in calendar.data

    fact = {"label": "量", "value": "年120トン"}
    assert maker.post(f"{url}/facts/new", data=fact).status_code == 302
    held = queries.facts_of(match_id)[0]
    officer.post(f"{url}/facts/{held.id}/confirmations", data={"revision": "1"})
    assert "双方が確認" in page_of(maker, url)

    ended = {"reason_code": "cost", "reason": "予算", "revision": str(again(match_id).revision)}
    assert officer.post(f"{url}/endings", data=ended).status_code == 302
    last = page_of(maker, url)
    assert "officer@example.com" not in last
    assert "話し合いは終わりました" in last


def test_a_file_of_one_side_reaches_the_other(world: World) -> None:
    match_id = make_match(world).id
    url, maker, officer = f"/matches/{match_id}", world.browser("maker"), world.browser("officer")
    file = (io.BytesIO("1トン1万円".encode()), "見積もり.txt")
    officer.post(f"{url}/files/new", data={"file": file, "caption": "見積もり"})
    stored = queries.files_of(match_id)[0]
    assert maker.get(f"{url}/files/{stored.id}").data.decode() == "1トン1万円"


def test_nothing_typed_is_lost_and_each_message_stands_at_its_field(world: World) -> None:
    match = make_match(world)
    url, maker = f"/matches/{match.id}", world.browser("maker")
    yesterday = world.now - timedelta(days=1)
    sent = {"title": "相談", "minutes": "60", **moment_fields("date_1", yesterday)}
    answer = maker.post(f"{url}/appointments/new", data=sent)
    assert answer.status_code == 422
    assert "過ぎた日時です" in answer.text
    assert 'value="相談"' in answer.text
    unreadable = {"next_step": "見積もり", "due_on-year": "来年", "owner": "town"}
    answer = maker.post(f"{url}/next-steps/edit", data=unreadable)
    assert answer.status_code == 422
    assert "令和9年4月1日のように" in answer.text
    assert 'value="来年"' in answer.text
    answer = maker.post(f"{url}/files/new", data={"file": (io.BytesIO(b"x"), "わな.exe")})
    assert answer.status_code == 422
    assert "受け取れない種類" in answer.text
    assert maker.post(url, data={"text": ""}).status_code == 422
    assert maker.post(f"{url}/files/new", data={"caption": "なし"}).status_code == 422


def test_who_presses_second_is_told_which_date_stands(world: World) -> None:
    match = make_match(world)
    appointment = propose(world, match)
    url = f"/matches/{match.id}/appointments/{appointment.id}/agreements"
    ids = [str(date.id) for date in appointment.dates]
    world.browser("officer").post(url, data={"date_id": ids[0]})
    answer = world.browser("chief").post(url, data={"date_id": ids[1]}, follow_redirects=True)
    assert "ほかの人が先に" in answer.text
    world.browser("chief").post(url, data={"date_id": "x"}, follow_redirects=True)


def test_the_page_of_an_undone_match_is_for_the_record(world: World) -> None:
    match = make_match(world)
    world.move(match.introduction_id, IntroductionMove.UNDO, "secretariat")
    page = page_of(world.browser("maker"), f"/matches/{match.id}")
    assert "事務局がこの成立を取り消しました" in page
    assert "候補の日を出す" not in page
    assert "officer@example.com" not in page
    answer = world.browser("maker").post(f"/matches/{match.id}", data={"text": "まだ"})
    assert answer.status_code == 409


def test_strangers_find_nothing(world: World) -> None:
    url = f"/matches/{make_match(world).id}"
    hauler, reader = world.browser("hauler"), world.browser("reader")
    assert hauler.get(url).status_code == 404
    assert "放置された竹" not in page_of(hauler, "/matches").split("<main")[1]
    assert reader.get(url).status_code == 200
    assert reader.get(f"{url}/endings").status_code == 403


def test_a_page_reads_a_bounded_number_of_rows(world: World) -> None:
    match = make_match(world)
    maker = world.browser("maker")
    page_of(maker, f"/matches/{match.id}")
    statements: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        page_of(maker, f"/matches/{match.id}")
        selects = [each for each in statements if each.startswith("SELECT")]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(selects) <= 20, selects
