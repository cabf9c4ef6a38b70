"""When a version of the ranking is good enough, and the steps between its states. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from matchmaker.core.errors import ProductError
from matchmaker.core.states import Rule, StateMachine
from matchmaker.matching.domain import VersionState

SHIPPED_NUMBER = 0
"""The parameters that come with the product; they have no row."""
VERSION_NAMESPACE = uuid.UUID("0d6c52bb-5a0e-5c0b-93f7-4f6c0b5f7a10")
REASON_LENGTH = 500

TRAINING_SET = "train"
FROZEN_SETS = ("dev", "real")
LEDGER_SET = "ledger"
SET_LABELS = {
    TRAINING_SET: "学習用",
    "dev": "考えて作った組（架空の団体）",
    "real": "実際の事例",
    LEDGER_SET: "判定の記録（学習に使わなかった分）",
}

NDCG_MARGIN = 0.02
"""How far nDCG@10 may fall on a judged set; differences below 0.03 mean nothing on their sizes."""
ECE_LIMIT = 0.05
"""Largest expected calibration error (ten bins) over the pairs that people would be shown."""
ECE_SLACK = 0.005
"""How much worse the error may be where the live version is over the limit itself."""
GROUP_NEEDS_LEAST = 8
GROUP_MARGIN = 0.05
"""A material or region counts from so many needs on; below, one need decides the mean."""
LEDGER_NEEDS_LEAST = 20
"""The held-out part of the ledger counts from so many needs on."""
HELD_OUT_EVERY = 5
"""One need in five of the ledger is kept out of training, always the same ones."""


class VersionMove(StrEnum):
    """What can be done to a version."""

    PROMOTE = "promote"
    ROLL_BACK = "roll_back"
    RETIRE = "retire"
    SHADOW = "shadow"
    END_SHADOW = "end_shadow"
    REFUSE = "refuse"


VERSIONS: StateMachine[VersionState, VersionMove] = StateMachine(
    labels={
        VersionState.CANDIDATE: "候補",
        VersionState.SHADOW: "試しに並走中",
        VersionState.LIVE: "使用中",
        VersionState.RETIRED: "以前の版",
        VersionState.REFUSED: "見送り",
    },
    moves={
        VersionMove.PROMOTE: Rule(
            "使い始める",
            frozenset({VersionState.CANDIDATE, VersionState.SHADOW, VersionState.REFUSED}),
            VersionState.LIVE,
            needs_reason=True,
        ),
        VersionMove.ROLL_BACK: Rule(
            "この版に戻す", frozenset({VersionState.RETIRED}), VersionState.LIVE, needs_reason=True
        ),
        VersionMove.RETIRE: Rule(
            "使うのをやめる", frozenset({VersionState.LIVE}), VersionState.RETIRED
        ),
        VersionMove.SHADOW: Rule(
            "試しに並走させる",
            frozenset({VersionState.CANDIDATE, VersionState.REFUSED}),
            VersionState.SHADOW,
            needs_reason=True,
        ),
        VersionMove.END_SHADOW: Rule(
            "並走をやめる",
            frozenset({VersionState.SHADOW}),
            VersionState.CANDIDATE,
            needs_reason=True,
        ),
        VersionMove.REFUSE: Rule(
            "見送る",
            frozenset({VersionState.CANDIDATE, VersionState.SHADOW}),
            VersionState.REFUSED,
            needs_reason=True,
        ),
    },
)
"""``RETIRE`` is never pressed: it is what happens to the live version when another takes over."""


class RequestKind(StrEnum):
    """What the worker is asked for."""

    TRAIN = "train"
    CHECK = "check"
    COMPARE = "compare"


class RequestState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


REQUEST_LABELS = {
    RequestKind.TRAIN: "新しい版を作る",
    RequestKind.CHECK: "いまの版と比べ直す",
    RequestKind.COMPARE: "並び方のちがいを調べる",
}
REQUEST_STATE_LABELS = {
    RequestState.WAITING: "順番待ち",
    RequestState.RUNNING: "実行中",
    RequestState.DONE: "完了",
    RequestState.FAILED: "失敗",
}
OPEN_REQUESTS = frozenset({RequestState.WAITING, RequestState.RUNNING})


class ObjectionKind(StrEnum):
    """Why a version is not to be used."""

    WORSE = "worse"
    UNCALIBRATED = "uncalibrated"
    GROUP_WORSE = "group_worse"
    OTHER_LIVE = "other_live"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against a version.

    Attributes:
        kind: what is wrong.
        set_name: the judged set it was seen on; empty for ``OTHER_LIVE``.
        group: the material or region, for ``GROUP_WORSE``.
        value: the difference or the error; the live version's number for ``OTHER_LIVE``.
        limit: what it may be.
    """

    kind: ObjectionKind
    set_name: str = ""
    group: str = ""
    value: float = 0.0
    limit: float = 0.0

    @property
    def label(self) -> str:
        """The objection in Japanese."""
        place = SET_LABELS.get(self.set_name, self.set_name)
        match self.kind:
            case ObjectionKind.WORSE:
                return f"「{place}」で、並び方がいまの版より悪くなります（{self.value:+.3f}）。"
            case ObjectionKind.UNCALIBRATED:
                return (
                    f"「{place}」で、見込みと実際のずれが{self.value * 100:.1f}ポイントあります"
                    f"（{self.limit * 100:.1f}ポイントまで）。"
                )
            case ObjectionKind.GROUP_WORSE:
                where = f"「{place}」の「{self.group}」"
                return f"{where}で、いまの版より悪くなります（{self.value:+.3f}）。"
        return "いま使っている版と、まだ比べていません。「いまの版と比べ直す」を押してください。"

    def __str__(self) -> str:
        match self.kind:
            case ObjectionKind.WORSE:
                return f"{self.set_name}: nDCG@10 {self.value:+.4f} against the live version"
            case ObjectionKind.UNCALIBRATED:
                return f"{self.set_name}: calibration error {self.value:.4f}, limit {self.limit}"
            case ObjectionKind.GROUP_WORSE:
                return f"{self.set_name}, {self.group}: nDCG@10 {self.value:+.4f}"
        return f"not compared with the live version {self.value:.0f}; run flask ranking check"


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of nDCG@10, candidate − live, with its paired 95 % bootstrap interval."""

    needs: int
    difference: float
    low: float
    high: float

    @property
    def is_clearly_worse(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.high < 0


@dataclass(frozen=True, slots=True)
class SetComparison:
    """A candidate beside the live version on one judged set.

    Attributes:
        name: the set.
        ranking: difference over all its needs.
        ece, live_ece: expected calibration errors, 0–1.
        groups: difference by material or region.
    """

    name: str
    ranking: Difference
    ece: float
    live_ece: float
    groups: Mapping[str, Difference]


def objections_to(comparisons: Iterable[SetComparison]) -> tuple[Objection, ...]:
    """Why a candidate may not take over, worst kinds first; empty when it may.

    A set counts against it when nDCG@10 falls by more than :data:`NDCG_MARGIN` or the interval lies
    wholly below zero; a calibration error over :data:`ECE_LIMIT` counts unless the live version is
    over it as well and the candidate is no worse; a material or region of at least
    :data:`GROUP_NEEDS_LEAST` needs counts when its interval lies below zero and the fall is more
    than :data:`GROUP_MARGIN`.
    """
    found = [objection for each in comparisons for objection in _objections(each)]
    return tuple(sorted(found, key=lambda objection: list(ObjectionKind).index(objection.kind)))


def _objections(each: SetComparison) -> Iterator[Objection]:
    overall = each.ranking
    if overall.difference < -NDCG_MARGIN or overall.is_clearly_worse:
        yield Objection(
            ObjectionKind.WORSE, each.name, value=overall.difference, limit=-NDCG_MARGIN
        )
    allowed = max(ECE_LIMIT, each.live_ece + ECE_SLACK) if each.live_ece > ECE_LIMIT else ECE_LIMIT
    if each.ece > allowed:
        yield Objection(ObjectionKind.UNCALIBRATED, each.name, value=each.ece, limit=allowed)
    for name, group in each.groups.items():
        counts = group.needs >= GROUP_NEEDS_LEAST and group.is_clearly_worse
        if counts and group.difference < -GROUP_MARGIN:
            yield Objection(
                ObjectionKind.GROUP_WORSE, each.name, name, group.difference, -GROUP_MARGIN
            )


def objections_as_json(objections: Iterable[Objection]) -> list[dict[str, Any]]:
    """Objections as they are stored with the figures."""
    return [asdict(objection) for objection in objections]


def objections_in(figures: Mapping[str, Any], live_number: int) -> tuple[Objection, ...]:
    """The objections stored with a version's figures, and one more when another version is live
    than the one it was compared with.
    """
    stored = tuple(
        Objection(**{**each, "kind": ObjectionKind(each["kind"])})
        for each in figures.get("objections", ())
    )
    if figures.get("against", SHIPPED_NUMBER) != live_number:
        return (*stored, Objection(ObjectionKind.OTHER_LIVE, value=live_number))
    return stored


def checked_reason(reason: str) -> str:
    """The words given for a step.

    Raises:
        ProductError: there are none, or too many (field ``reason``).
    """
    reason = reason.strip()
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH}文字以内で入れてください。", "reason")
    return reason


def subject_of(number: int) -> uuid.UUID:
    """The id under which the shipped parameters stand in the audit log."""
    return uuid.uuid5(VERSION_NAMESPACE, str(number))
