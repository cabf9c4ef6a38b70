"""Hooks the evaluation ledger into the application."""

from __future__ import annotations

from flask import Flask

from matchmaker.matching.ledger.evidence import OWN_SOURCES
from matchmaker.matching.ledger.extensions import add_evidence_source


def init_app(app: Flask) -> None:
    """Register the ledger's own sources."""
    for source in OWN_SOURCES:
        add_evidence_source(app, source)
