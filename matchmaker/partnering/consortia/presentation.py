"""What pages show of a consortium: who waits for what, who does what, the content in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.merging import Conflict, merge_text
from matchmaker.partnering.consortia import policy, queries, service
from matchmaker.partnering.consortia.blueprint import Opened
from matchmaker.partnering.consortia.content import (
    FIELDS,
    RESPONSIBILITY_PREFIX,
    ConsortiumContent,
)
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    ESSENTIAL_ROLES,
    GONE_STATES,
    LIVE_STATES,
    PARTNER_STATES,
    PRESENT_STATES,
    ROLE_LABELS,
    ROLE_TASKS,
    ConsortiumState,
    PartnerState,
    missing_roles,
    roles_of,
)
from matchmaker.partnering.consortia.extensions import consortium_sections
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.origins import Beginning
from matchmaker.partnering.consortia.wording import amount_text, key_label, value_text
from matchmaker.posts.vocabularies import material_names
from matchmaker.working_groups.proposals.domain import PROPOSAL_STATES

STATE_KINDS = {
    ConsortiumState.FORMING: "draft",
    ConsortiumState.AGREED: "open",
    ConsortiumState.ANSWERING: "wait",
    ConsortiumState.ADOPTED: "open",
    ConsortiumState.ACTIVE: "open",
    ConsortiumState.ENDED: "closed",
}
PARTNER_KINDS = {
    PartnerState.INVITED: "wait",
    PartnerState.ACCEPTED: "open",
    PartnerState.EXTERNAL: "draft",
}
AMOUNT_FIELDS = frozenset({"tonnes_min", "tonnes_max"})


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner on a page.

    Args:
        has_agreed: to the present version.
        duty: what it answers for.
    """

    partner: ConsortiumPartner
    roles: tuple[str, ...]
    state: str
    kind: str
    has_agreed: bool
    duty: str


def page_of(opened: Opened) -> dict[str, Any]:
    """All that the page of a consortium shows."""
    consortium, actor = opened.consortium, opened.actor
    content = queries.content_of(consortium)
    return {
        "consortium": consortium,
        "standing": opened.standing,
        "state": CONSORTIUM_STATES.labels[consortium.state],
        "kind": STATE_KINDS[consortium.state],
        "lines": [_line(each, consortium, content) for each in _present(consortium)],
        "gone": [each for each in consortium.partners if each.state in GONE_STATES],
        "states": PARTNER_STATES.labels,
        "missing": missing_roles(consortium.partners) if _is_live(consortium) else (),
        "essential": ESSENTIAL_ROLES,
        "labels": ROLE_LABELS,
        "tasks": ROLE_TASKS,
        "content": content_rows(content),
        "obstacles": _obstacles(consortium),
        "waiting": waiting_for(opened),
        "waits_for": waits_for(consortium),
        "proposals": queries.proposals_of(consortium.id),
        "proposal_states": PROPOSAL_STATES.labels,
        "sections": consortium_sections(consortium, actor),
        **_permissions(opened, actor),
    }


def _permissions(opened: Opened, actor: Actor) -> dict[str, bool]:
    consortium = opened.consortium
    own = [each for each in opened.own_partners if each.state is PartnerState.ACCEPTED]
    unread = any(each.agreed_number != consortium.revision for each in own)
    is_written = not queries.content_of(consortium).missing()
    return {
        "may_write": policy.can_write(actor, consortium),
        "may_lead": policy.can_lead(actor, consortium) and _is_live(consortium),
        "may_manage": policy.can_manage_partners(actor, consortium),
        "may_take_lead": policy.can_take_lead(actor, consortium),
        "may_agree": _is_live(consortium) and unread,
        "can_be_agreed": is_written,
        "may_propose": policy.can_propose(actor, consortium)
        and consortium.state is ConsortiumState.AGREED,
        "may_correct": policy.can_correct(actor),
    }


def _is_live(consortium: Consortium) -> bool:
    return consortium.state in LIVE_STATES


def _present(consortium: Consortium) -> list[ConsortiumPartner]:
    return [each for each in consortium.partners if each.state in PRESENT_STATES]


def _line(
    partner: ConsortiumPartner, consortium: Consortium, content: ConsortiumContent
) -> PartnerLine:
    return PartnerLine(
        partner,
        tuple(ROLE_LABELS[role] for role in roles_of(partner)),
        PARTNER_STATES.labels[partner.state],
        PARTNER_KINDS.get(partner.state, "closed"),
        partner.agreed_number == consortium.revision,
        content.duties.get(str(partner.id), ""),
    )


def _obstacles(consortium: Consortium) -> tuple[str, ...]:
    if consortium.state is not ConsortiumState.FORMING:
        return ()
    return service.obstacles_of(consortium)


