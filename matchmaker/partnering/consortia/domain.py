"""Consortia: roles, states of partners and of the whole, what settles what. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from matchmaker.core.states import Rule, StateMachine

MOST_PARTNERS = 30
"""Partners of one consortium: more do not fit on the page for approval and agree on no date."""
FEWEST_PARTNERS = 2
NAME_LENGTH = 80
REASON_LENGTH = 500
NOTE_LENGTH = 300
MESSAGE_LENGTH = 1_000


class PartnerRole(StrEnum):
    """What an organisation does in a consortium; it may do several things."""

    LEAD = "lead"
    MUNICIPALITY = "municipality"
    COLLECTOR = "collector"
    RECYCLER = "recycler"
    MANUFACTURER = "manufacturer"
    USER = "user"
    RESEARCHER = "researcher"
    FUNDER = "funder"
    ADVISER = "adviser"


R = PartnerRole
ROLE_LABELS: Mapping[PartnerRole, str] = {
    R.LEAD: "代表",
    R.MUNICIPALITY: "自治体",
    R.COLLECTOR: "回収・運搬",
    R.RECYCLER: "再生・処理",
    R.MANUFACTURER: "製品づくり",
    R.USER: "利用・購入",
    R.RESEARCHER: "調査・研究",
    R.FUNDER: "資金",
    R.ADVISER: "助言",
}
ROLE_TASKS: Mapping[PartnerRole, str] = {
    R.LEAD: "全体をまとめ、外との窓口になります",
    R.MUNICIPALITY: "課題と場所を出し、住民や関係する部署と調整します",
    R.COLLECTOR: "対象のものを集めて運びます",
    R.RECYCLER: "選別し、素材や燃料などに再生します",
    R.MANUFACTURER: "再生した素材で製品をつくります",
    R.USER: "できた製品やサービスを使います",
    R.RESEARCHER: "量や効果を調べ、評価します",
    R.FUNDER: "資金を出します",
    R.ADVISER: "経験や知識から助言します",
}
ESSENTIAL_ROLES = (R.MUNICIPALITY, R.COLLECTOR, R.RECYCLER, R.USER)
"""A loop is closed by these; others make it better. Without a municipality nothing is agreed."""
USEFUL_ROLES = (R.MANUFACTURER, R.RESEARCHER, R.FUNDER)
GIVEN_ROLES = tuple(role for role in PartnerRole if role is not R.LEAD)
"""Roles that are chosen when a partner is invited; the lead is handed over."""


class PartnerState(StrEnum):
    """Where a partner stands. ``external`` ones are no members: the lead vouches for them."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"
    EXTERNAL = "external"


