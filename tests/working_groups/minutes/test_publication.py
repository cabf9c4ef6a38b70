"""From the draft over the speakers' check to publication, and corrections."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotFound, ProductError
from matchmaker.working_groups.groups.domain import DigestFrequency, Visibility
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.meetings.domain import CheckAnswer, MinutesState
from matchmaker.working_groups.meetings.minutes import checking, queries, service
from matchmaker.working_groups.meetings.minutes.consequences import may_still_read
from matchmaker.working_groups.meetings.minutes.speakers import people_to_ask
from tests.working_groups.meetings.planning_world import addresses, forget_mail, mails
from tests.working_groups.minutes.conftest import Day

TEXT = "はじめの文。\n"


def asked(day: Day, *names: str, until_in: int = 7) -> None:
    """Minutes that these people were asked to check."""
    day.begin(TEXT)
    ids = [day.world.users[name] for name in names]
    until = today(clock.now()) + timedelta(days=until_in)
    checking.ask_speakers(day.minutes, ids, until, day.world.actor("chair"), clock.now())
    db.session.commit()


def answer(day: Day, name: str, *, approved: bool = True, comment: str = "") -> None:
    revision = day.minutes.revision
    checking.answer_check(
        day.minutes, approved, comment, revision, day.world.actor(name), clock.now()
    )


def publish(day: Day, visibility: Visibility = Visibility.PUBLIC, after_days: int = 0) -> None:
    moment = clock.now() + timedelta(days=after_days)
    checking.publish(day.meeting, day.minutes, visibility, day.world.actor("chair"), moment)
    db.session.commit()


def answers(day: Day) -> dict[uuid.UUID, CheckAnswer]:
    db.session.expire_all()
    return {check.user_id: check.answer for check in queries.checks_of(day.minutes.id)}


def test_speakers_of_the_agenda_are_chosen_to_begin_with(day: Day) -> None:
    day.begin(TEXT)
    minutes = day.minutes
    people, chosen = people_to_ask(day.meeting, minutes, clock.now())
    assert chosen == [day.world.users["member"]]
    assert {day.world.users[name] for name in ("chair", "expert", "observer")} <= dict(
        people
    ).keys()


def test_each_speaker_gets_the_text_and_the_rule_of_silence_by_mail(day: Day) -> None:
    asked(day, "member", "expert")
    assert addresses() == ["expert@example.com", "member@example.com"]
    body = mails()[0].body
    assert TEXT.strip() in body
    assert "期日までに返事がなければ、確認済みとします。" in body


def test_publishing_waits_for_all_answers(day: Day) -> None:
    asked(day, "member", "expert")
    answer(day, "member")
    with pytest.raises(Conflict, match="まだ1人の返事がありません"):
        publish(day)
    answer(day, "expert")
    publish(day)
    assert day.minutes.state is MinutesState.PUBLISHED
    assert day.minutes.published_revision == day.minutes.revision


def test_silence_counts_only_after_the_last_day_is_over(day: Day) -> None:
    asked(day, "member", until_in=2)
    with pytest.raises(Conflict, match="返事がありません"):
        publish(day, after_days=2)
    publish(day, after_days=3)
    assert day.minutes.state is MinutesState.PUBLISHED


def test_a_wish_for_a_change_never_lapses_and_is_told_to_the_organisers(day: Day) -> None:
    asked(day, "member")
    forget_mail()
    with pytest.raises(ProductError, match="どこをどう"):
        answer(day, "member", approved=False)
    answer(day, "member", approved=False, comment="量は12トンです。")
    assert addresses() == ["chair@example.com"]
    assert "量は12トンです。" in mails()[0].body
    with pytest.raises(Conflict, match="直してほしい"):
        publish(day, after_days=30)


def test_a_changed_text_asks_everybody_again_and_leaves_three_days(day: Day) -> None:
    asked(day, "member", "expert", until_in=1)
    answer(day, "member")
    forget_mail()
    now = clock.now()
    minutes = day.minutes
    service.save_minutes(
        minutes, TEXT + "足した文。\n", minutes.revision, day.world.actor("chair"), now
    )
    assert set(answers(day).values()) == {CheckAnswer.ASKED}
    assert day.minutes.checks_until == today(now) + timedelta(days=3)
    assert addresses() == ["member@example.com"], "who had not answered has a mail already"
    assert "もう一度" in mails()[0].subject
    with pytest.raises(Conflict):
        publish(day, after_days=2)


def test_an_answer_to_an_older_text_is_not_taken(day: Day) -> None:
    asked(day, "member")
    old, now = day.minutes.revision, clock.now()
    service.save_minutes(day.minutes, "別の文。", old, day.world.actor("chair"), now)
    with pytest.raises(Conflict, match="本文が変わりました"):
        checking.answer_check(day.minutes, True, "", old, day.world.actor("member"), now)


def test_nobody_answers_for_others_and_not_after_the_check(day: Day) -> None:
    asked(day, "member")
    with pytest.raises(NotFound):
        answer(day, "expert")
    checking.rework(day.minutes, day.world.actor("chair"), clock.now())
    with pytest.raises(Conflict, match="受付は終わりました"):
        answer(day, "member")


@pytest.mark.parametrize(
    ("names", "days", "field"), [((), 7, "speakers"), (("member",), -1, "until"),
                                 (("member",), 61, "until")]
)  # fmt: skip
def test_asking_needs_people_and_a_possible_day(
    day: Day, names: tuple[str, ...], days: int, field: str
) -> None:
    with pytest.raises(ProductError) as caught:
        asked(day, *names, until_in=days)
    assert caught.value.field == field


def test_steps_that_are_not_possible(day: Day) -> None:
    chair, now = day.world.actor("chair"), clock.now()
    day.begin(TEXT)
    with pytest.raises(IllegalMove):
        publish(day)
    with pytest.raises(IllegalMove):
        checking.rework(day.minutes, chair, now)
    with pytest.raises(IllegalMove):
        checking.begin_correction(day.minutes, "誤り", chair, now)
    member = [day.world.users["member"]]
    checking.ask_speakers(day.minutes, member, None, chair, now)
    with pytest.raises(IllegalMove):
        checking.ask_speakers(day.minutes, member, None, chair, now)


def test_publication_tells_everybody_who_wants_mail(day: Day) -> None:
    asked(day, "member")
    query = select(GroupMember).where(GroupMember.user_id == day.world.users["observer"])
    for row in db.session.scalars(query):
        row.digest = DigestFrequency.NONE
    db.session.flush()
    answer(day, "member")
    forget_mail()
    publish(day)
    assert "observer@example.com" not in addresses()
    assert "expert@example.com" in addresses()
    assert TEXT.strip() in mails()[0].body


def test_a_correction_keeps_the_published_text_until_it_is_published_with_its_reason(
    day: Day,
) -> None:
    asked(day, "member")
    answer(day, "member")
    publish(day)
    chair, first = day.world.actor("chair"), day.minutes.revision
    with pytest.raises(ProductError, match="理由"):
        checking.begin_correction(day.minutes, " ", chair, clock.now())
    checking.begin_correction(day.minutes, "量の誤り", chair, clock.now())
    service.save_minutes(day.minutes, "直した文。", first, chair, clock.now())
    assert day.minutes.published_revision == first
    ids = [day.world.users["member"]]
    checking.ask_speakers(day.minutes, ids, None, chair, clock.now())
    answer(day, "member")
    forget_mail()
    publish(day)
    notes = [version.note for version in queries.publications_of(day.minutes.id)]
    assert notes == ["量の誤り", ""]
    assert "訂正しました" in mails()[0].subject
    assert "量の誤り" in mails()[0].body


def test_a_correction_that_leaves_the_text_is_told_with_its_reason_all_the_same(day: Day) -> None:
    chair, ids = day.world.actor("chair"), [day.world.users["member"]]
    asked(day, "member")
    answer(day, "member")
    publish(day)
    first = day.minutes.revision
    checking.begin_correction(day.minutes, "読める人を変える", chair, clock.now())
    checking.ask_speakers(day.minutes, ids, None, chair, clock.now())
    answer(day, "member")
    publish(day, Visibility.GROUP)
    versions = queries.publications_of(day.minutes.id)
    assert [(v.number, v.note) for v in versions] == [(first + 1, "読める人を変える"), (first, "")]


def test_waiting_mail_goes_only_to_the_group_and_to_speakers(day: Day) -> None:
    minutes_id, users = day.begin(TEXT).id, day.world.users
    receivers = {name for name, id_ in users.items() if may_still_read(id_, minutes_id)}
    assert receivers == {"chair", "member", "observer", "expert"}
    asked_outside = [users["outsider"]]
    checking.ask_speakers(day.minutes, asked_outside, None, day.world.actor("chair"), clock.now())
    assert may_still_read(users["outsider"], minutes_id)
    assert not may_still_read(users["operator"], minutes_id)


def test_a_speaker_from_elsewhere_reads_the_draft_while_asked(day: Day) -> None:
    asked(day, "outsider")
    outsider = day.browser("outsider")
    assert TEXT.strip() in outsider.get(f"{day.path}/minutes").text
    checking.rework(day.minutes, day.world.actor("chair"), clock.now())
    db.session.commit()
    assert TEXT.strip() not in outsider.get(f"{day.path}/minutes").text
