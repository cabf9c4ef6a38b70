"""The rules: every move from every state, and what follows from partners and content."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    PARTNER_STATES,
    ConsortiumMove,
    ConsortiumState,
    PartnerMove,
    PartnerRole,
    PartnerState,
    missing_roles,
    obstacles_to_agreement,
    roles_of,
    settle,
)

C, V = ConsortiumState, ConsortiumMove
S, M, R = PartnerState, PartnerMove, PartnerRole

CONSORTIUM_WAYS: dict[ConsortiumMove, tuple[set[ConsortiumState], ConsortiumState]] = {
    V.AGREE: ({C.FORMING}, C.AGREED),
    V.REFORM: ({C.AGREED, C.ANSWERING, C.ADOPTED, C.ACTIVE}, C.FORMING),
    V.ANSWER: ({C.AGREED}, C.ANSWERING),
    V.TAKE_BACK: ({C.ANSWERING, C.ADOPTED}, C.AGREED),
    V.ADOPT: ({C.FORMING, C.AGREED, C.ANSWERING}, C.ADOPTED),
    V.START: ({C.AGREED, C.ANSWERING, C.ADOPTED}, C.ACTIVE),
    V.END: ({C.FORMING, C.AGREED, C.ANSWERING, C.ADOPTED, C.ACTIVE}, C.ENDED),
    V.REOPEN: ({C.ENDED}, C.FORMING),
}
PARTNER_WAYS: dict[PartnerMove, tuple[set[PartnerState], PartnerState]] = {
    M.ACCEPT: ({S.INVITED}, S.ACCEPTED),
    M.DECLINE: ({S.INVITED}, S.DECLINED),
    M.LEAVE: ({S.ACCEPTED}, S.LEFT),
    M.REMOVE: ({S.INVITED, S.ACCEPTED, S.EXTERNAL}, S.REMOVED),
    M.INVITE: ({S.DECLINED, S.LEFT, S.REMOVED}, S.INVITED),
    M.DROP_OUT: ({S.INVITED, S.ACCEPTED}, S.LEFT),
}


@pytest.mark.parametrize("move", ConsortiumMove)
@pytest.mark.parametrize("state", ConsortiumState)
def test_a_consortium_moves_as_written_and_no_other_way(
    state: ConsortiumState, move: ConsortiumMove
) -> None:
    sources, target = CONSORTIUM_WAYS[move]
    if state in sources:
        assert CONSORTIUM_STATES.check(state, move, "理由") is target
    else:
        with pytest.raises(IllegalMove):
            CONSORTIUM_STATES.check(state, move, "理由")


@pytest.mark.parametrize("move", PartnerMove)
@pytest.mark.parametrize("state", PartnerState)
def test_a_partner_moves_as_written_and_no_other_way(
    state: PartnerState, move: PartnerMove
) -> None:
    sources, target = PARTNER_WAYS[move]
    if state in sources:
        assert PARTNER_STATES.check(state, move, "理由") is target
    else:
        with pytest.raises(IllegalMove):
            PARTNER_STATES.check(state, move, "理由")


@pytest.mark.parametrize("move", [V.REFORM, V.TAKE_BACK, V.END, V.REOPEN])
def test_going_back_and_ending_want_a_reason(move: ConsortiumMove) -> None:
    state = next(iter(CONSORTIUM_WAYS[move][0]))
    with pytest.raises(ProductError, match="理由"):
        CONSORTIUM_STATES.check(state, move, "  ")


@dataclass
class Partner:
    """A partner as the rules see it."""

    state: PartnerState = S.ACCEPTED
    roles: list[str] = field(default_factory=list)
    is_lead: bool = False
    agreed_number: int | None = 3


def whole(**changes: object) -> list[Partner]:
    """A town that leads, a recycler and a user, all agreed to version 3; the town changed."""
    town = Partner(roles=["municipality"], is_lead=True)
    for name, value in changes.items():
        setattr(town, name, value)
    return [town, Partner(roles=["recycler", "collector"]), Partner(roles=["user"])]


def test_all_agreed_to_the_present_version_makes_it_agreed() -> None:
    due = settle(C.FORMING, whole(), 3, ())
    assert due is not None
    assert due.move is V.AGREE


@pytest.mark.parametrize(
    "partners",
    [
        whole(agreed_number=2),
        whole(agreed_number=None),
        whole(is_lead=False),
        whole(roles=["adviser"]),
        whole(state=S.INVITED),
        whole(state=S.LEFT),
        whole()[:1],
        [],
    ],
)
def test_what_is_missing_keeps_it_forming(partners: list[Partner]) -> None:
    assert settle(C.FORMING, partners, 3, ()) is None
    assert obstacles_to_agreement(partners, 3, ())


def test_unwritten_content_keeps_it_forming_and_is_named() -> None:
    assert settle(C.FORMING, whole(), 3, ("めざす姿",)) is None
    assert "めざす姿" in obstacles_to_agreement(whole(), 3, ("めざす姿",))[0]


def test_a_new_version_takes_an_agreement_back() -> None:
    due = settle(C.AGREED, whole(), 4, ())
    assert due is not None
    assert due.move is V.REFORM
    assert "同意していない" in due.reason


@pytest.mark.parametrize("state", [C.ANSWERING, C.ADOPTED, C.ACTIVE])
def test_what_runs_stays_while_a_new_version_waits(state: ConsortiumState) -> None:
    assert settle(state, whole(), 4, ()) is None


@pytest.mark.parametrize("state", [C.AGREED, C.ANSWERING, C.ADOPTED, C.ACTIVE])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"roles": ["adviser"]}, "自治体"), ({"is_lead": False}, "代表"), ({"state": S.LEFT}, "代表")],
)
def test_without_lead_or_municipality_it_goes_back(
    state: ConsortiumState, changes: dict[str, object], reason: str
) -> None:
    due = settle(state, whole(**changes), 3, ())
    assert due is not None
    assert due.move is V.REFORM
    assert reason in due.reason


def test_nothing_follows_for_one_that_ended() -> None:
    assert settle(C.ENDED, whole(), 3, ()) is None


def test_an_external_partner_fills_its_role_and_agrees_to_nothing() -> None:
    outside = Partner(S.EXTERNAL, ["user"], agreed_number=None)
    partners = [*whole()[:2], outside]
    assert R.USER not in missing_roles(partners)
    assert settle(C.FORMING, partners, 3, ()) is not None


def test_essential_roles_come_first_among_the_missing() -> None:
    assert missing_roles([Partner(roles=["municipality"])])[:3] == (
        R.COLLECTOR, R.RECYCLER, R.USER,
    )  # fmt: skip
    assert missing_roles([Partner(S.INVITED, ["recycler"])])[:1] == (R.MUNICIPALITY,)


def test_a_partner_may_have_several_roles_with_the_lead_first() -> None:
    roles = roles_of(Partner(roles=["user", "municipality"], is_lead=True))
    assert roles == (R.LEAD, R.MUNICIPALITY, R.USER)
