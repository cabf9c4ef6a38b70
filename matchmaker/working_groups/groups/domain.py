"""Working groups: kinds, states, roles and how one passes from one to another. Pure rules."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matchmaker.core.errors import ProductError
from matchmaker.core.states import Rule, StateMachine
from matchmaker.core.text import clean_line, clean_text

NAME_LENGTH = 100
PURPOSE_LENGTH = 4000
NOTE_LENGTH = 1000
REASON_LENGTH = 500
REPORT_LENGTH = 20_000


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
    UNSTART = "unstart"
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
        GroupMove.UNSTART: Rule(
            "準備中に戻す", frozenset({GroupState.ACTIVE}), GroupState.FORMING, needs_reason=True
        ),
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


OPEN_STATES = frozenset({GroupState.FORMING, GroupState.ACTIVE, GroupState.DORMANT})
"""States in which people come and go."""

APPLICATION_ROLES: Mapping[ApplicationKind, GroupRole] = {
    ApplicationKind.APPLICATION: GroupRole.MEMBER,
    ApplicationKind.OBSERVER: GroupRole.OBSERVER,
}
"""The role that one may apply for; invitations name theirs."""

APPLICATION_KIND_LABELS: Mapping[ApplicationKind, str] = {
    ApplicationKind.APPLICATION: "参加の申し込み",
    ApplicationKind.INVITATION: "招待",
    ApplicationKind.OBSERVER: "オブザーバーの申し込み",
}

APPLICATION_STATE_LABELS: Mapping[ApplicationState, str] = {
    ApplicationState.PENDING: "返事待ち",
    ApplicationState.ACCEPTED: "承認",
    ApplicationState.DECLINED: "見送り",
    ApplicationState.WITHDRAWN: "取り下げ",
}


class InvalidGroup(ProductError):
    """Some fields of a group are not right.

    Args:
        problems: message in Japanese by field name.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        field_name, message = next(iter(problems.items()))
        super().__init__(message, field_name)
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class GroupData:
    """What is known about a group, as typed in, loaded, or taken from an adopted proposal.

    Args:
        name: unique among all groups.
        kind: level in the tree.
        parent_id: the group above; None for the assembly.
        purpose: plain text.
        starts_on: first day of the period of activity, if fixed.
        ends_on: last day of it, if fixed.
        visibility: who may read the group's pages.
        accepts_applications: whether people may apply to become members.
        observers_from: first day on which observers may apply; None with ``observers_until`` set
            means at once.
        observers_until: last day on which they may; None means that nobody is recruited.
        observer_note: what observers should know.
        origin_proposal_id: the adopted proposal it grew out of.
        source_url: where it is documented in public.
        source_note: the source in words.
        is_demo: whether the group is invented.
    """

    name: str
    kind: GroupKind
    parent_id: uuid.UUID | None = None
    purpose: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    accepts_applications: bool = False
    observers_from: date | None = None
    observers_until: date | None = None
    observer_note: str = ""
    origin_proposal_id: uuid.UUID | None = None
    source_url: str = ""
    source_note: str = ""
    is_demo: bool = False


def normalized(data: GroupData) -> GroupData:
    """The same data as it is stored: tidy lines."""
    return replace(
        data,
        name=clean_line(data.name),
        purpose=clean_text(data.purpose),
        observer_note=clean_text(data.observer_note),
        source_url=data.source_url.strip(),
        source_note=clean_line(data.source_note),
    )


def problems_of(data: GroupData) -> dict[str, str]:
    """What is wrong with (normalised) data: message in Japanese by field name, empty when fine."""
    found: dict[str, str] = {}
    if not data.name:
        found["name"] = "WGの名前を入れてください。"
    elif len(data.name) > NAME_LENGTH:
        found["name"] = f"WGの名前は{NAME_LENGTH}文字までで入れてください。"
    if len(data.purpose) > PURPOSE_LENGTH:
        found["purpose"] = f"目的は{PURPOSE_LENGTH:,}文字までで入れてください。"
    if len(data.observer_note) > NOTE_LENGTH:
        found["observer_note"] = f"案内は{NOTE_LENGTH:,}文字までで入れてください。"
    return {**found, **_period_problems(data)}


def _period_problems(data: GroupData) -> dict[str, str]:
    found: dict[str, str] = {}
    if data.starts_on and data.ends_on and data.ends_on < data.starts_on:
        found["ends_on"] = "終わりの日は、始まりの日より後にしてください。"
    if data.observers_from and data.observers_until is None:
        found["observers_until"] = "募集の最後の日を入れてください。"
    elif (
        data.observers_from and data.observers_until and data.observers_until < data.observers_from
    ):
        found["observers_until"] = "募集の最後の日は、始まりの日より後にしてください。"
    return found


def parent_problem(kind: GroupKind, parent_kind: GroupKind | None) -> str:
    """Why a group of ``kind`` may not stand under one of ``parent_kind``; empty when it may."""
    allowed = PARENT_KINDS[kind]
    if parent_kind is None:
        return "" if not allowed else "上位のWGを選んでください。"
    if parent_kind in allowed:
        return ""
    if not allowed:
        return f"{KIND_LABELS[kind]}は、いちばん上に置きます。上位のWGは選べません。"
    names = "か".join(label for kind_, label in KIND_LABELS.items() if kind_ in allowed)
    return f"{KIND_LABELS[kind]}は、{names}の下に置いてください。"


def makes_cycle(
    group_id: uuid.UUID,
    parent_id: uuid.UUID | None,
    parents: Mapping[uuid.UUID, uuid.UUID | None],
) -> bool:
    """Whether a group would stand above itself under its new parent.

    Args:
        group_id: the group that moves.
        parent_id: its new parent.
        parents: present parent of each group.
    """
    seen: set[uuid.UUID] = set()
    above = parent_id
    while above is not None and above not in seen:
        if above == group_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def recruits_observers(
    state: GroupState, observers_from: date | None, observers_until: date | None, today: date
) -> bool:
    """Whether observers may apply today; both ends of the period belong to it."""
    if state not in OPEN_STATES or observers_until is None:
        return False
    return (observers_from is None or observers_from <= today) and today <= observers_until
