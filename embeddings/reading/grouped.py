"""Readings of one post, looked up by kind as often as a pair is compared."""

from __future__ import annotations

from functools import cached_property

from embeddings.facts import PostFacts, Reading, ReadingKind

Value = str | float | tuple[float, float]


class Readings(tuple[Reading, ...]):
    """The readings of one post, in the order of the text; groups them by kind only once."""

    @cached_property
    def by_kind(self) -> dict[ReadingKind, tuple[Reading, ...]]:
        """The readings of each kind that was found."""
        groups: dict[ReadingKind, list[Reading]] = {}
        for reading in self:
            groups.setdefault(reading.kind, []).append(reading)
        return {kind: tuple(found) for kind, found in groups.items()}


def readings_of(post: PostFacts, kind: ReadingKind) -> tuple[Reading, ...]:
    """Return the readings of one kind; none while the text was not read."""
    if not post.readings:
        return ()
    if isinstance(post.readings, Readings):
        return post.readings.by_kind.get(kind, ())
    return tuple(reading for reading in post.readings if reading.kind is kind)


def words_of(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Return the values that are words, each once, in order."""
    return tuple(dict.fromkeys(r.value for r in readings if isinstance(r.value, str)))


def number_of(readings: tuple[Reading, ...]) -> float | None:
    """Return the first value that is a number."""
    return next((r.value for r in readings if isinstance(r.value, float)), None)
