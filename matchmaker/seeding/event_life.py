"""What happens at invented events: tables are planned, people come in, ask, and are answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.live import NO_ENCODER
from matchmaker.regional_events.floor import moderation
from matchmaker.regional_events.floor.domain import QuestionKind, QuestionMove, QuestionSource
from matchmaker.regional_events.floor.keys import attendee_key, user_key
from matchmaker.regional_events.floor.merging import merge
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.moderation import SwitchData, change_switches, move_question
from matchmaker.regional_events.floor.policy import Voice
from matchmaker.regional_events.floor.queries import floor_of
from matchmaker.regional_events.floor.service import AskOptions, ask, ensure_floor, vote
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.programme.queries import programme_of
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.reception.service import check_in
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries as table_queries
from matchmaker.regional_events.tables.domain import PlanSettings
from matchmaker.regional_events.tables.models import TablePlan
from matchmaker.regional_events.tables.service import GuestAnswer, answer, open_tables, release
from matchmaker.regional_events.tables.versions import ask_for_version, make_version
from matchmaker.seeding.event_occasion import Occasion
from matchmaker.seeding.files import Entry
from matchmaker.seeding.moments import at_time

POSTS_BROUGHT = 3
SOLVING_SECONDS = 0.5
"""Enough for the few people of the demo; loading stays fast."""


def live_through(occasion: Occasion) -> None:
    """Tables, reception and floor, as far as the file tells of them."""
    entry = occasion.entry
    if "tables" in entry:
        _plan_tables(occasion, entry["tables"])
    _receive(occasion)
    if "floor" in entry:
        _open_floor(occasion, entry["floor"])
        _ask_and_answer(occasion, entry["floor"]["questions"])


def _plan_tables(occasion: Occasion, entry: Entry) -> None:
    event = occasion.event
    day = today(event.starts_at) + timedelta(days=entry.get("day", 0))
    settings = PlanSettings(
        at_time(day, entry["from"]), entry["minutes"], entry["break"], entry["slots"],
        entry["tables"], entry["seats"], occasion.at(entry["until"]), entry["note"],
    )  # fmt: skip
    opened = occasion.at(entry["opened"])
    plan = open_tables(event, settings, occasion.organizer, opened)
    people = table_queries.on_site_attendees(event.id)
    for attendee in people[:: entry.get("every", 1)]:
        _take_part(occasion, plan, attendee, opened + timedelta(minutes=30))
    if "solved" in entry:
        _solve(occasion, plan, occasion.at(entry["solved"]))


def _take_part(occasion: Occasion, plan: TablePlan, attendee: Attendee, at: datetime) -> None:
    """The person brings along the first posts of the organisation."""
    posts = table_queries.own_posts(attendee.organization_id)[:POSTS_BROUGHT]
    given = GuestAnswer(is_taking_part=True, post_ids=[post.id for post in posts])
    is_secretariat = attendee.id == occasion.attendee_ids.get("coordinator")
    answer(
        plan, attendee, given, occasion.organizer, max(at, attendee.created_at),
        expected_revision=0, is_secretariat=is_secretariat,
    )  # fmt: skip


def _solve(occasion: Occasion, plan: TablePlan, at: datetime) -> None:
    version = ask_for_version(plan, occasion.organizer, at)
    engine = MatchingEngine(current_settings().model_copy(update={"embedding_model": NO_ENCODER}))
    make_version(version, engine, at, SOLVING_SECONDS)
    release(plan, version, occasion.organizer, at + timedelta(minutes=20))


def _receive(occasion: Occasion) -> None:
    """Check in those whom the file names, one a minute."""
    entry = occasion.entry.get("received")
    if not entry:
        return
    at = occasion.at(entry["at"])
    for place, who in enumerate(entry["people"]):
        attendee, moment = occasion.attendee(who), at + timedelta(minutes=place)
        track = db.session.get_one(Track, attendee.track_id)
        online, qr = track.kind is TrackKind.ONLINE, place % 4
        way = CheckInWay.ONLINE if online else CheckInWay.QR if qr else CheckInWay.LIST
        device = "" if online else "受付1"
        check_in(occasion.event, attendee, way, moment, occasion.organizer, moment, device)


def _open_floor(occasion: Occasion, entry: Entry) -> None:
    at = occasion.at(entry["opened"])
    ensure_floor(occasion.event.id)
    switches = SwitchData(
        takes_beforehand=True, is_asking_open=True, is_voting_open=True, admits_guests=True
    )
    revision = floor_of(occasion.event.id).revision
    change_switches(occasion.event, switches, revision, occasion.organizer, at)


def _ask_and_answer(occasion: Occasion, entries: list[Entry]) -> None:
    """First all questions with their supporters, then what the moderators do with them."""
    asked = {each["key"]: _ask(occasion, each) for each in entries}
    for each in entries:
        _moderate(occasion, each, asked)
    for each in entries:
        if "votes" in each:
            _support(occasion, each, asked[each["key"]])
    for each in entries:
        _settle(occasion, each, asked)


def _ask(occasion: Occasion, entry: Entry) -> FloorQuestion:
    sessions = {session.title: session.id for session in programme_of(occasion.event.id)}
    titles = {each["key"]: each["title"] for each in occasion.entry["sessions"]}
    session_id = sessions[titles[entry["session"]]] if "session" in entry else None
    options = AskOptions(session_id, entry.get("shows_name", False))
    return ask(
        occasion.event, entry["text"], QuestionKind(entry.get("kind", "question")),
        QuestionSource(entry.get("source", "room")), _voice(occasion, entry["by"]),
        occasion.at(entry["at"]), options,
    )  # fmt: skip


def _voice(occasion: Occasion, who: str) -> Voice:
    attendee = occasion.attendee(who)
    key = (
        user_key(occasion.event.id, attendee.user_id)
        if attendee.user_id
        else attendee_key(occasion.event.id, attendee.id, attendee.link_version)
    )
    return Voice(key, attendee.user_id, attendee.id, attendee.name)


def _moderate(occasion: Occasion, entry: Entry, asked: dict[str, FloorQuestion]) -> None:
    question, at = asked[entry["key"]], occasion.at(entry["at"]) + timedelta(minutes=2)
    move = entry.get("first")
    if move:
        move_question(
            question, QuestionMove(move), question.revision, occasion.organizer, at,
            words=entry.get("reason", ""),
        )  # fmt: skip


def _support(occasion: Occasion, entry: Entry, question: FloorQuestion) -> None:
    at = occasion.at(entry["at"]) + timedelta(minutes=3)
    for who in entry["votes"]:
        vote(occasion.event, question, _voice(occasion, who), at, wanted=True)


def _settle(occasion: Occasion, entry: Entry, asked: dict[str, FloorQuestion]) -> None:
    question, at = asked[entry["key"]], occasion.at(entry["at"]) + timedelta(minutes=5)
    if "merged_into" in entry:
        leading = asked[entry["merged_into"]]
        revisions = (leading.revision, question.revision)
        merge(leading, question, revisions, occasion.organizer, at)
    if "answer" in entry:
        move_question(
            question, QuestionMove.ANSWER, question.revision, occasion.organizer,
            at + timedelta(minutes=5), words=entry["answer"],
        )  # fmt: skip
    if entry.get("is_projected"):
        moderation.project_question(question, occasion.organizer, at)
