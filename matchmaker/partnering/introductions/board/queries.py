"""Reads of the board: every introduction with its match, stalled ones first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.core.db import db
from matchmaker.core.paging import Page, count
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.board.domain import (
    GOING_ON,
    QUIET_AFTER_MATCH,
    QUIET_BEFORE_ANSWER,
    BoardStage,
)
from matchmaker.partnering.introductions.domain import GRACE, LIVE_STATES, IntroductionState
from matchmaker.partnering.introductions.matches.domain import MatchState
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.queries import loaded

ROWS_A_PAGE = 30
S = IntroductionState


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board is narrowed to.

    Args:
        stage: only this stage.
        only_stalled: only what counts as stalled.
        prefecture: of the need.
        words: part of the name of one of the two organisations.
    """

    stage: BoardStage | None = None
    only_stalled: bool = False
    prefecture: str = ""
    words: str = ""

    @property
    def conditions(self) -> int:
        """How many conditions are in force."""
        return sum(map(bool, (self.stage, self.only_stalled, self.prefecture, self.words)))


_MATCHED = frozenset({BoardStage.TALKING, BoardStage.JOINED, BoardStage.TALKED})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One introduction with its match, if there is one."""

    introduction: Introduction
    match: Match | None


def last_step() -> ColumnElement[datetime]:
    """When something happened last: the match counts as soon as there is one."""
    is_matched = and_(Match.id.is_not(None), Introduction.state == S.ACCEPTED)
    return case((is_matched, Match.updated_at), else_=Introduction.updated_at)


def is_stalled(now: datetime) -> ColumnElement[bool]:
    """The condition for what counts as stalled (the rule of ``domain.stall_of``)."""
    live = and_(Introduction.state.in_(LIVE_STATES), Introduction.answer_due_at > now - GRACE)
    late = or_(
        Introduction.answer_due_at <= now, Introduction.updated_at <= now - QUIET_BEFORE_ANSWER
    )
    quiet = and_(
        Introduction.state == S.ACCEPTED,
        or_(Match.id.is_(None), Match.state != MatchState.ENDED),
        Match.joined_at.is_(None),
        last_step() <= now - QUIET_AFTER_MATCH,
    )
    return or_(and_(live, late), quiet)


def in_stage(stage: BoardStage, now: datetime) -> ColumnElement[bool]:
    """The condition for a stage, by the clock."""
    is_over = Introduction.answer_due_at <= now - GRACE
    live = Introduction.state.in_(LIVE_STATES)
    if stage is BoardStage.UNANSWERED:
        return or_(Introduction.state == S.UNANSWERED, and_(live, is_over))
    if stage in (BoardStage.OPEN, BoardStage.ASKED_BACK):
        return and_(Introduction.state == S(stage.value), ~is_over)
    if stage in _MATCHED:
        has_ended = func.coalesce(Match.state == MatchState.ENDED, False)
        has_joined = Match.joined_at.is_not(None)
        wanted = {
            BoardStage.TALKED: has_ended,
            BoardStage.JOINED: and_(~has_ended, has_joined),
            BoardStage.TALKING: and_(~has_ended, ~has_joined),
        }
        return and_(Introduction.state == S.ACCEPTED, wanted[stage])
    return Introduction.state == S(stage.value)


def board_page(wanted: BoardFilter, number: int, now: datetime) -> Page[BoardRow]:
    """One page of the board: stalled ones, others that go on, the rest; each the oldest first."""
    goes_on = or_(*(in_stage(stage, now) for stage in GOING_ON))
    query = _filtered(wanted, now).order_by(
        case((is_stalled(now), 0), (goes_on, 1), else_=2), last_step(), Introduction.id
    )
    total = count(query)
    number = min(number, max(1, -(-total // ROWS_A_PAGE)))
    rows = db.session.execute(
        query.add_columns(Match).limit(ROWS_A_PAGE).offset((number - 1) * ROWS_A_PAGE)
    )
    items = [BoardRow(introduction, match) for introduction, match in rows]
    return Page(items, number, ROWS_A_PAGE, total)


def _filtered(wanted: BoardFilter, now: datetime) -> Select[tuple[Introduction]]:
    query = loaded().outerjoin(Match, Match.introduction_id == Introduction.id)
    if wanted.stage is not None:
        query = query.where(in_stage(wanted.stage, now))
    if wanted.only_stalled:
        query = query.where(is_stalled(now))
    return query.where(*_about_whom(wanted))


def _about_whom(wanted: BoardFilter) -> list[ColumnElement[bool]]:
    """The conditions that are about the two sides, not about where it stands."""
    found: list[ColumnElement[bool]] = []
    if wanted.prefecture:
        found.append(Introduction.need.has(prefecture=wanted.prefecture))
    if wanted.words:
        found.append(_has_organization(wanted.words))
    return found


def _has_organization(words: str) -> ColumnElement[bool]:
    named = aliased(Organization)
    ids = select(named.id).where(named.name.contains(words, autoescape=True))
    sides = (Introduction.sender_organization_id, Introduction.receiver_organization_id)
    return or_(*(side.in_(ids) for side in sides))


def stage_counts(
    now: datetime, wanted: BoardFilter | None = None
) -> tuple[Mapping[BoardStage, int], int]:
    """How many introductions stand in each stage, and how many are stalled (one statement).

    Args:
        now: the present moment.
        wanted: narrows them by prefecture and organisation; stage and stall are counted.
    """
    stages = tuple(BoardStage)
    columns = [func.sum(case((in_stage(stage, now), 1), else_=0)) for stage in stages]
    stalled = func.sum(case((is_stalled(now), 1), else_=0))
    query = (
        select(*columns, stalled)
        .select_from(Introduction)
        .outerjoin(Match, Match.introduction_id == Introduction.id)
        .where(*_about_whom(wanted or BoardFilter()))
    )
    row = db.session.execute(query).one()
    numbers = [int(each or 0) for each in row]
    return dict(zip(stages, numbers[:-1], strict=True)), numbers[-1]
