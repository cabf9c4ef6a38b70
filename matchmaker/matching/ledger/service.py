"""Commands of judges: judge a pair, change it, take it back, pass over a pair."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.core.text import clean_text
from matchmaker.matching.ledger import policy, queries
from matchmaker.matching.ledger.domain import (
    NOTE_LENGTH,
    REASON_LENGTH,
    Opinion,
    Pair,
    check_reason,
)
from matchmaker.matching.ledger.events import JudgementTakenBack, PairJudged, PairSkipped
from matchmaker.matching.ledger.models import Judgement, JudgementChange, SkippedPair
from matchmaker.matching.live import live_version

SAID = ("fit", "reason", "side", "note", "need_hash", "offering_hash")
KEPT = (*SAID, "position", "probability", "version_number", "is_taken_back", "taken_back_because")
FASTER = "ほかの画面で、この組の判定を先に記録しました。いまの内容を確かめてください。"


def judge(need: Any, offering: Any, opinion: Opinion, actor: Actor, now: datetime) -> Judgement:
    """Keep what a judge says of a pair; saying it anew replaces it and keeps what was said before.

    The same said twice (a double click, two tabs) is kept once.

    Args:
        need, offering: the pair with tags and organisations.

    Raises:
        NotAllowed: the person may not judge this pair.
        ProductError: the reason does not fit the verdict, or the note is too long.
        Conflict: a post was rewritten while the judge was reading, or the judge said something
            else in another window in between.
    """
    if actor.user_id is None or not policy.can_judge_pair(actor, need, offering):
        raise NotAllowed("この組を判定する権限がありません。")
    check_reason(opinion.fit, opinion.reason)
    values, pair = _values(opinion), (need.id, offering.id)
    judging = queries.judging_for(actor, [(need, offering)])[pair]
    if (opinion.need_hash, opinion.offering_hash) != (judging.need_mark, judging.offering_mark):
        raise Conflict("読んでいる間に、投稿が書き直されました。読み直してから判定してください。")
    if judging.own is None and _is_first(pair, values, actor.user_id, now):
        return _told(_own(actor, pair), actor, now)
    judgement = _own(actor, pair)
    if _says(judgement, values):
        return judgement
    back = {"is_taken_back": False, "taken_back_because": ""}
    _revise(judgement, {**values, **back}, opinion.expected_revision, now)
    return _told(judgement, actor, now)


def take_back(
    judgement: Judgement, why: str, expected_revision: int, actor: Actor, now: datetime
) -> None:
    """Take back one's own judgement; it stays in the history with the reason.

    Raises:
        NotAllowed: it is somebody else's.
        ProductError: no reason is given, or it is too long.
        Conflict: it was changed in another window in between.
    """
    if actor.user_id is None or judgement.judge_id != actor.user_id:
        raise NotAllowed("ほかの人の判定は取り消せません。")
    why = clean_text(why)
    if not why:
        raise ProductError("取り消す理由を入れてください。", "why")
    if len(why) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH:,}文字までで入れてください。", "why")
    if judgement.is_taken_back:
        return
    said = {name: getattr(judgement, name) for name in KEPT}
    _revise(
        judgement, {**said, "is_taken_back": True, "taken_back_because": why},
        expected_revision, now,
    )  # fmt: skip
    record(
        JudgementTakenBack(
            actor=actor, now=now, subject_id=judgement.need_id, reason=why,
            details={"other": str(judgement.offering_id)},
        )
    )  # fmt: skip


def skip(need: Any, offering: Any, actor: Actor, now: datetime) -> None:
    """Pass over a pair for some time.

    Raises:
        NotAllowed: the person may not judge this pair.
    """
    if actor.user_id is None or not policy.can_judge_pair(actor, need, offering):
        raise NotAllowed("この組を判定する権限がありません。")
    key = {"judge_id": actor.user_id, "need_id": need.id, "offering_id": offering.id}
    row = insert(SkippedPair).values(id=new_id(), at=now, **key)
    if insert_or_skip(db.session(), row, list(key)) == 0:
        db.session.execute(update(SkippedPair).filter_by(**key).values(at=now))
    record(
        PairSkipped(actor=actor, now=now, subject_id=need.id, details={"other": str(offering.id)})
    )


def _values(opinion: Opinion) -> dict[str, Any]:
    note = clean_text(opinion.note)
    if len(note) > NOTE_LENGTH:
        raise ProductError(f"{NOTE_LENGTH:,}文字までで入れてください。", "note")
    version = live_version()
    values = {name: getattr(opinion, name) for name in (*SAID, "position", "probability")}
    return {**values, "note": note, "version_number": version.number if version else 0}


def _own(actor: Actor, pair: Pair) -> Judgement:
    judgement = queries.own_judgement(actor, pair)
    if judgement is None:
        raise Conflict(FASTER)
    return judgement


def _says(judgement: Judgement, values: dict[str, Any]) -> bool:
    said = all(getattr(judgement, name) == values[name] for name in SAID)
    return said and not judgement.is_taken_back


def _is_first(pair: Pair, values: dict[str, Any], judge_id: uuid.UUID, now: datetime) -> bool:
    """Write the first judgement of a pair; False where a request at the same time was faster."""
    judgement_id = new_id()
    row = insert(Judgement).values(
        id=judgement_id, need_id=pair[0], offering_id=pair[1], judge_id=judge_id, revision=1,
        made_at=now, changed_at=now, is_taken_back=False, taken_back_because="", **values,
    )  # fmt: skip
    if insert_or_skip(db.session(), row, ["need_id", "offering_id", "judge_id"]) == 0:
        return False
    kept = {**values, "is_taken_back": False, "taken_back_because": ""}
    db.session.add(JudgementChange(judgement_id=judgement_id, revision=1, at=now, **kept))
    db.session.flush()
    return True


def _revise(judgement: Judgement, values: dict[str, Any], expected: int, now: datetime) -> None:
    """Write the next revision; only the one who read the present one gets through."""
    changed = db.session.execute(
        update(Judgement)
        .where(Judgement.id == judgement.id, Judgement.revision == expected)
        .values(revision=expected + 1, changed_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(FASTER)
    db.session.refresh(judgement)
    kept = {name: values[name] for name in KEPT}
    db.session.add(
        JudgementChange(judgement_id=judgement.id, revision=expected + 1, at=now, **kept)
    )
    db.session.flush()


def _told(judgement: Judgement, actor: Actor, now: datetime) -> Judgement:
    record(
        PairJudged(
            actor=actor, now=now, subject_id=judgement.need_id, reason=judgement.reason,
            details={"other": str(judgement.offering_id), "fit": judgement.fit.value},
        )
    )  # fmt: skip
    return judgement
