"""Choosing the member that is invited to a consortium: proposals while one types."""

from __future__ import annotations

import uuid

from flask import jsonify, request
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.text import clean_line
from matchmaker.organizations import choosing
from matchmaker.partnering.consortia import policy
from matchmaker.partnering.consortia.blueprint import blueprint, open_consortium
from matchmaker.partnering.consortia.domain import PRESENT_STATES
from matchmaker.partnering.consortia.forms import InviteForm
from matchmaker.partnering.consortia.models import Consortium

NOBODY = (
    f"{choosing.NOBODY}会員ではないときは、下の「会員ではない参加者を加える」から加えられます。"
)


@blueprint.get("/<uuid:consortium_id>/invitable-members.json")
def invitable_members(consortium_id: uuid.UUID) -> Response:
    """Members that the typed words find and that are not asked yet, for the field's proposals."""
    opened = open_consortium(consortium_id)
    authorize(policy.can_manage_partners(opened.actor, opened.consortium))
    found = _not_asked(opened.consortium).like(clean_line(request.args.get("q", "")))
    return jsonify(items=choosing.proposals(found))


def chosen_member(form: InviteForm, consortium: Consortium) -> uuid.UUID | None:
    """The member that was meant; otherwise the message stands at its field."""
    return choosing.chosen_member(form, _not_asked(consortium), NOBODY)


def _not_asked(consortium: Consortium) -> choosing.AllMembers:
    """Members; proposed are those that neither take part nor are asked yet (partners loaded)."""
    present = {
        each.organization_id
        for each in consortium.partners
        if each.organization_id is not None and each.state in PRESENT_STATES
    }
    return choosing.AllMembers(present)
