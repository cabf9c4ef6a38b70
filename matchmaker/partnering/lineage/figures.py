"""Figures from needs to pilots: how many, how long, where it stops and why. Pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from matchmaker.core.clock import fiscal_year, today
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.lineage.domain import RecordKey

SECONDS_A_DAY = 86_400
SECOND_HALF = (10, 11, 12, 1, 2, 3)
"""Months of the second half of a fiscal year (下期)."""


class Stage(StrEnum):
    """How far something has come, in the usual order."""

    NEED = "need"
    INTRODUCTION = "introduction"
    MATCH = "match"
    CONSORTIUM = "consortium"
    PROPOSAL = "proposal"
    GROUP = "group"
    PILOT = "pilot"


STAGES = tuple(Stage)
STAGE_LABELS: Mapping[Stage, str] = {
    Stage.NEED: "公開したニーズ",
    Stage.INTRODUCTION: "紹介",
    Stage.MATCH: "紹介の成立",
    Stage.CONSORTIUM: "座組",
    Stage.PROPOSAL: "提案",
    Stage.GROUP: "WG",
    Stage.PILOT: "実証",
}


class Grouping(StrEnum):
    """By what the figures are broken down."""

    HALF = "half"
    PREFECTURE = "prefecture"
    MATERIAL = "material"
    METHOD = "method"


GROUPING_LABELS: Mapping[Grouping, str] = {
    Grouping.HALF: "半期",
    Grouping.PREFECTURE: "都道府県",
    Grouping.MATERIAL: "品目",
    Grouping.METHOD: "循環の構築方法",
}
UNKNOWN = "（記入なし）"


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A published need and everything that grew from it.

    Args:
        key: the need.
        published_at: its first publication.
        parts: for each grouping the words under which it falls (several materials, one half-year).
        records: what grew from it, by stage, each with its first moment.
    """

    key: RecordKey
    published_at: datetime
    parts: Mapping[Grouping, tuple[str, ...]]
    records: Mapping[Stage, Mapping[RecordKey, datetime]]