def waiting_for(opened: Opened) -> list[dict[str, Any]]:
    """What waits for the person: partners with what is wanted of them (``invited``, ``lead``)."""
    found: list[dict[str, Any]] = []
    if not _is_live(opened.consortium):
        return found
    for partner in opened.own_partners:
        if partner.state is PartnerState.INVITED:
            found.append({"kind": "invited", "partner": partner})
        elif partner.lead_offered_at is not None:
            found.append({"kind": "lead", "partner": partner})
    return found


def waits_for(consortium: Consortium) -> list[tuple[str, str]]:
    """Who is waited for, and for what, in words; for everybody to see."""
    if not _is_live(consortium):
        return []
    found = [
        (p.name, "参加の返事") for p in _present(consortium) if p.state is PartnerState.INVITED
    ]
    accepted = [p for p in _present(consortium) if p.state is PartnerState.ACCEPTED]
    found += [(p.name, "代表を引き継ぐかどうかの返事") for p in accepted if p.lead_offered_at]
    if not queries.content_of(consortium).missing():
        found += [
            (p.name, f"第{consortium.revision}版への同意")
            for p in accepted
            if p.agreed_number != consortium.revision
        ]
    return found


def content_rows(content: ConsortiumContent) -> list[tuple[str, str]]:
    """Label and words of each field that is filled in; the quantity in one line."""
    names = material_names() if content.materials else {}
    rows: list[tuple[str, str]] = []
    for spec in FIELDS:
        if spec.name == "tonnes_min":
            rows.append(("1年の量", amount_text(content)))
        elif spec.name not in AMOUNT_FIELDS | {"name"}:
            rows.append((spec.label, value_text(spec, getattr(content, spec.name), names)))
    return [row for row in rows if row[1]]


def first_partners(beginning: Beginning) -> list[tuple[str, str, bool]]:
    """Name, roles in words, and whether it is a member, of those a consortium starts with."""
    return [
        (
            each.organization.name if each.organization else each.name,
            "、".join(ROLE_LABELS[role] for role in each.roles),
            each.organization is not None,
        )
        for each in beginning.partners
    ]


def row_of(consortium: Consortium, actor: Actor) -> dict[str, Any]:
    """One consortium in a list."""
    present = _present(consortium)
    return {
        "consortium": consortium,
        "state": CONSORTIUM_STATES.labels[consortium.state],
        "kind": STATE_KINDS[consortium.state],
        "lead": next((each.name for each in present if each.is_lead), "（代表がいません）"),
        "number": len(present),
        "wants": wants_of(consortium, actor),
        "missing": [ROLE_LABELS[role] for role in _essential_missing(consortium)],
    }


def _essential_missing(consortium: Consortium) -> list[Any]:
    if not _is_live(consortium):
        return []
    missing = missing_roles(consortium.partners)
    return [role for role in ESSENTIAL_ROLES if role in missing]


def wants_of(consortium: Consortium, actor: Actor) -> str:
    """What a consortium wants of the person, in a short sentence; empty when nothing."""
    if not _is_live(consortium):
        return ""
    own = [each for each in _present(consortium) if actor.writes_for(each.organization_id)]
    if any(each.state is PartnerState.INVITED for each in own):
        return "参加の案内が届いています。"
    if any(each.lead_offered_at for each in own):
        return "代表を引き継ぐ案内が届いています。"
    if any(each.agreed_number != consortium.revision for each in own):
        return "いまの版への同意を待っています。"
    return ""


def partner_names(consortium: Consortium) -> dict[str, str]:
    """Names of all partners there ever were, by the id of their row as text."""
    return {str(each.id): each.name for each in consortium.partners}


def shown_conflicts(
    consortium: Consortium, conflicts: Mapping[str, Conflict]
) -> list[dict[str, str]]:
    """Conflicts of a save as a page shows them: label and the three sides in words."""
    names, materials = partner_names(consortium), material_names()
    return [
        {
            "label": key_label(key, names),
            "mine": _side_text(key, each.mine, materials),
            "theirs": _side_text(key, each.theirs, materials),
            "base": _side_text(key, each.base, materials),
        }
        for key, each in conflicts.items()
    ]


def _side_text(key: str, value: Any, materials: Mapping[str, str]) -> str:
    if key.startswith(RESPONSIBILITY_PREFIX) or value is None:
        return str(value or "")
    typed = ConsortiumContent.from_stored({key: value})
    spec = next(spec for spec in FIELDS if spec.name == key)
    return value_text(spec, getattr(typed, key), materials)


def suggested(conflict: Conflict) -> Any:
    """What stands in the form after a conflict: both texts joined, of other values one's own."""
    sides: Sequence[Any] = (conflict.base, conflict.mine, conflict.theirs)
    if not all(isinstance(side, str | None) for side in sides):
        return conflict.mine
    base, mine, theirs = (str(side or "") for side in sides)
    is_prose = "。" in mine + theirs or "\n" in mine + theirs
    return merge_text(base, mine, theirs).text if is_prose else mine
