"""Support programmes from the reference data; what the secretariat changed stays as it is."""

from __future__ import annotations

import uuid

from matchmaker.core.actor import SYSTEM
from matchmaker.core.cleaning import Value, clean_record
from matchmaker.partnering.consortia.programmes import queries, service
from matchmaker.partnering.consortia.programmes.content import (
    PROGRAMME_FIELDS,
    check_programme,
    stored,
)
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.seeding.files import REFERENCE, Entry, read_entries
from matchmaker.seeding.progress import Seeder

FILE = REFERENCE / "support_programmes.yaml"


def load_support_programmes(seeder: Seeder) -> int:
    """Load the programmes that were not loaded before."""

    def load(entry: Entry) -> uuid.UUID:
        known = queries.of_key(entry["key"])
        if known is not None:
            return known.id
        values = stored(checked_values(entry))
        return service.add(values, SYSTEM, seeder.now, key=entry["key"]).id

    return seeder.load_once("support-programme", "key", read_entries(FILE), load)


def checked_values(entry: Entry) -> dict[str, Value]:
    """The fields of an entry, checked as the form checks them.

    Raises:
        ValueError: the file holds something that the form would refuse.
    """
    cleaned = clean_record(
        PROGRAMME_FIELDS, entry, DatabaseVocabularies(), complete=True, rules=(check_programme,)
    )
    if cleaned.errors:
        raise ValueError(f"{FILE.name}, {entry['key']}: {cleaned.errors}")
    return dict(cleaned.values)
