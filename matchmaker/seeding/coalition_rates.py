"""Rates behind estimates from the reference data; what the secretariat changed stays as it is."""

from __future__ import annotations

import uuid
from decimal import Decimal

from matchmaker.core.actor import SYSTEM
from matchmaker.partnering.coalitions import queries, rates
from matchmaker.seeding.files import REFERENCE, Entry, read_entries
from matchmaker.seeding.progress import Seeder

FILE = REFERENCE / "coalition_rates.yaml"


def load_coalition_rates(seeder: Seeder) -> int:
    """Load the rates that were not loaded before."""

    def load(entry: Entry) -> uuid.UUID:
        known = queries.rate_of(entry["material"])
        if known is not None:
            return known.id
        kg = Decimal(entry["kg_per_head_year"])
        rates.keep_rate(entry["material"], kg, entry["source"], SYSTEM, seeder.now)
        kept = queries.rate_of(entry["material"])
        if kept is None:
            raise KeyError(entry["material"])
        return kept.id

    return seeder.load_once("coalition-rate", "material", read_entries(FILE), load)
