"""The blueprint that all pages of proposals hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("proposals", __name__)
