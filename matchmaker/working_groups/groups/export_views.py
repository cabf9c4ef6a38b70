"""Lists of groups and people as files (secretariat)."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download
from matchmaker.core.spreadsheets.writing import XLSX
from matchmaker.working_groups.groups import exports, policy

blueprint = Blueprint("group_exports", __name__, url_prefix="/working-groups/exports")


@blueprint.get("/groups")
def groups() -> Response:
    """All groups."""
    authorize(policy.can_export_groups(current_actor()))
    now = clock.now()
    name = f"WG一覧_{clock.today(now):%Y%m%d}.xlsx"
    return download(exports.groups_file(now), name, XLSX)


@blueprint.get("/people")
def people() -> Response:
    """All people in groups."""
    authorize(policy.can_export_groups(current_actor()))
    now = clock.now()
    name = f"WG参加者一覧_{clock.today(now):%Y%m%d}.xlsx"
    return download(exports.people_file(now), name, XLSX)
