"""What a record came from and what became of it, as far as a person may see.

From the record one goes up to all it grew from, and down to all that grew from it. Nobody gets past
a record that is hidden from them: it stands as one nameless end, however many there are, so that
neither number nor kind of what is hidden can be read off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from matchmaker.core.actor import Actor
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import LAYERS, RecordKey
from matchmaker.partnering.lineage.readers import Subject, visible_subjects

DEEPEST = 12
MOST_RECORDS = 120


@dataclass(slots=True)
class Family:
    """A record with those around it.

    Args:
        start: the record asked for.
        subjects: what the person may see.
        links: parent and child, both in ``subjects``.
        hidden_above, hidden_below: records of ``subjects`` with a hidden parent or child.
        is_cut: whether there were too many to show.
    """

    start: RecordKey
    subjects: dict[RecordKey, Subject] = field(default_factory=dict)
    links: set[queries.Link] = field(default_factory=set)
    hidden_above: set[RecordKey] = field(default_factory=set)
    hidden_below: set[RecordKey] = field(default_factory=set)
    is_cut: bool = False

    def in_order(self) -> list[Subject]:
        """All subjects, from posts to pilots, then by name."""
        return sorted(
            self.subjects.values(),
            key=lambda each: (LAYERS[each.key.kind], each.key.kind, each.title),
        )

    def parents_of(self, key: RecordKey) -> list[Subject]:
        """What a record grew from, as far as it may be seen."""
        return [self.subjects[parent] for parent, child in sorted(self.links) if child == key]


def family_of(actor: Actor, start: RecordKey) -> Family | None:
    """The family of a record; None when the person may not see the record itself."""
    family = Family(start, visible_subjects(actor, [start]))
    if start not in family.subjects:
        return None
    _walk(family, actor, [start], upwards=True)
    grown = _walk(family, actor, [start], upwards=False)
    if grown:
        # The other side of each introduction, but not what else became of it.
        _step(family, actor, grown, upwards=True)
    return family


def _walk(
    family: Family, actor: Actor, start: Collection[RecordKey], *, upwards: bool
) -> list[RecordKey]:
    """Go on until nothing new is found; gives all records that were reached."""
    edge, reached = list(start), []
    for _ in range(DEEPEST):
        edge = _step(family, actor, edge, upwards=upwards)
        reached += edge
        if not edge:
            break
    return reached


def _step(
    family: Family, actor: Actor, edge: Collection[RecordKey], *, upwards: bool
) -> list[RecordKey]:
    """Add the parents (or children) of ``edge``; gives those that were not known before."""
    read: Callable[[Collection[RecordKey]], list[queries.Link]]
    read = queries.links_above if upwards else queries.links_below
    links = read(edge)
    further = {parent if upwards else child for parent, child in links}
    unknown = sorted(further - family.subjects.keys())
    room = max(0, MOST_RECORDS - len(family.subjects))
    family.is_cut = family.is_cut or len(unknown) > room
    fresh = visible_subjects(actor, unknown[:room])
    family.subjects.update(fresh)
    for parent, child in links:
        _note(family, parent, child, is_cut=bool(set(unknown[room:]) & {parent, child}))
    return list(fresh)


def _note(family: Family, parent: RecordKey, child: RecordKey, *, is_cut: bool) -> None:
    if parent in family.subjects and child in family.subjects:
        family.links.add((parent, child))
    elif is_cut:
        return
    elif child in family.subjects:
        family.hidden_above.add(child)
    else:
        family.hidden_below.add(parent)
