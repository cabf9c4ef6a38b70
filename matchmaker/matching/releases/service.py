"""Steps in the life of a version: stored, promoted, rolled back, put in shadow, refused.

The row of the live version is the lock: it leaves its state by an update that names the version one
saw, and a unique index lets only one version be live. So of two people who promote at once one
wins, and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.matching.domain import VersionState
from matchmaker.matching.live import live_version, shadow_version
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import queries
from matchmaker.matching.releases.domain import (
    SHIPPED_NUMBER,
    VERSIONS,
    Objection,
    RequestKind,
    RequestState,
    VersionMove,
    checked_reason,
    objections_in,
    subject_of,
)
from matchmaker.matching.releases.events import (
    RunRequested,
    VersionChecked,
    VersionPromoted,
    VersionRefused,
    VersionRolledBack,
    VersionShadowed,
    VersionTrained,
    VersionUnshadowed,
)
from matchmaker.matching.releases.models import RankingRequest

CHANGED = "ほかの人が先に、使う版を変えました。ページを開き直して、いまの版を確かめてください。"


def store_version(
    parameters: dict[str, Any],
    figures: dict[str, Any],
    trained_on: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> RankingVersion:
    """Keep a freshly trained version: as a candidate, or refused when its figures speak against it.

    Args:
        parameters: what ``embeddings.partnership`` reads.
        figures: measures with the objections found (see :mod:`.measuring`).
        trained_on: numbers of pairs by where they come from.
    """
    objections = objections_in(figures, figures["against"])
    state = VersionState.REFUSED if objections else VersionState.CANDIDATE
    version = RankingVersion(
        id=new_id(), number=queries.next_number(), state=state, parameters=parameters,
        figures=figures, trained_on=dict(trained_on), trained_at=now, promoted_at=None,
        changed_by_id=actor.user_id, reason="",
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    details = {"number": version.number, "objections": [str(each) for each in objections]}
    record(VersionTrained(actor=actor, now=now, subject_id=version.id, details=details))
    return version


def store_check(
    version: RankingVersion, figures: dict[str, Any], actor: Actor, now: datetime
) -> None:
    """Keep new figures of a version that waits; its state follows them, save in shadow."""
    version.figures = figures
    objections = objections_in(figures, figures["against"])
    db.session.flush()
    # Measuring takes minutes: only a version that waits still is moved by its figures.
    waits = RankingVersion.state.in_((VersionState.CANDIDATE, VersionState.REFUSED))
    state = VersionState.REFUSED if objections else VersionState.CANDIDATE
    own = RankingVersion.id == version.id
    db.session.execute(update(RankingVersion).where(own, waits).values(state=state))
    db.session.refresh(version)
    details = {"number": version.number, "objections": [str(each) for each in objections]}
    record(VersionChecked(actor=actor, now=now, subject_id=version.id, details=details))


def promote(
    version: RankingVersion,
    seen_live: int,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    despite: bool = False,
) -> None:
    """Use a version from now on.

    Args:
        seen_live: number of the version that was live when the person decided.
        despite: set aside what speaks against it; the objections go into the audit log.

    Raises:
        ProductError: there are objections and ``despite`` is not set, there is no reason, or this
            program cannot read the parameters.
        IllegalMove: it is neither candidate nor shadow nor refused.
        Conflict: another version went live in between.
    """
    reason = checked_reason(reason)
    state = VERSIONS.check(version.state, VersionMove.PROMOTE, reason)
    queries.model_of(version)
    objections = objections_in(version.figures, queries.live_number())
    if objections and not despite:
        raise ProductError(refusal(objections), "despite")
    _take_over(version, state, seen_live, reason, actor, now)
    details: dict[str, Any] = {"number": version.number, "instead_of": seen_live}
    if objections:
        details["despite"] = [str(each) for each in objections]
    record(
        VersionPromoted(actor=actor, now=now, subject_id=version.id, reason=reason, details=details)
    )


def refusal(objections: tuple[Objection, ...]) -> str:
    """Why a version is not used, for the person who asked."""
    return "この版は、このままでは使えません。" + "".join(each.label for each in objections)


def roll_back(number: int, seen_live: int, reason: str, actor: Actor, now: datetime) -> None:
    """Use an earlier version again, the shipped one included; nothing is measured for it.

    Raises:
        ProductError: there is no reason.
        IllegalMove: the version was never live, or is live.
        Conflict: another version went live in between.
        NotFound: there is no such version.
    """
    reason = checked_reason(reason)
    if number == SHIPPED_NUMBER:
        _leave_live(seen_live, VERSIONS.check(_live_state(), VersionMove.RETIRE))
        subject = subject_of(SHIPPED_NUMBER)
    else:
        version = queries.version_with(number)
        state = VERSIONS.check(version.state, VersionMove.ROLL_BACK, reason)
        _take_over(version, state, seen_live, reason, actor, now)
        subject = version.id
    details = {"number": number, "instead_of": seen_live}
    record(
        VersionRolledBack(actor=actor, now=now, subject_id=subject, reason=reason, details=details)
    )


def _live_state() -> VersionState:
    """State of the version in use; the shipped one cannot be left for itself."""
    live = live_version()
    return live.state if live else VersionState.RETIRED


def _take_over(
    version: RankingVersion,
    state: VersionState,
    seen_live: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    _leave_live(seen_live, VERSIONS.moves[VersionMove.RETIRE].target)
    statement = (
        update(RankingVersion)
        .where(RankingVersion.id == version.id, RankingVersion.state == version.state)
        .values(state=state, promoted_at=now, changed_by_id=actor.user_id, reason=reason)
    )
    try:
        changed = _changed(statement)
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(CHANGED) from error
    if changed != 1:
        raise Conflict(CHANGED)
    db.session.refresh(version)


def _leave_live(seen_live: int, state: VersionState) -> None:
    """Take the version that the person saw out of use.

    Raises:
        Conflict: another one is live by now.
    """
    if seen_live == SHIPPED_NUMBER:
        if live_version() is not None:
            raise Conflict(CHANGED)
        return
    statement = (
        update(RankingVersion)
        .where(RankingVersion.number == seen_live, RankingVersion.state == VersionState.LIVE)
        .values(state=state)
    )
    if _changed(statement) != 1:
        raise Conflict(CHANGED)


def _changed(statement: Any) -> int:
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


def put_in_shadow(version: RankingVersion, reason: str, actor: Actor, now: datetime) -> None:
    """Compare a version with the live one day by day; nobody sees its order.

    Raises:
        ProductError: there is no reason.
        Conflict: another version is in shadow, or this one cannot be.
    """
    reason = checked_reason(reason)
    state = VERSIONS.check(version.state, VersionMove.SHADOW, reason)
    other = shadow_version()
    if other is not None:
        raise Conflict(f"版{other.number}が並走中です。先に、その並走をやめてください。")
    _move(version, state, reason, actor)
    details = {"number": version.number}
    record(
        VersionShadowed(actor=actor, now=now, subject_id=version.id, reason=reason, details=details)
    )


def end_shadow(version: RankingVersion, reason: str, actor: Actor, now: datetime) -> None:
    """Stop comparing; the version is a candidate again, or refused when figures say so.

    Raises:
        ProductError: there is no reason.
        IllegalMove: it is not in shadow.
    """
    reason = checked_reason(reason)
    state = VERSIONS.check(version.state, VersionMove.END_SHADOW, reason)
    if version.figures.get("objections"):
        state = VersionState.REFUSED
    _move(version, state, reason, actor)
    details = {"number": version.number}
    record(
        VersionUnshadowed(
            actor=actor, now=now, subject_id=version.id, reason=reason, details=details
        )
    )


def refuse(version: RankingVersion, reason: str, actor: Actor, now: datetime) -> None:
    """Put a version aside, whatever its figures say.

    Raises:
        ProductError: there is no reason.
        IllegalMove: it is neither candidate nor shadow.
    """
    reason = checked_reason(reason)
    state = VERSIONS.check(version.state, VersionMove.REFUSE, reason)
    _move(version, state, reason, actor)
    details = {"number": version.number}
    record(
        VersionRefused(actor=actor, now=now, subject_id=version.id, reason=reason, details=details)
    )


def _move(version: RankingVersion, state: VersionState, reason: str, actor: Actor) -> None:
    """Change the state that the person saw; another one by now is never written over."""
    statement = (
        update(RankingVersion)
        .where(RankingVersion.id == version.id, RankingVersion.state == version.state)
        .values(state=state, reason=reason, changed_by_id=actor.user_id)
    )
    try:
        changed = _changed(statement)
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(CHANGED) from error
    if changed != 1:
        raise Conflict(CHANGED)
    db.session.refresh(version)


def request_run(
    kind: RequestKind, actor: Actor, now: datetime, version: RankingVersion | None = None
) -> RankingRequest:
    """Ask the worker for a training or measurement; one that is open already is given back."""
    found = queries.open_request_of(kind)
    if found is not None:
        return found
    request = RankingRequest(
        id=new_id(), kind=kind, state=RequestState.WAITING, requested_at=now, finished_at=None,
        version_number=version.number if version else None, requested_by_id=actor.user_id,
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    details = {"kind": kind.value, "number": request.version_number}
    record(RunRequested(actor=actor, now=now, subject_id=request.id, details=details))
    return request
