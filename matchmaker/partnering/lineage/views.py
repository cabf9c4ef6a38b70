"""The page that tells where something came from and what became of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.family import family_of
from matchmaker.partnering.lineage.presentation import page_of

blueprint = Blueprint("lineage", __name__, url_prefix="/lineage")


KINDS = ", ".join(kind.value for kind in RecordKind)


@blueprint.get(f"/<any({KINDS}):kind>/<uuid:record_id>")
def show(kind: str, record_id: uuid.UUID) -> str:
    """The lineage of one record, for whoever may see the record."""
    actor = current_actor()
    family = family_of(actor, RecordKey(RecordKind(kind), record_id))
    authorize(family is not None, hidden=True)
    if family is None:
        raise NotFound
    return render_template("lineage/show.html", page=page_of(actor, family))
