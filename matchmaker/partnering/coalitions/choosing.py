"""Which towns a person may ask: those found, as a group that keeps the bounds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matchmaker.core.errors import ProductError
from matchmaker.partnering.coalitions.answers import problem_of
from matchmaker.partnering.coalitions.domain import MEMBERS_MOST
from matchmaker.partnering.coalitions.gathering import Gathered, Town
from matchmaker.partnering.coalitions.grouping import FEWEST, Basis, GroupingProblem

CHANGED = "掲載や量が、さがしたあとに変わりました。もう一度さがしてから、声をかけてください。"


def chosen_towns(gathered: Gathered, keys: Collection[str]) -> list[Town]:
    """The towns with these keys, candidates or beyond.

    Raises:
        ProductError: one is not there any more.
    """
    known = {town.key: town for town in (*gathered.towns, *gathered.beyond)}
    if not keys or any(key not in known for key in keys):
        raise ProductError(CHANGED)
    return [known[key] for key in dict.fromkeys(keys)]


def check_group(gathered: Gathered, towns: Sequence[Town]) -> None:
    """Check that towns may be asked together.

    Raises:
        ProductError: they are too few or too many, or break a bound by now.
    """
    if len(towns) < FEWEST:
        raise ProductError("2つ以上の自治体を選んでください。")
    if len(towns) > MEMBERS_MOST:
        raise ProductError(f"声をかけられるのは{MEMBERS_MOST}団体までです。")
    if gathered.start is not None and gathered.start not in {town.key for town in towns}:
        raise ProductError(CHANGED)
    base = problem_of(gathered, towns, len(towns))
    problem = GroupingProblem(
        base.candidates, base.lot, base.capacity, base.most, Basis.HIGH, base.required
    )
    if not problem.is_allowed(range(len(towns))):
        raise ProductError(CHANGED)
