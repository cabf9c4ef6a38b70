"""What everybody may see of pilots: a list, sums over all, and a page of each that is public."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import authorize, public
from matchmaker.core.paging import page_number
from matchmaker.partnering.pilots import listing, policy, queries, totals
from matchmaker.partnering.pilots.domain import PILOT_STATES, MilestoneState
from matchmaker.partnering.pilots.figures import indicator_views, milestone_views
from matchmaker.partnering.pilots.presentation import words_for_templates

blueprint = Blueprint("public_pilots", __name__, url_prefix="/public-pilots")
blueprint.context_processor(words_for_templates)


@blueprint.get("")
@public
def index() -> str:
    """Public pilots, and what all pilots reached together."""
    return render_template(
        "public_pilots/index.html",
        page=listing.public_page(page_number(request.args.get("page"))),
        totals=totals.public_totals(),
        fewest=totals.FEWEST_PILOTS,
        labels=PILOT_STATES.labels,
    )


@blueprint.get("/<uuid:pilot_id>")
def show(pilot_id: uuid.UUID) -> str:
    """What a pilot shows to everybody."""
    pilot = queries.get_whole(pilot_id)
    authorize(policy.can_view_public_page(pilot), hidden=True)
    done = [
        each for each in milestone_views(pilot, clock.now()) if each.state is MilestoneState.DONE
    ]
    present = queries.accepted_organizations(pilot.consortium_id)
    return render_template(
        "public_pilots/show.html",
        pilot=pilot,
        labels=PILOT_STATES.labels,
        milestones=done,
        indicators=[each for each in indicator_views(pilot) if each.is_public],
        partners=[
            each.organization
            for each in queries.consents_of(pilot_id)
            if each.organization_id in present
        ],
    )
