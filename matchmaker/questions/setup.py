"""Hooks questions into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.questions.editing import KINDS
from matchmaker.questions.kinds import KIND_LABELS


def init_app(app: Flask, _settings: Settings) -> None:
    """Give the editor of questionnaires the kinds of questions."""
    app.jinja_env.globals.update(
        question_kinds=KINDS,
        question_kind_labels={kind.value: label for kind, label in KIND_LABELS.items()},
    )
