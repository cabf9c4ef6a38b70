"""What a reviewer writes about a proposal, and what is still missing in it. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from matchmaker.working_groups.reviews.domain import COMMENT_LENGTH, REASON_LENGTH


class Criterion(Protocol):
    """What the rules need to know of a criterion."""

    @property
    def id(self) -> uuid.UUID:
        """Its id."""

    @property
    def points(self) -> int:
        """The most points it gives."""


@dataclass(frozen=True, slots=True)
class Score:
    """Points for one criterion (None: not given yet) and the reason for them."""

    points: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """All that a reviewer writes about a proposal.

    Args:
        scores: by criterion.
        comment: words about the proposal as a whole.
    """

    scores: Mapping[uuid.UUID, Score]
    comment: str = ""


def points_field(criterion_id: uuid.UUID) -> str:
    """Name of the form field for the points."""
    return f"points_{criterion_id.hex}"


def reason_field(criterion_id: uuid.UUID) -> str:
    """Name of the form field for the reason."""
    return f"reason_{criterion_id.hex}"


def problems_of(
    sheet: ScoreSheet, criteria: Sequence[Criterion], *, complete: bool
) -> dict[str, str]:
    """Messages by form field.

    Args:
        criteria: the criteria of the call.
        complete: whether everything has to be there (it is to be handed in).
    """
    problems: dict[str, str] = {}
    for criterion in criteria:
        score = sheet.scores.get(criterion.id, Score())
        problems |= _points_problem(score, criterion, complete)
        problems |= _reason_problem(score, criterion, complete)
    if len(sheet.comment) > COMMENT_LENGTH:
        problems["comment"] = f"全体への意見は{COMMENT_LENGTH:,}文字以内で入れてください。"
    return problems


def _points_problem(score: Score, criterion: Criterion, complete: bool) -> dict[str, str]:
    name = points_field(criterion.id)
    if score.points is None:
        return {name: "点数を選んでください。"} if complete else {}
    if not 0 <= score.points <= criterion.points:
        return {name: f"点数は、0から{criterion.points}までの整数で入れてください。"}
    return {}


def _reason_problem(score: Score, criterion: Criterion, complete: bool) -> dict[str, str]:
    name = reason_field(criterion.id)
    if len(score.reason) > REASON_LENGTH:
        return {name: f"理由は{REASON_LENGTH:,}文字以内で入れてください。"}
    if complete and not score.reason.strip():
        return {name: "この点数にした理由を入れてください。"}
    return {}
