"""Choosing the member that is invited: proposals while one types, and what a typed name means.

Without scripts the name is typed and sent; where several members fit, the page asks which one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import jsonify, request
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.partnering.consortia import policy
from matchmaker.partnering.consortia.blueprint import blueprint, open_consortium
from matchmaker.partnering.consortia.forms import InviteForm
from matchmaker.partnering.consortia.inviting import (
    LONGEST_WORDS,
    fits_words,
    members_like,
    members_named,
    present_ids,
)
from matchmaker.partnering.consortia.models import Consortium

NOT_TYPED = "団体の名前を入れてください。"
NOBODY = (
    "「{words}」に合う会員が見つかりません。名前の一部だけで、もう一度さがしてください。"
    "会員ではないときは、下の「会員ではない参加者を加える」から加えられます。"
)
SEVERAL = "「{words}」に合う団体です。1つ選んで、もう一度「案内を送る」を押してください。"
CATEGORY_LABELS = {choice.code: choice.label for choice in CATEGORIES}


@blueprint.get("/<uuid:consortium_id>/invitable-members.json")
def invitable_members(consortium_id: uuid.UUID) -> Response:
    """Members that the typed words find and that are not asked yet, for the field's proposals."""
    opened = open_consortium(consortium_id)
    authorize(policy.can_manage_partners(opened.actor, opened.consortium))
    words = clean_line(request.args.get("q", ""))[:LONGEST_WORDS]
    found = members_like(words, present_ids(opened.consortium))
    items = [{"value": str(each.id), "label": each.name, "note": _note(each)} for each in found]
    return jsonify(items=items)


def prefill(form: InviteForm) -> InviteForm:
    """Show the name of the member whose id stands in the form (from a link, or from a proposal).

    Members of the same name are shown to choose from, that one chosen.
    """
    organization = _by_id(form.organization.data) or _by_id(form.organization_id.data)
    if organization is not None:
        form.organization.data = organization.name
        namesakes = members_named(organization.name)
        if len(namesakes) > 1:
            form.offer(_options(namesakes), str(organization.id))
    return form


def chosen_member(form: InviteForm, consortium: Consortium) -> uuid.UUID | None:
    """The member that was meant; otherwise the message stands at its field.

    A name that only one member bears, and the id of a proposal, are enough. Of several members
    that fit one has to be picked; what was picked counts only while it fits the words.
    """
    words = clean_line(form.organization.data or "")[:LONGEST_WORDS]
    proposed, picked = _by_id(words), _by_id(form.organization_id.data)
    if proposed is None and picked is not None and fits_words(picked, words):
        proposed = picked
    if proposed is not None:
        return proposed.id
    if not words:
        form.add_error("organization", NOT_TYPED)
        return None
    return _named(form, words, consortium)


def _named(form: InviteForm, words: str, consortium: Consortium) -> uuid.UUID | None:
    found = members_named(words)
    if len(found) == 1:
        return found[0].id
    found = found or members_like(words, present_ids(consortium))
    if found:
        form.offer(_options(found))
        form.add_error("organization_id", SEVERAL.format(words=words))
    else:
        form.add_error("organization", NOBODY.format(words=words))
    return None


def _options(found: Sequence[Organization]) -> list[tuple[str, str]]:
    return [(str(each.id), f"{each.name}（{_note(each)}）") for each in found]


def _note(organization: Organization) -> str:
    category = CATEGORY_LABELS.get(organization.category, "")
    return "・".join(part for part in (organization.prefecture, category) if part)


def _by_id(text: str | None) -> Organization | None:
    try:
        wanted = uuid.UUID(text or "")
    except ValueError:
        return None
    return organizations_by_id([wanted]).get(wanted)
