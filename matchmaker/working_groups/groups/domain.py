"""Working groups: kinds, states, roles and how one passes from one to another. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine


class GroupKind(StrEnum):
    """Levels of the tree: 総会 → WG → 領域別WG / サブWG."""

    ASSEMBLY = "assembly"
    WG = "wg"
    DOMAIN_WG = "domain_wg"
    SUB_WG = "sub_wg"


KIND_LABELS: Mapping[GroupKind, str] = {
    GroupKind.ASSEMBLY: "総会",
    GroupKind.WG: "WG",
    GroupKind.DOMAIN_WG: "領域別WG",
    GroupKind.SUB_WG: "サブWG",
}

PARENT_KINDS: Mapping[GroupKind, frozenset[GroupKind]] = {
    GroupKind.ASSEMBLY: frozenset(),
    GroupKind.WG: frozenset({GroupKind.ASSEMBLY}),
    GroupKind.DOMAIN_WG: frozenset({GroupKind.WG}),
    GroupKind.SUB_WG: frozenset({GroupKind.WG, GroupKind.DOMAIN_WG}),
}
"""Which groups a group may stand under."""


class Visibility(StrEnum):
    """Who may read a group or a part of it."""

    PUBLIC = "public"
    MEMBERS = "members"
    GROUP = "group"


VISIBILITY_LABELS: Mapping[Visibility, str] = {
    Visibility.PUBLIC: "だれでも",
    Visibility.MEMBERS: "会員のみ",
    Visibility.GROUP: "WGの参加者のみ",
}


class GroupState(StrEnum):
    """Where a group stands in its life."""

    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


class GroupMove(StrEnum):
    """A step in the life of a group."""

    START = "start"
    REST = "rest"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"


GROUP_STATES: StateMachine[GroupState, GroupMove] = StateMachine(
    labels={
        GroupState.FORMING: "準備中",
        GroupState.ACTIVE: "活動中",
        GroupState.DORMANT: "休止中",
        GroupState.CLOSED: "終了",
    },
    moves={
        GroupMove.START: Rule("活動を始める", frozenset({GroupState.FORMING}), GroupState.ACTIVE),
        GroupMove.REST: Rule(
            "休止する", frozenset({GroupState.ACTIVE}), GroupState.DORMANT, needs_reason=True
        ),
        GroupMove.RESUME: Rule("再開する", frozenset({GroupState.DORMANT}), GroupState.ACTIVE),
        GroupMove.CLOSE: Rule(
            "終了する",
            frozenset({GroupState.FORMING, GroupState.ACTIVE, GroupState.DORMANT}),
            GroupState.CLOSED,
            needs_reason=True,
        ),
        GroupMove.REOPEN: Rule(
            "終了を取り消す", frozenset({GroupState.CLOSED}), GroupState.ACTIVE, needs_reason=True
        ),
    },
)


class GroupRole(StrEnum):
    """What a person does in a group."""

    CHAIR = "chair"
    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"
    EXPERT = "expert"
    SECRETARIAT = "secretariat"


ROLE_LABELS: Mapping[GroupRole, str] = {
    GroupRole.CHAIR: "座長",
    GroupRole.LEAD: "リーダー",
    GroupRole.MEMBER: "メンバー",
    GroupRole.OBSERVER: "オブザーバー",
    GroupRole.EXPERT: "有識者",
    GroupRole.SECRETARIAT: "事務局",
}

RUNNING_ROLES = frozenset({GroupRole.CHAIR, GroupRole.LEAD, GroupRole.SECRETARIAT})
"""Roles that run the group: they edit it, admit people and hold meetings."""

WORKING_ROLES = RUNNING_ROLES | {GroupRole.MEMBER, GroupRole.EXPERT}
"""Roles that write in the group; observers read only."""


class ApplicationKind(StrEnum):
    """How a person comes into a group."""

    APPLICATION = "application"
    INVITATION = "invitation"
    OBSERVER = "observer"


class ApplicationState(StrEnum):
    """What became of an application or an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TaskState(StrEnum):
    """Whether a task is still to be done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class PostState(StrEnum):
    """Where an activity post stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETRACTED = "retracted"


class DigestFrequency(StrEnum):
    """How often a person gets the news of a group by mail."""

    NONE = "none"
    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
