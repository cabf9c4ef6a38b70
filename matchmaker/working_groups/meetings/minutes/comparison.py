"""Two texts side by side, sentence by sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from matchmaker.core.merging import SENTENCES

MOST_PIECES = 6000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the two texts.

    Args:
        kind: ``same``, ``gone`` (only before) or ``new`` (only after).
        text: its words.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two texts differ: what either says there."""

    before: str
    after: str


def compare(before: str, after: str) -> list[Piece]:
    """``after`` with what is new in it and what is gone from ``before``, in reading order."""
    old, new = pieces(before), pieces(after)
    found: list[Piece] = []
    for tag, i1, i2, j1, j2 in _steps(old, new):
        if tag == "equal":
            found.append(Piece("same", "".join(new[j1:j2])))
            continue
        if i1 < i2:
            found.append(Piece("gone", "".join(old[i1:i2])))
        if j1 < j2:
            found.append(Piece("new", "".join(new[j1:j2])))
    return found


def differences(before: str, after: str) -> list[Difference]:
    """Only the places in which the texts differ."""
    old, new = pieces(before), pieces(after)
    return [
        Difference("".join(old[i1:i2]), "".join(new[j1:j2]))
        for tag, i1, i2, j1, j2 in _steps(old, new)
        if tag != "equal"
    ]


def pieces(text: str) -> list[str]:
    """The sentences and lines of a text, as the merge cuts them."""
    return [piece for piece in SENTENCES.findall(text) if piece][:MOST_PIECES]


def _steps(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()  # type: ignore[return-value]
