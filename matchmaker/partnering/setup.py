"""Hooks introductions, coalitions, consortia, pilots, the lineage and the blank map in."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.blank_map import setup as blank_map
from matchmaker.partnering.coalitions import setup as coalitions
from matchmaker.partnering.consortia import setup as consortia
from matchmaker.partnering.introductions import setup as introductions
from matchmaker.partnering.lineage import setup as lineage
from matchmaker.partnering.pilots import setup as pilots


def init_app(app: Flask, settings: Settings) -> None:
    """Let each part hook itself in, earlier ones first."""
    introductions.init_app(app, settings)
    coalitions.init_app(app, settings)
    consortia.init_app(app, settings)
    pilots.init_app(app, settings)
    blank_map.init_app(app, settings)
    lineage.init_app(app, settings)
