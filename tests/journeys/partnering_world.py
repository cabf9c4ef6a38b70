"""Posts and towns for journeys about partners, put into the database before the service starts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from matchmaker.accounts.service import add_member, create_user
from matchmaker.core.actor import SYSTEM, OrganizationRole
from matchmaker.core.settings import current_settings
from matchmaker.needs.types import NEED
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.seeding.accounts import demo_password
from tests.browser.fixtures import DESKTOP, AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.mailbox import Letter, letter_to, letters_to
from tests.journeys.meeting_steps import PHONE, fits


@dataclass(frozen=True, slots=True)
class Partners:
    """Those who look for each other, and where.

    Args:
        service: where it all happens.
        visit: opens a window for somebody.
        axe: looks at a page.
    """

    service: Service
    visit: Visit
    axe: AxeCheck

    def mail(self, who: str, words: str) -> Letter:
        """What somebody was sent, once it is there."""
        return letter_to(self.service.folder, self.service.email(who), words)

    def subjects(self, who: str) -> list[str]:
        """Subjects of all mail that somebody has got so far."""
        return [letter.subject for letter in letters_to(self.service.folder, Service.email(who))]

    def look(self, page: Page) -> None:
        """Nothing for axe to find and nothing that sticks out, on a phone and on a desk."""
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            fits(page)
            self.axe(page)


def path_in(letter: Letter, part: str) -> str:
    """Path of the first link of a mail that has ``part`` in it.

    Args:
        letter: the mail.
        part: of the path, ``/introductions/`` for example.
    """
    links = [word for word in letter.text.split() if word.startswith("http") and part in word]
    return urlsplit(links[0]).path


def town_with_officer(
    key: str, name: str, officer: str, place: tuple[str, float, float], now: datetime
) -> Organization:
    """A member town and its officer, who signs in like a demo person.

    Args:
        key: of the account, the part of the address before the @.
        name: of the town.
        officer: name of the officer.
        place: prefecture, latitude and longitude of the town hall.
        now: the present moment.
    """
    prefecture, latitude, longitude = place
    data = OrganizationData(
        name=name, category="municipality", prefecture=prefecture,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    town = create_organization(data, SYSTEM, now)
    password = demo_password(current_settings())
    user = create_user(Service.email(key), officer, password, now, is_demo=True)
    add_member(user, town, OrganizationRole.EDITOR, SYSTEM, now)
    return town


def published_need(
    organization_id: uuid.UUID, material: str, tonnes: int, now: datetime, **values: Any
) -> uuid.UUID:
    """A need that the secretariat has published.

    Args:
        organization_id: whose need it is.
        material: code of its material.
        tonnes: how much arises a year.
        now: the present moment.
        values: further fields; title and problem at least.
    """
    fields = {
        "materials": [material],
        "quantity_min": Decimal(tonnes),
        "quantity_unit": "t",
        "quantity_period": "yearly",
        "visibility": "public",
        **values,
    }
    post = posts.create(NEED, organization_id, fields, SYSTEM, now)
    posts.move(NEED, post, Move.SUBMIT, SYSTEM, now)
    posts.move(NEED, post, Move.PUBLISH, SYSTEM, now)
    return uuid.UUID(str(post.id))
