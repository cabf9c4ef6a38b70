"""What is loaded, in which order, and when the demo belongs to it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from config import Settings
from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.seeding import (
    accounts,
    calls,
    coalition_rates,
    demo_events,
    group_life,
    meetings,
    organizations,
    partnering,
    past_events,
    people,
    pilots,
    posts,
    proposals,
    reference,
    reviews,
    support_programmes,
    working_groups,
)
from matchmaker.seeding.progress import Seeder

Load = Callable[[Seeder], int]
DEMO_CHOSEN = "choice:demo"
"""Key that tells that the demo belongs to this database, so that a broken-off loading goes on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the loading.

    Args:
        label: what it loads.
        load: does it and gives the number of entries loaded or looked through.
    """

    label: str
    load: Load


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did."""

    label: str
    number: int
    seconds: float


REFERENCE_STEPS = (
    Step("municipalities", reference.load_municipalities),
    Step("materials", reference.load_materials),
    Step("support programmes", support_programmes.load_support_programmes),
    Step("rates behind estimates", coalition_rates.load_coalition_rates),
    Step("public events", past_events.load_past_events),
    Step("documented cases", reference.load_cases),
    Step("working groups", working_groups.load_working_groups),
    Step("past meetings of working groups", working_groups.load_past_meetings),
    Step("calls of the past", calls.load_past_calls),
)
POSTED_STEPS = (
    Step("municipalities that posted needs in public", organizations.load_posting_municipalities),
    Step("needs posted in public", posts.load_posted_needs),
)
DEMO_STEPS = (
    Step("demo organisations", organizations.load_demo_organizations),
    Step("demo needs", posts.load_demo_needs),
    Step("demo offerings", posts.load_demo_offerings),
)
SHARED_STEPS = (
    Step("demo people who write proposals", people.load_demo_people),
    Step("demo working group", working_groups.load_demo_group),
    Step("demo calls", calls.load_demo_calls),
    Step("demo proposals", proposals.load_demo_proposals),
    Step("demo reviews and decisions", reviews.load_demo_reviews),
    Step("demo documents, tasks and news", group_life.load_group_life),
    Step("demo meetings", meetings.load_demo_meetings),
    Step("posts known to the ranking", demo_events.index_posts_by_words),
    Step("demo events", demo_events.load_demo_events),
    Step("demo introductions", partnering.load_introductions),
    Step("demo talks", partnering.load_talks),
    Step("demo users of recycled material", partnering.load_users),
    Step("demo coalitions", partnering.load_coalitions),
    Step("demo consortia", pilots.load_consortia),
    Step("demo pilots", pilots.load_pilots),
)
"""What the people of the demo do together; their accounts come first."""


def seed(
    settings: Settings,
    now: datetime,
    *,
    reference_only: bool = False,
    demo: bool = False,
    report: Callable[[Outcome], None] = lambda _outcome: None,
) -> list[Outcome]:
    """Load what is missing; a second run changes nothing.

    Args:
        settings: of this installation.
        now: the present moment; demo posts are published in the months before it.
        reference_only: leave out posted needs and the demo.
        demo: load the demo even though the database was not empty.
        report: told of each step when it is done.

    Raises:
        NoDemoInProduction: the demo was asked for in production.
    """
    seeder = Seeder(now)
    steps = list(REFERENCE_STEPS)
    if not reference_only:
        with_demo = _demo_is_chosen(seeder, settings, demo)
        steps += POSTED_STEPS
        if with_demo:
            users = partial(accounts.load_demo_accounts, settings=settings)
            steps += [*DEMO_STEPS, Step("demo accounts", users), *SHARED_STEPS]
    outcomes = []
    for step in steps:
        outcomes.append(_run(step, seeder))
        report(outcomes[-1])
    return outcomes


def _run(step: Step, seeder: Seeder) -> Outcome:
    started = time.perf_counter()
    number = step.load(seeder)
    return Outcome(step.label, number, time.perf_counter() - started)


def _demo_is_chosen(seeder: Seeder, settings: Settings, asked_for: bool) -> bool:
    """Whether the demo is loaded: asked for, begun before, or nothing of people's own is here."""
    if asked_for:
        accounts.refuse_in_production(settings)
    chosen = seeder.knows(DEMO_CHOSEN)
    if not chosen and (asked_for or (_is_empty() and not settings.is_production)):
        seeder.remember(DEMO_CHOSEN, uuid.uuid5(uuid.NAMESPACE_URL, DEMO_CHOSEN))
        chosen = True
    db.session.commit()
    return chosen and not settings.is_production


def _is_empty() -> bool:
    return not any(
        db.session.scalar(select(func.count()).select_from(model)) for model in (User, Organization)
    )
