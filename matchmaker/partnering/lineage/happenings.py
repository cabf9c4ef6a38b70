"""The timeline of a lineage: what happened, in which words, by whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import KIND_LABELS, Audience, RecordKey
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.models import LineageRecord
from matchmaker.partnering.lineage.readers import READERS
from matchmaker.partnering.lineage.wording import names_somebody, tag_words

GONE = "いまは登録のない団体"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline.

    Args:
        words: what happened: 「公開中」になりました, or the words for the event.
        title: how the record is called now.
        former_title: how it was called then, where that differs.
        actor_name: who did it; empty for those who do not read names.
        count: how often the same happened one after the other on that day.
    """

    at: datetime
    key: RecordKey
    kind_label: str
    words: str
    title: str
    url: str
    former_title: str
    actor_name: str
    count: int = 1


def happenings_of(actor: Actor, family: Family, urls: Mapping[RecordKey, str]) -> list[Happening]:
    """The timeline of a family (two statements), the oldest first.

    Entries of the same moment stand in the order in which they were written, which is that of what
    happened. Organisations are named to whoever may see the record: the pages of a coalition and of
    a consortium name all that were asked to the same people. Persons are for the secretariat.

    Args:
        urls: the page of each record; empty where there is none.
    """
    entries = [
        each for each in queries.entries_of(family.subjects.keys()) if _may_read(actor, each)
    ]
    entries.sort(key=lambda each: (each.at, each.sequence))
    names = _organization_names(entries)
    return _folded(_happening(actor, family, urls, names, each) for each in entries)


def _may_read(actor: Actor, entry: LineageRecord) -> bool:
    if entry.audience is Audience.RECORD or actor.is_secretariat:
        return True
    return actor.belongs_to(entry.organization_id)


def _organization_names(entries: Iterable[LineageRecord]) -> dict[uuid.UUID, str]:
    """The organisations that the words of these entries name."""
    ids = {
        each.organization_id
        for each in entries
        if each.organization_id is not None and names_somebody(each.tag)
    }
    return {key: found.name for key, found in organizations_by_id(sorted(ids)).items()}


def _happening(
    actor: Actor,
    family: Family,
    urls: Mapping[RecordKey, str],
    names: Mapping[uuid.UUID, str],
    entry: LineageRecord,
) -> Happening:
    key = RecordKey(entry.kind, entry.record_id)
    title = family.subjects[key].title
    who = names.get(entry.organization_id, GONE) if entry.organization_id else ""
    return Happening(
        at=entry.at,
        key=key,
        kind_label=KIND_LABELS[entry.kind],
        words=words_of(entry, who),
        title=title,
        url=urls[key],
        former_title=entry.title if entry.title not in ("", title) else "",
        actor_name=entry.actor_name if actor.is_secretariat else "",
    )


def words_of(entry: LineageRecord, who: str = "") -> str:
    """What an entry tells, in a few words.

    Args:
        who: name of the organisation concerned; empty for one that is no member.
    """
    labels = READERS[entry.kind].labels
    before, after = labels.get(entry.before or "", ""), labels.get(entry.after or "", "")
    told = tag_words(entry.tag, who)
    if not after:
        return told
    if not before:
        return f"{told}（{after}）"
    change = f"「{before}」から「{after}」へ"
    return f"{told}（{change}）" if names_somebody(entry.tag) else change


def _folded(happenings: Iterable[Happening]) -> list[Happening]:
    """The same thing again and again on one day is one line with its number."""
    found: list[Happening] = []
    for each in happenings:
        if found and _is_again(found[-1], each):
            found[-1] = replace(each, count=found[-1].count + 1)
        else:
            found.append(each)
    return found


def _is_again(last: Happening, each: Happening) -> bool:
    if today(last.at) != today(each.at):
        return False
    return replace(last, at=each.at, count=1) == each
