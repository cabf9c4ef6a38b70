"""Writing minutes together: nothing anybody wrote is lost."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.groups.models import GroupDecision, GroupTask
from matchmaker.working_groups.meetings.minutes import queries, service
from matchmaker.working_groups.meetings.minutes.domain import BODY_LENGTH, Contradiction
from matchmaker.working_groups.meetings.minutes.jobs import thin_versions
from matchmaker.working_groups.meetings.minutes.taking import owner_called, take_findings
from matchmaker.working_groups.meetings.models import Minutes, MinutesVersion
from tests.working_groups.meetings.planning_world import World
from tests.working_groups.minutes.conftest import Day

FIRST_TEXT = 2
"""Number of the text after the headings that a beginning writes."""

TWO_LINES = "はじめの文。\nおわりの文。\n"


def test_minutes_begin_with_the_headings_of_the_agenda_and_only_once(day: Day) -> None:
    now = clock.now()
    first = service.begin_minutes(day.meeting, day.world.actor("chair"), now)
    assert first.body.startswith("■ 1．竹の量の報告（member")
    assert "■ 2．今後の進め方\n" in first.body
    service.save_minutes(first, "書いた文。", 1, day.world.actor("chair"), now)
    again = service.begin_minutes(day.meeting, day.world.actor("member"), now)
    assert (again.id, again.body) == (first.id, "書いた文。")


def test_sentences_of_two_people_are_both_kept(day: Day) -> None:
    minutes, now = day.begin(TWO_LINES), clock.now()
    base = minutes.revision
    service.save_minutes(minutes, "山田の文。\n" + TWO_LINES, base, day.world.actor("member"), now)
    saved = service.save_minutes(
        minutes, TWO_LINES + "佐藤の文。\n", base, day.world.actor("expert"), now
    )
    assert saved.body == "山田の文。\nはじめの文。\nおわりの文。\n佐藤の文。\n"
    assert saved.others == ("member",)


def test_a_page_that_goes_on_with_its_old_text_does_not_delete_what_others_wrote(day: Day) -> None:
    minutes, now = day.begin(TWO_LINES), clock.now()
    base, expert = minutes.revision, day.world.actor("expert")
    service.save_minutes(minutes, "山田の文。\n" + TWO_LINES, base, day.world.actor("member"), now)
    unchanged = service.save_minutes(minutes, TWO_LINES, base, expert, now)
    assert (unchanged.base, "山田の文。" in unchanged.body) == (base, True)
    mine = TWO_LINES + "佐藤の文。\n"
    saved = service.save_minutes(minutes, mine, unchanged.base, expert, now)
    saved = service.save_minutes(minutes, mine + "続き。\n", saved.base, expert, now)
    assert saved.body == "山田の文。\n" + mine + "続き。\n"


def test_a_contradiction_writes_nothing_and_shows_both(day: Day) -> None:
    minutes, now = day.begin("量は10トン。\n"), clock.now()
    base = minutes.revision
    service.save_minutes(minutes, "量は12トン。\n", base, day.world.actor("member"), now)
    with pytest.raises(Contradiction) as caught:
        service.save_minutes(minutes, "量は15トン。\n", base, day.world.actor("expert"), now)
    assert day.minutes.body == "量は12トン。\n"
    found = caught.value
    assert (found.mine, found.theirs) == ("量は15トン。\n", "量は12トン。\n")
    assert "15トン" in found.merged
    assert "12トン" in found.merged
    assert found.revision == day.minutes.revision


def test_saving_twice_is_one_version(day: Day) -> None:
    minutes, now = day.begin(TWO_LINES), clock.now()
    base, chair = minutes.revision, day.world.actor("chair")
    service.save_minutes(minutes, "ひとつ。", base, chair, now)
    service.save_minutes(minutes, "ひとつ。", base, chair, now)
    assert day.minutes.revision == base + 1


def test_a_text_that_is_too_long_is_told_and_not_cut(day: Day) -> None:
    minutes = day.begin(TWO_LINES)
    with pytest.raises(ProductError, match="60,000文字まで"):
        service.save_minutes(
            minutes, "あ" * (BODY_LENGTH + 1), minutes.revision, day.world.actor("chair"),
            clock.now(),
        )  # fmt: skip
    assert day.minutes.body == TWO_LINES


def test_many_saves_of_one_sitting_are_one_entry_of_the_audit_log(day: Day) -> None:
    minutes, now, chair = day.begin(""), clock.now(), day.world.actor("chair")
    for n in range(5):
        moment = now + timedelta(seconds=n)
        service.save_minutes(minutes, f"{n}。", day.minutes.revision, chair, moment)
    later = now + timedelta(hours=1)
    service.save_minutes(minutes, "あとで。", day.minutes.revision, chair, later)
    written = [e for e in entries_of(minutes.id) if e.tag == "meetings:minutes:written"]
    assert len(written) == 1, "the first ones belong to the beginning"


def test_an_earlier_text_comes_back_as_a_new_version(day: Day) -> None:
    minutes, now = day.begin(TWO_LINES), clock.now()
    number, chair = minutes.revision, day.world.actor("chair")
    service.save_minutes(minutes, "消した。", number, chair, now)
    service.restore_version(minutes, number, chair, now)
    assert day.minutes.body == TWO_LINES
    assert day.minutes.revision == number + 2


def test_twelve_writers_at_once_lose_no_sentence(day: Day) -> None:
    """Real threads against the service: each writes three sentences under its own heading."""
    people = 12
    headings = "".join(f"■ {n}．議題{n}\n" for n in range(people))
    minutes_id = day.begin(headings).id
    db.session.remove()
    writers = [
        threading.Thread(target=write_three, args=(day.world, minutes_id, headings, n))
        for n in range(people)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    body = day.minutes.body
    missing = [
        sentence_of(n, k) for n in range(people) for k in range(3) if sentence_of(n, k) not in body
    ]
    assert missing == []
    assert body.count("■") == people


def sentence_of(person: int, number: int) -> str:
    return f"{person}番の人の{number}つめの文。"


def write_three(world: World, minutes_id: uuid.UUID, start: str, person: int) -> None:
    """Write as a page does that never takes in what others wrote, and decide contradictions."""
    with world.app.app_context():
        minutes = db.session.get_one(Minutes, minutes_id)
        text, base = start, FIRST_TEXT
        for number in range(3):
            place = text.index("\n", text.index(f"■ {person}．")) + 1
            text = f"{text[:place]}{sentence_of(person, number)}\n{text[place:]}"
            text, base = saved_text(world, minutes, text, base)
        db.session.remove()


def saved_text(world: World, minutes: Minutes, text: str, base: int) -> tuple[str, int]:
    try:
        saved = service.save_minutes(minutes, text, base, world.actor("member"), clock.now())
        db.session.commit()
        return text, saved.base
    except Contradiction as contradiction:
        db.session.rollback()
        return saved_text(world, minutes, contradiction.merged, contradiction.revision)


def test_findings_are_taken_once(day: Day) -> None:
    day.begin("決定：竹を集める。\n宿題：量を測る ＠member 期限1/5\n宿題：場所を借りる ＠山田\n")
    meeting, minutes, now = day.meeting, day.minutes, clock.now()
    chair = day.world.actor("chair")
    assert take_findings(meeting, minutes, None, chair, now) == 3
    assert take_findings(meeting, minutes, None, chair, now) == 0
    assert db.session.scalar(select(func.count()).select_from(GroupDecision)) == 1
    tasks = {task.title: task for task in db.session.scalars(select(GroupTask))}
    assert tasks["量を測る"].owner_id == day.world.users["member"]
    assert tasks["場所を借りる"].owner_name == "山田"
    assert {task.meeting_id for task in tasks.values()} == {day.meeting_id}
    service.save_minutes(
        minutes, minutes.body + "宿題：量を　測る。\n宿題：炭を焼く\n", minutes.revision, chair, now
    )
    assert take_findings(day.meeting, day.minutes, None, chair, now) == 1, "only what is new"


def test_an_owner_is_the_one_person_of_that_name(day: Day) -> None:
    users = queries.users_with(list(day.world.users.values()))
    for user, name in zip(users, ("山田 太郎", "山田 花子", "佐藤 次郎"), strict=False):
        user.name = name
    people = users[:3]
    assert owner_called("佐藤", people) is people[2]
    assert owner_called("山田花子", people) is people[1]
    assert owner_called("山田", people) is None
    assert owner_called("", people) is None


def test_old_versions_are_thinned_and_a_page_left_open_for_days_loses_nothing(day: Day) -> None:
    minutes, chair = day.begin(TWO_LINES), day.world.actor("chair")
    start = clock.now() - timedelta(days=3)
    for version in db.session.scalars(select(MinutesVersion)):
        version.at = start
    db.session.flush()
    for n in range(6):
        moment = start + timedelta(minutes=n)
        service.save_minutes(
            minutes, f"{TWO_LINES}{n}番目。\n", day.minutes.revision, chair, moment
        )
    last = day.minutes.revision
    db.session.commit()
    assert thin_versions(clock.now()) == 6, "all but the first and the present one"
    assert queries.version_of(minutes.id, last).body == day.minutes.body
    with pytest.raises(Contradiction) as caught:
        service.save_minutes(
            minutes, f"{TWO_LINES}4番目。\n", last - 1, day.world.actor("member"), clock.now()
        )
    assert {"4番目", "5番目"} <= set(caught.value.merged.replace("\n", "").split("。")), (
        "nothing is lost"
    )


def test_published_minutes_are_not_written(day: Day) -> None:
    minutes = day.begin(TWO_LINES)
    minutes.state = type(minutes.state).PUBLISHED
    with pytest.raises(Conflict, match="訂正する"):
        service.save_minutes(minutes, "新しい。", 2, day.world.actor("chair"), clock.now())
