"""Proposals of the demo: begun, written together over several revisions, handed in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.uploads import ATTACHMENT, CheckedFile, check_upload
from matchmaker.questions.domain import Questionnaire
from matchmaker.seeding.files import DEMO, Entry, read_entries
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.people import actor_of, person
from matchmaker.seeding.posts import FaultySeed
from matchmaker.seeding.progress import Seeder
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals import authorship
from matchmaker.working_groups.proposals.domain import Origin, ProposalText
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.origins import origin_of
from matchmaker.working_groups.proposals.queries import get_proposal
from matchmaker.working_groups.proposals.saving import save
from matchmaker.working_groups.proposals.service import create_proposal, period_of, submit

COMING_DAY = re.compile(r"in (\d+) days")
"""A day in an answer, counted from the day the call opened."""


def load_demo_proposals(seeder: Seeder) -> int:
    """The proposals to the demo's calls; their days count from the day the call opened."""

    def load(entry: Entry) -> uuid.UUID:
        call = get_call(seeder.record_id(f"call:{entry['call']}"))
        begin = period_of(call)[0]
        lead = actor_of(seeder, entry["lead"])
        proposal = create_proposal(
            call, next(iter(lead.roles)), entry["title"], _origin(seeder, entry, lead), lead,
            moment_of(entry["at"], begin),
        )  # fmt: skip
        proposal.is_demo = True
        db.session.flush()
        _write(seeder, proposal.id, entry, begin)
        return proposal.id

    return seeder.load_story("proposal", "key", read_entries(DEMO / "proposals.yaml"), load)


def _origin(seeder: Seeder, entry: Entry, lead: Actor) -> Origin:
    posts = {kind: entry.get(kind) for kind in ("need", "offering")}
    ids = {kind: seeder.record_id(f"{kind}:{key}") if key else None for kind, key in posts.items()}
    return origin_of(ids["need"], ids["offering"], lead)


def _write(seeder: Seeder, proposal_id: uuid.UUID, entry: Entry, begin: datetime) -> None:
    lead = actor_of(seeder, entry["lead"])
    for key in entry["co_authors"]:
        _join(seeder, proposal_id, key, lead, moment_of(entry["at"], begin))
    for revision in entry["revisions"]:
        actor = actor_of(seeder, revision["by"])
        _revise(get_proposal(proposal_id), revision, entry, actor, begin)
    if "submitted_at" in entry:
        submit(get_proposal(proposal_id), lead, moment_of(entry["submitted_at"], begin))


def _join(seeder: Seeder, proposal_id: uuid.UUID, key: str, lead: Actor, begun: datetime) -> None:
    """Ask a person to write along, who accepts on the same day."""
    asked, accepted = begun + timedelta(minutes=20), begun + timedelta(minutes=70)
    address, actor = person(seeder, key).email, actor_of(seeder, key)
    authorship.invite(get_proposal(proposal_id), next(iter(actor.roles)), address, lead, asked)
    authorship.answer(get_proposal(proposal_id), accepted=True, actor=actor, now=accepted)


def _revise(
    proposal: Proposal, revision: Entry, entry: Entry, actor: Actor, begin: datetime
) -> None:
    """Save one revision; files come with the last one.

    Raises:
        FaultySeed: an answer does not fit its question.
    """
    answers = {**proposal.answers, **_with_days(revision["answers"], begin)}
    checked = Questionnaire.from_data(proposal.call.questions).check(answers, complete=False)
    if checked.errors:
        raise FaultySeed(f"proposal {entry['key']}: {checked.errors}")
    is_last = revision is entry["revisions"][-1]
    files = _files(entry.get("files") or {}) if is_last else {}
    save(
        proposal, ProposalText(proposal.title, checked.values), proposal.revision, actor,
        moment_of(revision["at"], begin), arriving=files, note=revision["note"],
    )  # fmt: skip


def _with_days(answers: Mapping[str, Any], begin: datetime) -> dict[str, Any]:
    return {key: _day(value, begin) for key, value in answers.items()}


def _day(value: Any, begin: datetime) -> Any:
    found = COMING_DAY.fullmatch(value) if isinstance(value, str) else None
    return (today(begin) + timedelta(days=int(found[1]))).isoformat() if found else value


def _files(names: Mapping[str, list[str]]) -> dict[str, list[CheckedFile]]:
    return {key: [_file(name) for name in each] for key, each in names.items()}


def _file(name: str) -> CheckedFile:
    return check_upload(name, (DEMO / "files" / name).read_bytes(), ATTACHMENT)
