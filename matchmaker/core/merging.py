"""Three-way merge of what several people wrote at once: nothing is overwritten silently.

Each save brings the base it started from. What only one side changed is taken; texts that both
changed are merged by sentences (``merge3``); what cannot be merged is given back as a conflict with
both versions side by side, for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from merge3 import Merge3

SENTENCES = re.compile(r"[^。\n]*(?:。|\n|$)")


@dataclass(frozen=True, slots=True)
class TextMerge:
    """A merged text, or both versions where they contradict each other.

    Args:
        text: the merged text; where the sides contradict each other, mine followed by theirs, so
            that no word is lost whatever happens to it.
        is_clean: whether nothing contradicts.
    """

    text: str
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that both sides changed in different ways."""

    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class ValuesMerge:
    """Merged values.

    Args:
        values: all values; where there is a conflict, theirs (what is stored already).
        conflicts: by key.
        taken: keys that were changed by the others only, so that the person can be told.
    """

    values: dict[str, Any]
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    taken: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing contradicts."""
        return not self.conflicts


def merge_text(base: str, mine: str, theirs: str) -> TextMerge:
    """Merge two versions of a text that started from ``base``, sentence by sentence.

    Japanese prose has few line breaks, so the pieces end at 「。」 or at a line's end.
    """
    if theirs in (mine, base):
        return TextMerge(mine, is_clean=True)
    if mine == base:
        return TextMerge(theirs, is_clean=True)
    merge = Merge3(_pieces(base), _pieces(mine), _pieces(theirs))
    merged: list[str] = []
    is_clean = True
    for kind, *parts in merge.merge_groups():
        if kind == "conflict":
            is_clean = False
            merged += [*parts[1], *parts[2]]
        else:
            merged += parts[0]
    return TextMerge("".join(merged), is_clean)


def merge_values(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    sets: Collection[str] = (),
) -> ValuesMerge:
    """Merge two versions of a record key by key; texts are merged within.

    Args:
        base: values both started from.
        mine: what is being saved.
        theirs: what is stored now.
        sets: keys whose lists are sets (of files, say): what either side added or took away counts.
    """
    values: dict[str, Any] = {}
    conflicts: dict[str, Conflict] = {}
    taken: list[str] = []
    for key in sorted({*base, *mine, *theirs}):
        before, own, other = base.get(key), mine.get(key), theirs.get(key)
        if own == before and other != before:
            taken.append(key)
        if key in sets:
            value, conflict = merge_sets(before or [], own or [], other or []) or None, None
        else:
            value, conflict = _merge_value(before, own, other)
        if value is not None:
            values[key] = value
        if conflict is not None:
            conflicts[key] = conflict
    return ValuesMerge(values, conflicts, tuple(taken))


def merge_sets(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    """What is stored now without what I took away, then what I added; never contradicts itself."""
    kept = [each for each in theirs if each in mine or each not in base]
    return kept + [each for each in mine if each not in base and each not in kept]


def _merge_value(before: Any, own: Any, other: Any) -> tuple[Any, Conflict | None]:
    if own in (before, other):
        return other, None
    if other == before:
        return own, None
    if all(isinstance(value, str | None) for value in (before, own, other)):
        merged = merge_text(before or "", own or "", other or "")
        if merged.is_clean:
            return merged.text or None, None
    return other, Conflict(before, own, other)


def _pieces(text: str) -> list[str]:
    return [piece for piece in SENTENCES.findall(text) if piece]
