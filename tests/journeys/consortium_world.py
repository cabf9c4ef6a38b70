"""A match and what grew from it, made by the services before the service under test starts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.introductions.domain import Answer, Interest, IntroductionMove, Source
from matchmaker.partnering.introductions.matches import queries as matches
from matchmaker.partnering.introductions.service import move, send
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.posts.types import PostType
from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.event_world import organization_of
from tests.journeys.mailbox import Letter, letter_to

NEED_TITLE = "給食の残りを、町の畑に戻したい"
OFFERING_TITLE = "給食の残りをたい肥にする小さな発酵槽"
TOWN, FIRM, HAULER = "笹野原町", "株式会社コトコト発酵", "株式会社奥備後リソース"
"""Organisations of the demo's officer, start-up and recycler."""
PAIR_TITLE = f"{NEED_TITLE} × {OFFERING_TITLE}"
PROBLEM = "町の給食センターから、年におよそ30トンの残りが出ます。"
NEED_TEXT = {
    "title": NEED_TITLE,
    "problem": PROBLEM,
    "materials": ["food_waste"],
    "circulation_methods": ["local_resource_recycling"],
    "visibility": "public",
}
OFFERING_TEXT = {
    "title": OFFERING_TITLE,
    "kind": "technology",
    "description": "給食の残りを、その場で発酵させてたい肥にします。",
    "input_materials": ["food_waste"],
    "process_stages": ["composting_biogas"],
    "circulation_methods": ["local_resource_recycling"],
    "visibility": "public",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A need, and the match that its owner said yes to."""

    need_id: uuid.UUID
    match_id: uuid.UUID


@dataclass
class Way:
    """What grows from a match, with those who look at it.

    Args:
        pair: where it begins.
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
        path: address of the consortium, once it is there.
    """

    pair: Pair
    service: Service
    visit: Visit
    axe: AxeCheck
    path: str = ""

    def open(self, page: Page, more: str = "") -> Page:
        """Open the page of the consortium, or one below it."""
        page.goto(self.path + more)
        return page

    def mail(self, who: str, words: str) -> Letter:
        """What somebody was sent."""
        return letter_to(self.service.folder, self.service.email(who), words)


def acting(who: str) -> Actor:
    """A demo person as the one who acts."""
    query = select(User).where(User.email == Service.email(who)).options(selectinload(User.roles))
    user = db.session.scalars(query).one()
    roles = frozenset(GlobalRole(role.name) for role in user.roles)
    return Actor(user.id, user.name, roles_in_organizations(user.id), roles)


def home_of(who: str) -> uuid.UUID:
    """The organisation of a demo person."""
    found = organization_of(who)
    assert found is not None
    return found


def matched(now: datetime) -> Pair:
    """Three weeks ago the start-up asked, from a recommendation; a day later the town said yes."""
    begun = now - timedelta(days=21)
    need_id = _published(NEED, "officer", NEED_TEXT, begun)
    offering_id = _published(OFFERING, "startup", OFFERING_TEXT, begun)
    interest = Interest(
        need_id, offering_id, "給食の残りを、たい肥にしませんか。", "見本を見たいです。",
        source=Source.RECOMMENDATION,
    )  # fmt: skip
    sent = send(interest, acting("startup"), begun)
    answer = Answer(words="ぜひお話ししたいです。")
    move(sent, IntroductionMove.ACCEPT, answer, acting("officer"), begun + timedelta(days=1))
    match = matches.of_introduction(sent.id)
    assert match is not None
    return Pair(need_id, match.id)


def _published(post_type: PostType, who: str, text: dict[str, Any], moment: datetime) -> uuid.UUID:
    post = posts.create(post_type, home_of(who), text, SYSTEM, moment)
    posts.move(post_type, post, Move.SUBMIT, SYSTEM, moment)
    posts.move(post_type, post, Move.PUBLISH, SYSTEM, moment)
    return uuid.UUID(str(post.id))
