"""Minutes as pages show them: headings, paragraphs, marked lines. Plain text only, no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from matchmaker.working_groups.meetings.domain import FindingKind
from matchmaker.working_groups.meetings.minutes.findings import mark_kind

HEADING = re.compile(r"^\s*[■◆#＃]+\s*(\S.*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text.

    Args:
        kind: ``heading``, ``decision``, ``task`` or ``text``.
        text: its words; several lines only in ``text``.
    """

    kind: str
    text: str


def blocks(body: str) -> list[Block]:
    """The text cut into headings, marked lines and paragraphs."""
    lines = [_line(line) for line in body.split("\n")]
    found: list[Block] = []
    for kind, group in groupby(lines, key=lambda block: block.kind):
        if kind == "text":
            found += _paragraphs(block.text for block in group)
        else:
            found += group
    return found


def _line(line: str) -> Block:
    marked = mark_kind(line)
    if marked is not None:
        return Block("decision" if marked is FindingKind.DECISION else "task", line.strip())
    heading = HEADING.match(line)
    return Block("heading", heading[1].strip()) if heading else Block("text", line)


def _paragraphs(lines: Iterable[str]) -> list[Block]:
    """Lines up to an empty one belong together."""
    text = "\n".join(line.rstrip() for line in lines)
    return [Block("text", part.strip("\n")) for part in re.split(r"\n\s*\n", text) if part.strip()]
