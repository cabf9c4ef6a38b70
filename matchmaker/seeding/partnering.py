"""Introductions, talks and the coalition of the demo, told by the normal services."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.coalitions import service as coalitions
from matchmaker.partnering.coalitions.domain import MemberMove
from matchmaker.partnering.coalitions.gathering import Wish
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions.domain import (
    Answer,
    Interest,
    IntroductionMove,
    ReasonCode,
    Side,
    Source,
)
from matchmaker.partnering.introductions.matches import appointments, facts
from matchmaker.partnering.introductions.matches import queries as matches
from matchmaker.partnering.introductions.matches import service as talks
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.service import move, send
from matchmaker.posts import queries as posts
from matchmaker.posts import service
from matchmaker.posts.domain import Move
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.seeding.files import DEMO, Entry, read_mapping
from matchmaker.seeding.moments import begun_at, moment_of, published_at
from matchmaker.seeding.people import actor_of
from matchmaker.seeding.posts import cleaned_values
from matchmaker.seeding.progress import Seeder

FILE = DEMO / "partnering.yaml"


def load_introductions(seeder: Seeder) -> int:
    """Introductions in every state."""
    load = partial(_introduction, seeder)
    return seeder.load_story("introduction", "key", read_mapping(FILE)["introductions"], load)


def _introduction(seeder: Seeder, entry: Entry) -> uuid.UUID:
    interest = Interest(
        need_id=seeder.record_id(f"need:{entry['need']}"),
        offering_id=seeder.record_id(f"offering:{entry['offering']}"),
        note=entry["note"],
        wish=entry["wish"],
        source=Source(entry["source"]),
    )
    sent = send(interest, actor_of(seeder, entry["by"]), moment_of(entry["at"], seeder.now))
    for step in entry["steps"]:
        code = step.get("reason_code")
        answer = Answer(
            reason_code=ReasonCode(code) if code else None,
            reason=step.get("reason", ""),
            words=step.get("words", ""),
        )
        actor = SYSTEM if step["by"] == "system" else actor_of(seeder, step["by"])
        moment = moment_of(step["at"], seeder.now)
        move(introductions.get(sent.id), IntroductionMove(step["move"]), answer, actor, moment)
    return sent.id


def load_talks(seeder: Seeder) -> int:
    """What those say to each other who both said yes."""
    return seeder.load_story("talk", "key", read_mapping(FILE)["talks"], partial(_talk, seeder))


def match_of(seeder: Seeder, key: str) -> Match:
    """The match that an introduction of the demo became.

    Raises:
        KeyError: it became none.
    """
    found = matches.of_introduction(seeder.record_id(f"introduction:{key}"))
    if found is None:
        raise KeyError(f"{key} became no match")
    return matches.get(found.id)


def _talk(seeder: Seeder, entry: Entry) -> uuid.UUID:
    match = match_of(seeder, entry["introduction"])
    for said in entry["messages"]:
        actor, moment = actor_of(seeder, said["by"]), moment_of(said["at"], seeder.now)
        talks.post_message(match, said["text"], "", actor, moment)
    for fact in entry["facts"]:
        actor, moment = actor_of(seeder, fact["by"]), moment_of(fact["at"], seeder.now)
        facts.add(match, fact["label"], fact["value"], actor, moment)
    if "appointment" in entry:
        _appointment(seeder, match, entry["appointment"])
    if "next_step" in entry:
        _next_step(seeder, matches.get(match.id), entry["next_step"])
    return match.id


def _appointment(seeder: Seeder, match: Match, entry: Entry) -> None:
    dates = [moment_of(each, seeder.now) for each in entry["dates"]]
    proposal = appointments.Proposal(entry["title"], entry["place"], entry["minutes"], dates)
    moment = moment_of(entry["at"], seeder.now)
    made = appointments.propose(match, proposal, actor_of(seeder, entry["by"]), moment)
    made = matches.get_appointment(match.id, made.id)
    chosen = sorted(made.dates, key=lambda each: each.starts_at)[entry["agreed"]]
    agreed_at = moment_of(entry["agreed_at"], seeder.now)
    appointments.agree(match, made, chosen.id, actor_of(seeder, entry["agreed_by"]), agreed_at)


def _next_step(seeder: Seeder, match: Match, entry: Entry) -> None:
    due_on = today(seeder.now) + timedelta(days=entry["due_days"])
    step = talks.NextStep(entry["text"], due_on, Side(entry["side"]))
    actor, moment = actor_of(seeder, entry["by"]), moment_of(entry["at"], seeder.now)
    talks.set_next_step(match, step, match.revision, actor, moment)


def load_users(seeder: Seeder) -> int:
    """Offerings of those who use what recyclers make, so that a chain is closed."""
    vocabularies = DatabaseVocabularies()

    def load(entry: Entry) -> uuid.UUID:
        values = cleaned_values(OFFERING, entry, vocabularies)
        organization_id = seeder.record_id(f"organization:{entry['organization']}")
        moment = published_at(entry["key"], seeder.now)
        post = service.create(OFFERING, organization_id, values, SYSTEM, begun_at(moment))
        post.is_demo = True
        for step in (Move.SUBMIT, Move.PUBLISH):
            service.move(OFFERING, post, step, SYSTEM, moment)
        return uuid.UUID(str(post.id))

    return seeder.load_once("offering", "key", read_mapping(FILE)["users"], load)


def load_coalitions(seeder: Seeder) -> int:
    """Towns with too little each that reach a minimum lot together."""
    load = partial(_coalition, seeder)
    return seeder.load_story("coalition", "key", read_mapping(FILE)["coalition"], load)


def _coalition(seeder: Seeder, entry: Entry) -> uuid.UUID:
    offering = posts.get(OFFERING, seeder.record_id(f"offering:{entry['offering']}"))
    if offering is None:
        raise KeyError(entry["offering"])
    ids = [seeder.record_id(f"need:{key}") for key in entry["needs"]]
    wish = Wish(
        offering=offering,
        material_code=entry["material"],
        need=None,
        max_km=entry["max_km"],
        max_members=len(ids),
        with_estimates=False,
    )
    choice = coalitions.Choice([f"need:{each}" for each in ids], entry["note"], entry["key"])
    moment = moment_of(entry["at"], seeder.now)
    formed = coalitions.form(wish, choice, actor_of(seeder, entry["by"]), moment)
    for each in entry["answers"]:
        organization_id = seeder.record_id(f"organization:{each['organization']}")
        member = next(m for m in formed.members if m.organization_id == organization_id)
        actor, moment = actor_of(seeder, each["by"]), moment_of(each["at"], seeder.now)
        coalitions.answer(formed.id, member.id, MemberMove.JOIN, "", actor, moment)
    return formed.id
