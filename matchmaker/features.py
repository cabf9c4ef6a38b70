"""The features of the product, earlier ones first: a feature calls only those above it."""

from __future__ import annotations

from flask import Flask

from config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Let each feature hook itself into the application, in order."""
