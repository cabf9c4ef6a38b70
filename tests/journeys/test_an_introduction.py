"""An introduction with both outcomes: one is accepted and talked about, one is declined."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service, running
from tests.journeys.event_world import organization_of, put_in
from tests.journeys.introduction_steps import (
    KITCHEN,
    PLASTICS,
    TOWN_CONTACT,
    accept,
    ask_back_and_reply,
    decline_with_a_reason,
    express_from_a_post,
    express_from_a_recommendation,
    keep_contacts_closed,
    look_at_the_contacts,
    shut_others_out,
)
from tests.journeys.partnering_world import Partners, published_need
from tests.journeys.talk_steps import agree_on_a_date, decide_what_is_next, read_the_lineage

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Posted:
    """The two needs of the town, and the instance folder they were put into."""

    folder: Path
    kitchen: uuid.UUID
    plastics: uuid.UUID


@pytest.fixture(scope="module", name="posted")
def needs_of_the_town(
    chromium: Browser, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Posted:
    assert chromium
    folder = tmp_path_factory.mktemp("prepared")
    return Posted(folder, *put_in(seeded_folder, folder, _needs))


@pytest.fixture(scope="module")
def service(posted: Posted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(posted.folder, tmp_path_factory.mktemp("instance")) as service:
        yield service


def _needs(now: datetime) -> tuple[uuid.UUID, uuid.UUID]:
    town = organization_of("officer")
    assert town is not None
    kitchen = published_need(
        town, "food_waste", 18, now,
        title=KITCHEN,
        problem="給食センターから毎日出る残食と調理くずを、生ごみのまま燃やしています。発酵させて、"
        "ガスや液肥として町の中で使いたいです。実演機があれば、まず3か月試してみたいです。",
        prefecture="福岡県",
        contact=TOWN_CONTACT,
    )  # fmt: skip
    plastics = published_need(
        town, "product_plastic", 12, now,
        title=PLASTICS,
        problem="粗大ごみの日に出るバケツや衣装ケースを、燃やさずに再生してほしいです。",
        prefecture="福岡県",
        contact=TOWN_CONTACT,
    )  # fmt: skip
    return kitchen, plastics


def test_an_interest_is_asked_about_accepted_and_talked_over(
    posted: Posted, visit: Visit, service: Service, axe: AxeCheck
) -> None:
    partners = Partners(service, visit, axe)
    startup, officer = visit("startup"), visit("officer")
    introduction = express_from_a_recommendation(partners, startup)
    keep_contacts_closed(partners, startup, posted.kitchen)
    ask_back_and_reply(partners, officer, startup)
    talk = accept(partners, officer)
    look_at_the_contacts(partners, talk, startup, officer)
    shut_others_out(partners, introduction, talk, posted.kitchen)
    agree_on_a_date(partners, talk, startup, officer)
    decide_what_is_next(partners, talk, startup, officer)
    read_the_lineage(partners, talk, startup)


def test_an_interest_is_declined_and_the_sender_reads_why(
    posted: Posted, visit: Visit, service: Service, axe: AxeCheck
) -> None:
    partners = Partners(service, visit, axe)
    officer, recycler = visit("officer"), visit("recycler")
    express_from_a_post(partners, officer)
    decline_with_a_reason(partners, recycler, officer, posted.plastics)
