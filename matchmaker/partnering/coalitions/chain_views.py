"""The page of chains: collector, recycler, user of the recycled material."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from matchmaker.core.access import authorize, current_actor
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.engine import current_engine
from matchmaker.partnering.coalitions import policy
from matchmaker.partnering.coalitions.chains import businesses_for
from matchmaker.partnering.coalitions.flows import MOST_SHOWN, chains_of, with_tonnes
from matchmaker.partnering.coalitions.sankey import picture_of
from matchmaker.posts.vocabularies import DatabaseVocabularies

blueprint = Blueprint("chains", __name__, url_prefix="/chains")


@blueprint.get("")
def index() -> str:
    """Chains of published offerings, as a picture and as a table."""
    authorize(policy.can_see_chains(current_actor()))
    material, prefecture = request.args.get("material", ""), request.args.get("prefecture", "")
    names = [each.label for each in DatabaseVocabularies().choices("materials")]
    material = material if material in names else ""
    prefecture = prefecture if prefecture in PREFECTURES else ""
    geography = current_engine().rules().geography
    found = chains_of(businesses_for(), geography, material, prefecture)
    chains = with_tonnes(found)
    shown = chains[:MOST_SHOWN]
    return render_template(
        "chains/index.html",
        chains=shown,
        total=len(chains),
        picture=picture_of(shown),
        material=material,
        prefecture=prefecture,
        materials=names,
        prefectures=PREFECTURES,
    )
