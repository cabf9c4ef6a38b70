"""Hooks the lineage into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

from config import Settings
from matchmaker.core.actor import Actor
from matchmaker.core.domain_events import subscribe_all
from matchmaker.partnering.lineage.cli import lineage_commands
from matchmaker.partnering.lineage.consequences import follow
from matchmaker.partnering.lineage.domain import RecordKind
from matchmaker.partnering.lineage.figure_views import blueprint as figures
from matchmaker.partnering.lineage.views import blueprint
from matchmaker.posts.extensions import PostSection, add_post_section
from matchmaker.posts.types import PostType
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.sections import Section, add_group_section
from matchmaker.working_groups.proposals.extensions import ProposalSection, add_proposal_section
from matchmaker.working_groups.proposals.models import Proposal

SECTION_PLACE = 95
SECTION = "lineage/_section.html"


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the page and the ways to it, and let the lineage see each event first."""
    subscribe_all(follow)
    app.register_blueprint(blueprint)
    app.register_blueprint(figures)
    app.cli.add_command(lineage_commands)
    add_post_section(app, PostSection(SECTION, _of_post))
    add_proposal_section(app, ProposalSection(SECTION, _of_proposal))
    add_group_section(app, _of_group)


def _address(kind: RecordKind, record: Any) -> dict[str, Any]:
    return {"url": url_for("lineage.show", kind=kind.value, record_id=record.id)}


def _of_post(post_type: PostType, post: Any, _actor: Actor) -> dict[str, Any]:
    return _address(RecordKind(post_type.kind.value), post)


def _of_proposal(proposal: Proposal, _actor: Actor) -> dict[str, Any]:
    return _address(RecordKind.PROPOSAL, proposal)


def _of_group(group: WorkingGroup, _actor: Actor, _standing: Standing) -> Section:
    context = _address(RecordKind.GROUP, group)
    return Section("lineage/_group_section.html", context, place=SECTION_PLACE)
