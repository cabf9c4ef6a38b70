"""What a judge sees of others on the page of a pair: nothing before the own judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from matchmaker.core.actor import Actor
from matchmaker.matching.ledger import policy, queries
from matchmaker.matching.ledger.domain import (
    CAUSE_LABELS,
    FIT_LABELS,
    FIT_MEANINGS,
    REASON_GROUPS,
    REASON_LABELS,
    SIDE_LABELS,
    Pair,
)
from matchmaker.matching.ledger.extensions import evidence_sources
from matchmaker.matching.ledger.models import JudgementChange


@dataclass(frozen=True, slots=True)
class Step:
    """One thing said of a pair, for its history.

    Attributes:
        who: as far as the reader may know.
        text: verdict, reason and side in words.
        note: the judge's words, where the reader may read them.
    """

    at: datetime
    who: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opinions:
    """What is to be seen of others.

    Attributes:
        steps: in order; the own ones always, those of others after the own judgement.
        hidden: how many judgements of others are kept back until then.
        is_split: whether the judgements to be seen differ.
    """

    steps: Sequence[Step]
    hidden: int
    is_split: bool


def opinions_of(actor: Actor, pair: Pair, has_judged: bool) -> Opinions:
    """The history of a pair as the person may read it."""
    judgements = queries.judgements_of(pair)
    own = queries.own_judgement(actor, pair)
    sees_all = policy.can_see_others(actor, has_judged)
    others = [each for each in judgements if each.judge_id != actor.user_id]
    shown = [*([own] if own else []), *(others if sees_all else [])]
    names = _names(actor, shown, policy.can_see_names(actor, has_judged))
    changes = queries.changes_of([each.id for each in shown]) if shown else []
    reads_notes = policy.can_see_names(actor, has_judged)
    steps = [
        _step(change, names[change.judgement_id], reads_notes or _is_own(change, own))
        for change in changes
    ]
    answers = [_answer(each) for each in queries.answers_of(pair)] if sees_all else []
    fits = {each.fit for each in shown if not each.is_taken_back}
    return Opinions(
        sorted([*steps, *answers], key=lambda step: step.at),
        0 if sees_all else len(others),
        sees_all and len(fits) > 1,
    )


def _is_own(change: JudgementChange, own: Any) -> bool:
    return own is not None and change.judgement_id == own.id


def _names(actor: Actor, judgements: Sequence[Any], may_see: bool) -> dict[Any, str]:
    ids = [each.judge_id for each in judgements if each.judge_id is not None]
    known = queries.names_of(ids) if may_see else {}
    names: dict[Any, str] = {}
    for number, each in enumerate(judgements, start=1):
        unnamed = known.get(each.judge_id) or f"ほかの判定者{number}"
        names[each.id] = "自分" if each.judge_id == actor.user_id else unnamed
    return names


def _step(change: JudgementChange, who: str, reads_note: bool) -> Step:
    if change.is_taken_back:
        text = f"取り消しました（{change.taken_back_because}）" if reads_note else "取り消しました"
        return Step(change.at, who, text)
    words = [FIT_LABELS[change.fit], REASON_LABELS.get(change.reason, ""), SIDE_LABELS[change.side]]
    return Step(change.at, who, "・".join(filter(None, words)), change.note if reads_note else "")


def _answer(entry: Any) -> Step:
    source = evidence_sources()[entry.source]
    words = [source.verdicts.get(entry.verdict, ""), source.reasons.get(entry.reason, "")]
    who = f"{source.label}（{SIDE_LABELS[entry.side]}）"
    return Step(entry.at, who, "・".join(filter(None, words)))


def judging_words() -> Mapping[str, Any]:
    """Words of the form for judging, for templates."""
    return {
        "fits": [(fit.value, label, FIT_MEANINGS[fit]) for fit, label in FIT_LABELS.items()],
        "reasons": REASON_GROUPS,
        "sides": [(side.value, label) for side, label in SIDE_LABELS.items()],
        "side_labels": {side.value: label for side, label in SIDE_LABELS.items()},
        "fit_labels": {fit.value: label for fit, label in FIT_LABELS.items()},
        "reason_labels": REASON_LABELS,
        "causes": CAUSE_LABELS,
    }


def init_app(app: Flask) -> None:
    """Give templates the words of judging."""
    app.jinja_env.globals["judging_words"] = judging_words()
