"""What the board shows of an introduction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.partnering.introductions.board.domain import (
    STAGE_LABELS,
    STALL_LABELS,
    BoardStage,
    age_in_days,
    stage_of,
    stall_of,
)
from matchmaker.partnering.introductions.board.queries import BoardRow
from matchmaker.partnering.introductions.domain import (
    IntroductionState,
    Side,
    other_side,
    side_awaited,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.presentation import View


def organizations_of(introduction: Introduction) -> dict[Side, str]:
    """The name of each side, the town first."""
    names = {
        introduction.from_side: introduction.sender.name,
        other_side(introduction.from_side): introduction.receiver.name,
    }
    return {side: names[side] for side in Side}


@dataclass(frozen=True, slots=True)
class Line:
    """One introduction on the board at a moment."""

    row: BoardRow
    actor: Actor
    now: datetime

    @property
    def introduction(self) -> Introduction:
        """The introduction, posts and organisations loaded."""
        return self.row.introduction

    @property
    def view(self) -> View:
        """The same as its own page shows it."""
        return View(self.introduction, self.actor, self.now)

    @property
    def stage(self) -> BoardStage:
        """Where it stands."""
        match = self.row.match
        return stage_of(
            self.view.state,
            match.state if match else None,
            has_joined=match is not None and match.joined_at is not None,
        )

    @property
    def stage_label(self) -> str:
        """The same in words."""
        return STAGE_LABELS[self.stage]

    @property
    def last_step_at(self) -> datetime:
        """When something happened last."""
        is_matched = self.row.match and self.introduction.state is IntroductionState.ACCEPTED
        if self.row.match and is_matched:
            return self.row.match.updated_at
        return self.introduction.updated_at

    @property
    def days(self) -> int:
        """Whole days since then."""
        return age_in_days(self.last_step_at, self.now)

    @property
    def stall_label(self) -> str:
        """Why it counts as stalled; empty where it does not."""
        found = stall_of(self.stage, self.introduction.answer_due_at, self.last_step_at, self.now)
        return STALL_LABELS[found] if found else ""

    @property
    def sides(self) -> dict[Side, str]:
        """The name of each side."""
        return organizations_of(self.introduction)

    @property
    def awaited(self) -> str:
        """The organisation whose turn it is; empty where it is nobody's."""
        side = side_awaited(self.view.state, self.introduction.from_side)
        return self.sides[side] if side else ""
