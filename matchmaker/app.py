"""The application: the order of set-up, nothing else."""

from __future__ import annotations

from flask import Flask

from config import ROOT, Settings
from matchmaker import cli, features, subscriptions
from matchmaker.benchmarks import setup as benchmarks
from matchmaker.core import (
    access,
    addresses,
    assets,
    audit,
    database,
    domain_events,
    error_pages,
    formatting,
    health,
    logs,
    navigation,
    security_headers,
    transaction,
)

SETTINGS_KEY = "matchmaker.settings"


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: what to run with; read from the environment when left out.
    """
    settings = settings or Settings()
    logs.configure(settings)
    app = Flask(
        "matchmaker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "matchmaker" / "static"),
    )
    app.extensions[SETTINGS_KEY] = settings
    app.config.from_mapping(flask_config(settings))
    logs.init_app(app)
    addresses.init_app(app)
    database.init_app(app)
    access.init_app(app)
    security_headers.init_app(app, settings)
    transaction.init_app(app)
    error_pages.init_app(app)
    formatting.init_app(app)
    assets.init_app(app)
    navigation.init_app(app)
    health.init_app(app)
    domain_events.subscribe_all(audit.write_entry)
    domain_events.subscribe(subscriptions.SUBSCRIPTIONS)
    features.init_app(app, settings)
    cli.init_app(app)
    benchmarks.init_app(create_app)
    return app


def flask_config(settings: Settings) -> dict[str, object]:
    """Flask's own settings and those of its extensions that all features share."""
    return {
        "SECRET_KEY": settings.resolved_secret_key(),
        "SQLALCHEMY_DATABASE_URI": settings.resolved_database_url(),
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 3000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "PERMANENT_SESSION_LIFETIME": settings.session_hours * 3600,
        "TESTING": settings.environment == "test",
        "WTF_CSRF_TIME_LIMIT": None,
        "JSON_AS_ASCII": False,
    }
