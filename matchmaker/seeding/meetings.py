"""Meetings of the invented sub-WG: one that was held, with all that follows, and one to come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.seeding.calls import demo_group
from matchmaker.seeding.files import Entry, read_mapping
from matchmaker.seeding.group_life import FILE, upload
from matchmaker.seeding.moments import at_time, moment_of, working_day
from matchmaker.seeding.people import actor_of
from matchmaker.seeding.progress import Seeder
from matchmaker.surveys.service import answer_survey
from matchmaker.working_groups.groups.activity.documents import add_document
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings import preparation
from matchmaker.working_groups.meetings.after.survey import survey_meeting
from matchmaker.working_groups.meetings.agenda import AgendaLine, save_agenda
from matchmaker.working_groups.meetings.attendance import Answer, answer_invitation
from matchmaker.working_groups.meetings.check_in.service import tick
from matchmaker.working_groups.meetings.domain import (
    AttendanceAnswer,
    MeetingData,
    MeetingMove,
    PublishMoment,
    publish_at,
)
from matchmaker.working_groups.meetings.minutes.checking import answer_check, ask_speakers, publish
from matchmaker.working_groups.meetings.minutes.queries import locked_minutes
from matchmaker.working_groups.meetings.minutes.service import begin_minutes, save_minutes
from matchmaker.working_groups.meetings.minutes.taking import take_findings
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.queries import get_meeting, steps_of
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting


def load_demo_meetings(seeder: Seeder) -> int:
    """The meetings of the demo's sub-WG; what belongs to one counts its days from its day."""

    def load(entry: Entry) -> uuid.UUID:
        meeting = _announce(seeder, entry)
        _prepare(seeder, meeting, entry)
        if entry["attended"]:
            _hold(seeder, meeting, entry)
            _write_minutes(seeder, meeting, entry["minutes"])
            _survey(seeder, meeting, entry["survey"])
        return meeting.id

    return seeder.load_story("demo-meeting", "key", read_mapping(FILE)["meetings"], load)


def _announce(seeder: Seeder, entry: Entry) -> Meeting:
    """Plan the meeting with its agenda and send the notice."""
    organiser, day = actor_of(seeder, entry["by"]), working_day(entry["day"], seeder.now)
    starts_at = at_time(day, entry["from"])
    data = MeetingData(
        title=entry["title"],
        starts_at=starts_at,
        ends_at=at_time(day, entry["until"]),
        round=entry["round"],
        place=entry["place"],
        online_url=entry["online_url"],
        online_policy=entry["online_policy"],
        visibility=Visibility(entry["visibility"]),
        answers_until=moment_of(entry["answers_until"], starts_at),
    )
    planned = moment_of(entry["planned"], starts_at)
    meeting = get_meeting(plan_meeting(demo_group(seeder), data, organiser, planned).id)
    lines = [_line(seeder, item) for item in entry["agenda"]]
    save_agenda(meeting, lines, organiser, planned + timedelta(minutes=30))
    announced = moment_of(entry["announced"], starts_at)
    move_meeting(meeting, MeetingMove.ANNOUNCE, "", organiser, announced)
    return meeting


def _line(seeder: Seeder, item: Entry) -> AgendaLine:
    speaker_id = seeder.record_id(f"user:{item['speaker']}") if "speaker" in item else None
    return AgendaLine(
        item["title"], item["minutes"], speaker_id=speaker_id, note=item.get("note", "")
    )


def _prepare(seeder: Seeder, meeting: Meeting, entry: Entry) -> None:
    """Steps of the checklist that are done, materials, and who says whether they come."""
    organiser = actor_of(seeder, entry["by"])
    for step in steps_of(meeting.id)[: entry.get("prepared", 0)]:
        at = at_time(step.due_on or today(seeder.now), "17:00")
        preparation.mark_step(meeting, step, done=True, actor=organiser, now=min(at, seeder.now))
    for material in entry["materials"]:
        _add_material(seeder, meeting, material)
    for each in entry["answers"]:
        given = Answer(AttendanceAnswer(each["answer"]), note=each.get("note", ""))
        actor, at = actor_of(seeder, each["by"]), moment_of(each["at"], meeting.starts_at)
        answer_invitation(meeting, given, actor, at)


def _add_material(seeder: Seeder, meeting: Meeting, entry: Entry) -> None:
    item = meeting.agenda[entry["item"] - 1] if "item" in entry else None
    moment = PublishMoment(entry.get("publish", PublishMoment.NOW))
    add_document(
        meeting.group, entry["title"], upload(entry["file"]), Visibility(entry["visibility"]),
        actor_of(seeder, entry["by"]), moment_of(entry["at"], meeting.starts_at),
        meeting_id=meeting.id, agenda_item_id=item.id if item else None,
        publish_at=publish_at(moment, meeting.starts_at, meeting.ends_at),
    )  # fmt: skip


def _hold(seeder: Seeder, meeting: Meeting, entry: Entry) -> None:
    organiser, at = actor_of(seeder, entry["by"]), meeting.starts_at - timedelta(minutes=5)
    for key in entry["attended"]:
        tick(meeting, seeder.record_id(f"user:{key}"), organiser, at)
    move_meeting(meeting, MeetingMove.HOLD, "", organiser, meeting.ends_at)


def _write_minutes(seeder: Seeder, meeting: Meeting, entry: Entry) -> None:
    """Minutes that the speakers approved; what was agreed goes into the log and the tasks."""
    writer, begin = actor_of(seeder, entry["by"]), meeting.starts_at
    written = moment_of(entry["at"], begin)
    minutes = begin_minutes(meeting, writer, written)
    body = entry["body"].format(**_days(entry["due_days"], begin))
    save_minutes(minutes, body, minutes.revision, writer, written + timedelta(hours=2))
    minutes = locked_minutes(minutes.id)
    asked, until = written + timedelta(hours=3), today(begin) + timedelta(entry["checked_until"])
    checkers = [actor_of(seeder, key) for key in entry["checkers"]]
    ask_speakers(minutes, [each.user_id for each in checkers if each.user_id], until, writer, asked)
    for each in checkers:
        answer_check(minutes, True, "", minutes.revision, each, moment_of(entry["checked"], begin))
    published = moment_of(entry["published"], begin)
    publish(meeting, minutes, Visibility(entry["visibility"]), writer, published)
    take_findings(meeting, minutes, None, writer, published + timedelta(minutes=10))


def _days(due_days: Entry, begin: datetime) -> dict[str, str]:
    """Days as people write them into minutes: 12月5日."""
    days = {key: today(begin) + timedelta(days=number) for key, number in due_days.items()}
    return {key: f"{day.month}月{day.day}日" for key, day in days.items()}


def _survey(seeder: Seeder, meeting: Meeting, entry: Entry) -> None:
    """The survey among those who came; some have answered, and it goes on for a few days."""
    at = moment_of(entry["at"], meeting.starts_at)
    until = today(seeder.now) + timedelta(days=entry["closes_in_days"])
    organiser = actor_of(seeder, entry["by"])
    survey = survey_meeting(meeting, entry["title"], until, False, organiser, at)
    survey.announced_at = survey.opens_at  # nobody of the demo is asked by mail
    db.session.flush()
    for each in entry["answers"]:
        moment = moment_of(each["at"], meeting.starts_at)
        answer_survey(survey, each["answers"], actor_of(seeder, each["by"]), moment)
