"""Decisions and tasks that stand in the minutes as marked lines. Pure rules.

A line that begins with 「決定：」 is a decision, one with 「宿題：」 (or タスク) a task. A task may
name its owner after ＠ and its last day after 期限 (or a day followed by まで). Both colons, both
widths and a list mark before the word are understood.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from matchmaker.core.dates import parse_date
from matchmaker.working_groups.meetings.domain import FindingKind

MARK = re.compile(
    r"^[\s・*\-•●○◎■□◆◇▶>]*(?:【|\[)?(決定事項|決定|決議|合意|宿題|タスク|課題|TO-?DO|ToDo)"
    r"(?:】|\])?[ ]*[:：】\]][ ]*(.+)$",
    re.IGNORECASE,
)
DECISIONS = frozenset({"決定事項", "決定", "決議", "合意"})
OWNER = re.compile(r"@[ ]*([^\s@,、。()]+)")
YEAR = r"(?:(?:\d{4}|(?:令和|平成|昭和|[RrHhSs])[ ]*(?:\d{1,2}|元))[ ]*[年/.\-][ ]*)?"
DAY = rf"{YEAR}\d{{1,2}}[ ]*[月/.\-][ ]*\d{{1,2}}(?!\d)[ ]*日?"
WEEKDAY = r"(?:[ ]*\([月火水木金土日](?:曜日?)?\))?"
DUE = re.compile(rf"(?:期限|〆切|締切|締め切り|納期)[ ]*[:は]?[ ]*({DAY}){WEEKDAY}(?:[ ]*まで)?")
UNTIL = re.compile(rf"(?<![\d/.\-])({DAY}){WEEKDAY}[ ]*まで(?:に)?")
VAGUE_DUE = re.compile(r"(?:期限|〆切|締切|締め切り|納期)[ ]*[:は]?[ ]*([^\s@,、。()]+)")
MONTH_AND_DAY = re.compile(r"^(\d{1,2})[月/.\-](\d{1,2})日?$")
EMPTY_BRACKETS = re.compile(r"[(（][\s、,]*[)）]")
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
TITLE_LENGTH, OWNER_LENGTH, DECISION_LENGTH = 200, 100, 2000
MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One decision or task that stands in the minutes.

    Args:
        kind: which of the two.
        text: the words without mark, owner and day.
        owner_name: as it was written, without 「さん」 and the like.
        due_on: last day.
        unread_due: what was written as a day but could not be read.
        key: the same for the same words, so that none is taken twice.
    """

    kind: FindingKind
    text: str
    owner_name: str = ""
    due_on: date | None = None
    unread_due: str = ""
    key: str = ""


def findings_in(body: str, met_on: date) -> list[Finding]:
    """All marked lines of ``body`` in their order, each text once, at most 100.

    Args:
        body: the minutes.
        met_on: day of the meeting in Japan; a day without a year is the next one from it.
    """
    found: dict[str, Finding] = {}
    for line in body.split("\n"):
        finding = _read_line(line, met_on)
        if finding is not None:
            found.setdefault(finding.key, finding)
    return list(found.values())[:MOST_FINDINGS]


def mark_kind(line: str) -> FindingKind | None:
    """What a line is marked as, if it is."""
    match = MARK.match(_fold(line))
    if match is None:
        return None
    return FindingKind.DECISION if match[1] in DECISIONS else FindingKind.TASK


def read_due(text: str, met_on: date) -> date | None:
    """The day that ``text`` means, or None when there is no such day.

    A month and a day alone mean the first such day that is not before the meeting: 1/5 in the
    minutes of 31 December is in the next year.
    """
    folded = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    match = MONTH_AND_DAY.match(folded)
    if match is None:
        return _day_or_none(folded)
    month, day = int(match[1]), int(match[2])
    this_year = _day_or_none(f"{met_on.year}-{month}-{day}")
    if this_year is not None and this_year >= met_on:
        return this_year
    return _day_or_none(f"{met_on.year + 1}-{month}-{day}")


def key_of(kind: FindingKind, text: str) -> str:
    """A key that is the same for the same words, whatever their width, spaces and last mark."""
    folded = re.sub(r"[\s。.、,]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return hashlib.sha256(f"{kind}:{folded}".encode()).hexdigest()


def _fold(text: str) -> str:
    """The text with narrow letters, digits and marks, each character at its place."""
    return text.translate(NARROW)


def _read_line(line: str, met_on: date) -> Finding | None:
    match = MARK.match(_fold(line))
    if match is None:
        return None
    words = line[match.start(2) :].strip()
    if match[1] in DECISIONS:
        words = words[:DECISION_LENGTH]
        return Finding(FindingKind.DECISION, words, key=key_of(FindingKind.DECISION, words))
    return _read_task(words, met_on)


def _read_task(words: str, met_on: date) -> Finding | None:
    due_on, unread, words = _take_due(words, met_on)
    owner = OWNER.search(_fold(words))
    name = words[owner.start(1) : owner.end(1)] if owner else ""
    text = _tidy(_without(words, owner))
    if not text:
        return None
    return Finding(
        FindingKind.TASK,
        text[:TITLE_LENGTH],
        owner_name=re.sub(r"(さん|様|氏|委員|先生)$", "", name)[:OWNER_LENGTH],
        due_on=due_on,
        unread_due=unread,
        key=key_of(FindingKind.TASK, text),
    )


def _take_due(words: str, met_on: date) -> tuple[date | None, str, str]:
    """The day, what could not be read as one, and the words (「…まで」 stays in them)."""
    folded = _fold(words)
    if match := DUE.search(folded):
        due = read_due(match[1], met_on)
        return due, "" if due else match[1].strip(), _without(words, match)
    if match := UNTIL.search(folded):
        due = read_due(match[1], met_on)
        return due, "" if due else match[1].strip(), words
    if match := VAGUE_DUE.search(folded):
        return None, match[1], _without(words, match)
    return None, "", words


def _without(words: str, match: re.Match[str] | None) -> str:
    return words if match is None else f"{words[: match.start()]} {words[match.end() :]}"


def _tidy(words: str) -> str:
    return re.sub(r"\s+", " ", EMPTY_BRACKETS.sub(" ", words)).strip(" 、,。")


def _day_or_none(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
