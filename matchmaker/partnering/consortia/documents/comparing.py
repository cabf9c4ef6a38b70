"""Compares a workbook that came back with the version it was written from and with the present one.

What only the workbook changed is taken. What only the service changed since stays. Texts that both
changed are merged by sentences; what contradicts itself is for a person to choose (ADR 0066).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matchmaker.core.merging import merge_sets, merge_values


class Outcome(StrEnum):
    """What becomes of a value that the workbook changed."""

    TAKEN = "taken"
    MERGED = "merged"
    CONFLICT = "conflict"
    SAME = "same"


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.TAKEN: "Excelの内容にします",
    Outcome.MERGED: "両方の変更を合わせます",
    Outcome.CONFLICT: "どちらにするか選んでください",
    Outcome.SAME: "もう同じ内容です",
}


class Side(StrEnum):
    """Whose value is taken where both sides contradict each other."""

    PACK = "pack"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that the workbook changed.

    Args:
        key: key of the stored content, or of roles.
        address: the cell.
        before: in the version the workbook was written from.
        returned: in the workbook.
        present: in the present version.
        outcome: what becomes of it.
        merged: the value that it becomes; of a conflict the present one.
    """

    key: str
    address: str
    before: Any
    returned: Any
    present: Any
    outcome: Outcome
    merged: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing.

    Args:
        changes: what the workbook changed, in its order.
        moved_on: keys that were changed in the service since and stay as they are now.
    """

    changes: tuple[Change, ...]
    moved_on: tuple[str, ...]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Changes for a person to choose."""
        return tuple(each for each in self.changes if each.outcome is Outcome.CONFLICT)

    @property
    def is_useful(self) -> bool:
        """Whether the workbook brings anything that is not there yet."""
        return any(each.outcome is not Outcome.SAME for each in self.changes)


def compare(
    base: Mapping[str, Any],
    returned: Mapping[str, Any],
    present: Mapping[str, Any],
    addresses: Mapping[str, str],
    sets: Collection[str],
) -> Comparison:
    """Compare three states of the same values.

    Args:
        base: the version that the workbook was written from.
        returned: what stands in the workbook; a key that is not there was not read and counts as
            unchanged.
        present: the present version.
        addresses: cell by key, in the order of the workbook.
        sets: keys whose lists are sets: what either side added or took away counts.
    """
    changes = [
        _change(key, base.get(key), returned[key], present.get(key), addresses[key], key in sets)
        for key in addresses
        if key in returned and not _same(base.get(key), returned[key], key in sets)
    ]
    touched = {each.key for each in changes}
    moved_on = [key for key in {**base, **present} if base.get(key) != present.get(key)]
    return Comparison(tuple(changes), tuple(key for key in moved_on if key not in touched))


def _same(first: Any, second: Any, is_set: bool) -> bool:
    if is_set:
        return set(first or ()) == set(second or ())
    return (first or None) == (second or None)


def _change(
    key: str, before: Any, returned: Any, present: Any, address: str, is_set: bool
) -> Change:
    outcome, merged = _settled(before, returned, present, is_set)
    return Change(key, address, before, returned, present, outcome, merged)


def _settled(before: Any, returned: Any, present: Any, is_set: bool) -> tuple[Outcome, Any]:
    if _same(returned, present, is_set):
        return Outcome.SAME, present
    if _same(before, present, is_set):
        return Outcome.TAKEN, returned
    if is_set:
        merged = merge_sets(list(before or []), list(returned or []), list(present or []))
        return Outcome.MERGED, merged
    merge = merge_values({"it": before}, {"it": returned}, {"it": present})
    if merge.is_clean:
        return Outcome.MERGED, merge.values.get("it")
    return Outcome.CONFLICT, present


def resolved(comparison: Comparison, choices: Mapping[str, Side]) -> dict[str, Any]:
    """The new value of each changed key.

    Args:
        choices: side by key for each conflict.

    Raises:
        KeyError: a conflict has no choice.
    """
    values: dict[str, Any] = {}
    for each in comparison.changes:
        takes_pack = each.outcome is Outcome.CONFLICT and choices[each.key] is Side.PACK
        values[each.key] = each.returned if takes_pack else each.merged
    return values
