"""The features of the product, earlier ones first: a feature calls only those above it."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.accounts import setup as accounts
from matchmaker.matching import setup as matching
from matchmaker.needs import setup as needs
from matchmaker.notifications import setup as notifications
from matchmaker.offerings import setup as offerings
from matchmaker.organizations import setup as organizations
from matchmaker.posts import setup as posts


def init_app(app: Flask, settings: Settings) -> None:
    """Let each feature hook itself into the application, in order."""
    organizations.init_app(app, settings)
    accounts.init_app(app, settings)
    notifications.init_app(app, settings)
    posts.init_app(app, settings)
    needs.init_app(app, settings)
    offerings.init_app(app, settings)
    matching.init_app(app, settings)
