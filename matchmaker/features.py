"""The features of the product, earlier ones first: a feature calls only those above it."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.accounts import setup as accounts
from matchmaker.cases import setup as cases
from matchmaker.jobs import setup as jobs
from matchmaker.matching import setup as matching
from matchmaker.needs import setup as needs
from matchmaker.notifications import setup as notifications
from matchmaker.offerings import setup as offerings
from matchmaker.organizations import setup as organizations
from matchmaker.pages import setup as pages
from matchmaker.partnering import setup as partnering
from matchmaker.posts import setup as posts
from matchmaker.questions import setup as questions
from matchmaker.regional_events import setup as regional_events
from matchmaker.secretariat import setup as secretariat
from matchmaker.seeding import setup as seeding
from matchmaker.surveys import setup as surveys
from matchmaker.working_groups import setup as working_groups


def init_app(app: Flask, settings: Settings) -> None:
    """Let each feature hook itself into the application, in order."""
    organizations.init_app(app, settings)
    accounts.init_app(app, settings)
    notifications.init_app(app, settings)
    questions.init_app(app, settings)
    surveys.init_app(app, settings)
    posts.init_app(app, settings)
    needs.init_app(app, settings)
    offerings.init_app(app, settings)
    matching.init_app(app, settings)
    cases.init_app(app, settings)
    working_groups.init_app(app, settings)
    regional_events.init_app(app, settings)
    partnering.init_app(app, settings)
    secretariat.init_app(app, settings)
    pages.init_app(app, settings)
    seeding.init_app(app, settings)
    jobs.init_app(app, settings)
