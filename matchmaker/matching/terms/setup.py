"""Hooks the vocabulary into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.terms.models import VocabularyConcept, VocabularyTerm

TABLES = (VocabularyConcept, VocabularyTerm)


def init_app(_app: Flask, _settings: Settings) -> None:
    """Make the tables known."""
