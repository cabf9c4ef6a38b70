"""Writing the content together: nothing is overwritten, every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict as ConflictError
from matchmaker.core.errors import ProductError
from matchmaker.core.merging import Conflict, ValuesMerge, merge_values
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.content import (
    RESPONSIBILITY_PREFIX,
    ConsortiumContent,
    check_days,
    check_ranges,
)
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    LIVE_STATES,
    NAME_LENGTH,
    NOTE_LENGTH,
    PRESENT_STATES,
)
from matchmaker.partnering.consortia.events import ConsortiumChanged
from matchmaker.partnering.consortia.models import Consortium, ConsortiumVersion
from matchmaker.partnering.consortia.settling import settle_state

SETS = ("purposes", "materials", "circulation_methods", "model_elements")


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of a save.

    Args:
        number: the version that is stored now.
        content: the stored content, or, with conflicts, what would be stored with theirs in place.
        conflicts: by key of the stored record; with any of them nothing was stored.
        taken: keys that others changed meanwhile and that were taken over.
    """

    number: int
    content: ConsortiumContent
    conflicts: Mapping[str, Conflict]
    taken: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything is stored."""
        return not self.conflicts


def save(
    consortium: Consortium,
    content: ConsortiumContent,
    base_number: int,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
) -> SaveOutcome:
    """Save what was written from version ``base_number`` on, merging what others saved since.

    What only one side changed is taken; where both changed the same in different ways the
    conflicts are given back and nothing is stored. A new version wants the partners' agreement
    anew.

    Args:
        consortium: with its partners.
        content: all of it, as it stands on the writer's page or in a file that came back.
        base_number: the version the writer started from.

    Raises:
        ConflictError: it has ended, or the version it started from was never there.
        ProductError: what was merged contradicts itself (a range with its ends changed places), or
            a new day cannot be meant.
    """
    _check_live(consortium)
    merge = _merged(consortium, content, base_number)
    merged = ConsortiumContent.from_stored(merge.values)
    if merge.is_clean and merged.stored() != consortium.content:
        _check(ConsortiumContent.from_stored(consortium.content), merged, clock.today(now))
        _store(consortium, merged, note, actor, now)
    return SaveOutcome(consortium.revision, merged, merge.conflicts, merge.taken)


def restore(consortium: Consortium, number: int, actor: Actor, now: datetime) -> None:
    """Write an earlier version again, as a new one.

    Raises:
        NotFound: there is no version of this number.
        ConflictError: the consortium has ended.
    """
    _check_live(consortium)
    old = ConsortiumContent.from_stored(queries.version_of(consortium.id, number).content)
    if old.stored() != consortium.content:
        _store(consortium, old, f"第{number}版に戻した", actor, now)


def keep_version(consortium: Consortium, note: str, actor: Actor, now: datetime) -> None:
    """Keep the present content as the version of its number."""
    db.session.add(
        ConsortiumVersion(
            consortium_id=consortium.id,
            number=consortium.revision,
            content=dict(consortium.content),
            note=note[:NOTE_LENGTH],
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=now,
        )
    )
    db.session.flush()


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Keys in which two stored contents differ, in the order of the later one."""
    keys = dict.fromkeys([*after, *before])
    return [key for key in keys if before.get(key) != after.get(key)]


def _check_live(consortium: Consortium) -> None:
    if consortium.state not in LIVE_STATES:
        label = CONSORTIUM_STATES.labels[consortium.state]
        raise ConflictError(f"「{label}」の座組の内容は書きかえられません。")


def _merged(consortium: Consortium, content: ConsortiumContent, base_number: int) -> ValuesMerge:
    base = queries.base_version(consortium.id, base_number)
    if base is None:
        raise ConflictError(
            "もとの版が見つかりません。ページを開き直して、もう一度入れてください。"
        )
    mine = _of_present_partners(consortium, content.stored())
    return merge_values(base.content, mine, consortium.content, sets=SETS)


def _of_present_partners(consortium: Consortium, values: dict[str, Any]) -> dict[str, Any]:
    """The values without responsibilities of rows that are no partner (any more) or never were."""
    present = {
        f"{RESPONSIBILITY_PREFIX}{each.id}"
        for each in consortium.partners
        if each.state in PRESENT_STATES
    }
    return {
        key: value
        for key, value in values.items()
        if not key.startswith(RESPONSIBILITY_PREFIX) or key in present
    }


def _check(before: ConsortiumContent, after: ConsortiumContent, today: date) -> None:
    values = {name: getattr(after, name) for name in _RANGED}
    found = {**check_days(before, after, today), **check_ranges(values)}
    for field, message in found.items():
        raise ProductError(message, field)


_RANGED = ("tonnes_min", "tonnes_max", "starts_on", "ends_on")


def _store(
    consortium: Consortium, content: ConsortiumContent, note: str, actor: Actor, now: datetime
) -> None:
    before = consortium.content
    consortium.content = content.stored()
    consortium.name = content.name[:NAME_LENGTH] or consortium.name
    consortium.revision += 1
    consortium.updated_at = now
    db.session.flush()
    keep_version(consortium, note, actor, now)
    record(
        ConsortiumChanged(
            actor=actor, now=now, subject_id=consortium.id, number=consortium.revision,
            details={"fields": changed_keys(before, consortium.content)},
        )
    )  # fmt: skip
    settle_state(consortium, actor, now)