class Stop(NamedTuple):
    """Where something stopped, and why."""

    stage: Stage
    reason: str


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage of a selection of needs.

    Args:
        records: how many there are.
        needs: how many needs came so far.
        median_days: from the stage before (that the same need had reached) to this one.
        measured: over how many needs the median is taken.
        furthest: how many needs have come so far and no further.
    """

    stage: Stage
    records: int
    needs: int
    median_days: float | None
    measured: int
    furthest: int


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown.

    Args:
        records: how many there are of each stage.
        days: median days from the stage before; None where nothing was measured. Empty where days
            were not asked for.
    """

    label: str
    records: Mapping[Stage, int]
    days: Mapping[Stage, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a selection."""

    stages: Sequence[StageFigures]
    parts: Sequence[Part]
    stops: Sequence[tuple[Stop, int]]
    needs: int = 0


def half_year(moment: datetime) -> str:
    """``2026年度上期`` for April to September in Japan, ``下期`` for October to March."""
    day: date = today(moment)
    half = "下期" if day.month in SECOND_HALF else "上期"
    return f"{fiscal_year(day)}年度{half}"


def descendants(
    start: RecordKey, children: Mapping[RecordKey, Sequence[RecordKey]]
) -> set[RecordKey]:
    """Everything that grew from a record, over any number of steps; cycles do no harm."""
    found: set[RecordKey] = set()
    edge = [start]
    while edge:
        for child in children.get(edge.pop(), ()):
            if child not in found:
                found.add(child)
                edge.append(child)
    return found


def by_stage(
    keys: Iterable[RecordKey], firsts: Mapping[RecordKey, datetime]
) -> dict[Stage, dict[RecordKey, datetime]]:
    """Records by stage, each with its first moment; those that are no stage are left out."""
    found: dict[Stage, dict[RecordKey, datetime]] = defaultdict(dict)
    for key in keys:
        if key in firsts and key.kind.value in STAGE_VALUES:
            found[Stage(key.kind.value)][key] = firsts[key]
    return found


STAGE_VALUES = frozenset(stage.value for stage in Stage)


def figures_of(
    needs: Sequence[NeedFacts], grouping: Grouping, stops: Mapping[RecordKey, Stop]
) -> Figures:
    """All figures of a selection of needs.

    Args:
        needs: the selection.
        grouping: by what it is broken down.
        stops: records that came to an end without going on, with the reason.
    """
    reached = {stage: _records(needs, stage) for stage in STAGES}
    furthest = Counter(_furthest(need) for need in needs)
    counted = Counter(
        stops[key] for stage in STAGES for key in sorted(reached[stage]) if key in stops
    )
    order = {stage: place for place, stage in enumerate(STAGES)}
    return Figures(
        stages=[_stage(needs, stage, len(reached[stage]), furthest[stage]) for stage in STAGES],
        parts=parts_of(needs, grouping, with_days=True),
        stops=sorted(
            counted.items(), key=lambda each: (order[each[0].stage], -each[1], each[0].reason)
        ),
        needs=len(needs),
    )


def _records(needs: Iterable[NeedFacts], stage: Stage) -> set[RecordKey]:
    return {key for need in needs for key in _of(need, stage)}


def _counted(needs: Sequence[NeedFacts]) -> dict[Stage, int]:
    """How many records there are of each stage; most needs are alone, which is soon counted."""
    grown = [need for need in needs if need.records]
    found = {stage: len(_records(grown, stage)) for stage in STAGES}
    return {**found, Stage.NEED: len({need.key for need in needs})}


def _of(need: NeedFacts, stage: Stage) -> Mapping[RecordKey, datetime]:
    if stage is Stage.NEED:
        return {need.key: need.published_at}
    return need.records.get(stage, {})


def _furthest(need: NeedFacts) -> Stage:
    return next(stage for stage in reversed(STAGES) if _of(need, stage))


def _stage(needs: Sequence[NeedFacts], stage: Stage, records: int, furthest: int) -> StageFigures:
    days = _days(needs, stage)
    return StageFigures(
        stage=stage,
        records=records,
        needs=sum(1 for need in needs if _of(need, stage)),
        median_days=median(days) if days else None,
        measured=len(days),
        furthest=furthest,
    )


def _days(needs: Iterable[NeedFacts], stage: Stage) -> list[float]:
    """Days of all needs for which they can be told."""
    return [each for need in needs if (each := days_to(need, stage)) is not None]


def days_to(need: NeedFacts, stage: Stage) -> float | None:
    """Days from the stage before that this need had reached to its first record of ``stage``.

    None for the first stage, for a stage not reached, and where the order is turned round (a
    proposal that was begun before anybody was introduced).
    """
    place = STAGES.index(stage)
    moments = _of(need, stage)
    if place == 0 or not moments:
        return None
    earlier = next(_of(need, each) for each in reversed(STAGES[:place]) if _of(need, each))
    seconds = (min(moments.values()) - min(earlier.values())).total_seconds()
    return seconds / SECONDS_A_DAY if seconds >= 0 else None


def parts_of(
    needs: Sequence[NeedFacts], grouping: Grouping, *, with_days: bool = False
) -> list[Part]:
    """The breakdown, in the order of its words (half-years in time).

    A need with several materials counts for each of them.

    Args:
        needs: the selection.
        grouping: by what it is broken down.
        with_days: whether median days are wanted too.
    """
    members: dict[str, list[NeedFacts]] = defaultdict(list)
    for need in needs:
        for label in need.parts.get(grouping) or (UNKNOWN,):
            members[label].append(need)
    return [
        Part(
            label,
            _counted(members[label]),
            _median_days(members[label]) if with_days else {},
        )
        for label in sorted(members, key=lambda each: (each == UNKNOWN, _order(each)))
    ]


def _median_days(needs: Sequence[NeedFacts]) -> dict[Stage, float | None]:
    found = {stage: _days(needs, stage) for stage in STAGES[1:]}
    return {stage: median(days) if days else None for stage, days in found.items()}


def _order(label: str) -> str:
    """Prefectures by their code; 下 sorts before 上 by code point, time runs the other way."""
    if label in PREFECTURES:
        return f"{PREFECTURES.index(label):02d}"
    return label.replace("上期", "1").replace("下期", "2")


def selected(needs: Iterable[NeedFacts], wanted: Mapping[Grouping, str]) -> list[NeedFacts]:
    """Needs that fall under all the given words."""
    return [
        need
        for need in needs
        if all(word in need.parts.get(grouping, ()) for grouping, word in wanted.items())
    ]