class PartnerMove(StrEnum):
    """A step in the life of a partner."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LEAVE = "leave"
    REMOVE = "remove"
    INVITE = "invite"
    DROP_OUT = "drop_out"


S, M = PartnerState, PartnerMove
PRESENT_STATES = frozenset({S.INVITED, S.ACCEPTED, S.EXTERNAL})
FILLING_STATES = frozenset({S.ACCEPTED, S.EXTERNAL})
"""Partners in these states count as having their roles filled."""
GONE_STATES = frozenset({S.DECLINED, S.LEFT, S.REMOVED})

PARTNER_STATES: StateMachine[PartnerState, PartnerMove] = StateMachine(
    labels={
        S.INVITED: "返事待ち",
        S.ACCEPTED: "参加",
        S.DECLINED: "辞退",
        S.LEFT: "離脱",
        S.REMOVED: "取り消し",
        S.EXTERNAL: "外部（会員ではない）",
    },
    moves={
        M.ACCEPT: Rule("参加する", frozenset({S.INVITED}), S.ACCEPTED),
        M.DECLINE: Rule("辞退する", frozenset({S.INVITED}), S.DECLINED, needs_reason=True),
        M.LEAVE: Rule("離脱する", frozenset({S.ACCEPTED}), S.LEFT, needs_reason=True),
        M.REMOVE: Rule("外す", PRESENT_STATES, S.REMOVED, needs_reason=True),
        M.INVITE: Rule("もう一度招待する", GONE_STATES, S.INVITED),
        M.DROP_OUT: Rule(
            "退会により外れる", frozenset({S.INVITED, S.ACCEPTED}), S.LEFT, needs_reason=True
        ),
    },
)


class ConsortiumState(StrEnum):
    """Where a consortium stands."""

    FORMING = "forming"
    AGREED = "agreed"
    ANSWERING = "answering"
    ADOPTED = "adopted"
    ACTIVE = "active"
    ENDED = "ended"


class ConsortiumMove(StrEnum):
    """A step in the life of a consortium."""

    AGREE = "agree"
    REFORM = "reform"
    ANSWER = "answer"
    TAKE_BACK = "take_back"
    ADOPT = "adopt"
    START = "start"
    END = "end"
    REOPEN = "reopen"


C, V = ConsortiumState, ConsortiumMove
LIVE_STATES = frozenset(ConsortiumState) - {C.ENDED}

CONSORTIUM_STATES: StateMachine[ConsortiumState, ConsortiumMove] = StateMachine(
    labels={
        C.FORMING: "準備中",
        C.AGREED: "合意済み",
        C.ANSWERING: "公募に応募中",
        C.ADOPTED: "採択",
        C.ACTIVE: "実証中",
        C.ENDED: "終了",
    },
    moves={
        V.AGREE: Rule("合意済みにする", frozenset({C.FORMING}), C.AGREED),
        V.REFORM: Rule("準備中に戻す", LIVE_STATES - {C.FORMING}, C.FORMING, needs_reason=True),
        V.ANSWER: Rule("公募に応募する", frozenset({C.AGREED}), C.ANSWERING),
        V.TAKE_BACK: Rule(
            "応募前に戻す", frozenset({C.ANSWERING, C.ADOPTED}), C.AGREED, needs_reason=True
        ),
        V.ADOPT: Rule("採択にする", frozenset({C.FORMING, C.AGREED, C.ANSWERING}), C.ADOPTED),
        V.START: Rule("実証を始める", frozenset({C.AGREED, C.ANSWERING, C.ADOPTED}), C.ACTIVE),
        V.END: Rule("終了する", LIVE_STATES, C.ENDED, needs_reason=True),
        V.REOPEN: Rule("もう一度ひらく", frozenset({C.ENDED}), C.FORMING, needs_reason=True),
    },
)

CORRECTIONS = (V.REFORM, V.END, V.REOPEN)
"""What the secretariat sets right by hand, with a reason."""

PURPOSE_LABELS: Mapping[str, str] = {
    "environmental_limits": "環境制約への対応",
    "resource_limits": "資源制約への対応",
    "growth": "成長機会の獲得",
    "wellbeing": "地域住民のウェルビーイングの実現",
}
"""The four purposes of the regional loop model (``seeds/reference/partnership.yaml``)."""


class PartnerFacts(Protocol):
    """What the rules need to know of a partner."""

    @property
    def state(self) -> PartnerState:
        """Where it stands."""

    @property
    def is_lead(self) -> bool:
        """Whether it leads."""

    @property
    def roles(self) -> list[str]:
        """Codes of its roles besides the lead."""

    @property
    def agreed_number(self) -> int | None:
        """The version it agreed to."""


def roles_of(partner: PartnerFacts) -> tuple[PartnerRole, ...]:
    """All roles of a partner, the lead first, then in the order of the roles."""
    codes = set(partner.roles) | ({R.LEAD.value} if partner.is_lead else set())
    return tuple(role for role in PartnerRole if role.value in codes)


def filled_roles(partners: Iterable[PartnerFacts]) -> frozenset[PartnerRole]:
    """Roles that somebody present has taken on (accepted, or named from outside)."""
    return frozenset(
        role for each in partners if each.state in FILLING_STATES for role in roles_of(each)
    )


def missing_roles(partners: Sequence[PartnerFacts]) -> tuple[PartnerRole, ...]:
    """Roles of a closed loop that nobody has taken on, the essential ones first."""
    filled = filled_roles(partners)
    return tuple(role for role in (*ESSENTIAL_ROLES, *USEFUL_ROLES) if role not in filled)


def accepted_of(partners: Iterable[PartnerFacts]) -> list[PartnerFacts]:
    """Partners that take part and whose agreement counts."""
    return [each for each in partners if each.state is S.ACCEPTED]


def obstacles_to_agreement(
    partners: Sequence[PartnerFacts], number: int, missing_content: Sequence[str]
) -> tuple[str, ...]:
    """What stands between the partners and an agreement to version ``number``, in words.

    Args:
        number: the present version of the content.
        missing_content: labels of what is not written yet.
    """
    found: list[str] = []
    accepted = accepted_of(partners)
    if not any(each.is_lead for each in accepted):
        found.append("代表がいません。")
    if R.MUNICIPALITY not in filled_roles(partners):
        found.append("自治体の役割の団体が参加していません。")
    if len(accepted) < FEWEST_PARTNERS:
        found.append(f"参加している会員が{FEWEST_PARTNERS}団体になっていません。")
    if missing_content:
        found.append(f"まだ書かれていない項目があります：{'、'.join(missing_content)}。")
    waiting = sum(1 for each in accepted if each.agreed_number != number)
    if waiting:
        found.append(f"いまの版にまだ同意していない団体が{waiting}あります。")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Settled:
    """A move that follows from what the partners did, with its reason in words."""

    move: ConsortiumMove
    reason: str = ""


def settle(
    state: ConsortiumState,
    partners: Sequence[PartnerFacts],
    number: int,
    missing_content: Sequence[str],
) -> Settled | None:
    """What the state of a consortium has to become after its partners or its content changed.

    Without a lead or a municipality any live consortium goes back into forming. An agreed one does
    so as well when not all agree to the present version any more. What answers a call or runs
    already stays where it is while a corrected version waits for agreement.

    Returns:
        The move that is due, or None.
    """
    if state is C.ENDED:
        return None
    obstacles = obstacles_to_agreement(partners, number, missing_content)
    if state is C.FORMING:
        return None if obstacles else Settled(V.AGREE)
    broken = _broken(partners)
    if broken:
        return Settled(V.REFORM, broken)
    if state is C.AGREED and obstacles:
        return Settled(V.REFORM, "".join(obstacles))
    return None


def _broken(partners: Sequence[PartnerFacts]) -> str:
    if not any(each.is_lead for each in accepted_of(partners)):
        return "代表がいなくなったため。"
    if R.MUNICIPALITY not in filled_roles(partners):
        return "自治体の役割の団体がいなくなったため。"
    return ""
