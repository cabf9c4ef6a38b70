"""Reading the seed files as they are shipped, and measures of how alike their texts are."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from matchmaker.core.fields import Choice

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
GRAM = 5
NEAR_DUPLICATE = 0.3
Entry = Mapping[str, Any]


def read_list(path: Path) -> list[dict[str, Any]]:
    """The entries of a seed file."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


@cache
def materials() -> tuple[Choice, ...]:
    """The vocabulary of materials as it is shipped."""
    return tuple(
        Choice(entry["id"], entry["name"])
        for entry in read_list(SEEDS / "reference" / "materials.yaml")
    )


@cache
def municipalities() -> tuple[Mapping[str, str], ...]:
    """The shipped list of real municipalities."""
    path = SEEDS / "reference" / "municipalities.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def prefecture_of_municipality() -> Mapping[str, str]:
    """Prefecture by six-digit code, from the shipped list of municipalities."""
    return {row["lgcode"]: row["pref"] for row in municipalities()}


@dataclass(frozen=True, slots=True)
class ShippedVocabularies:
    """The vocabularies of the database, read from the files they are loaded from."""

    def choices(self, name: str) -> Sequence[Choice]:
        """Entries of the vocabulary called ``name``."""
        return {"materials": materials()}[name]

    def municipality(self, text: str, _prefecture: str | None) -> str | None:
        """The code itself when it is in the shipped list."""
        return text if text in prefecture_of_municipality() else None


def as_stored(value: Any) -> Any:
    """A value of the file as the product keeps it: decimals exactly, all else unchanged."""
    return Decimal(str(value)) if isinstance(value, float) else value


def keys_of(entries: Sequence[Entry], name: str = "key") -> list[str]:
    """Keys of seed entries, as names of test cases."""
    return [entry[name] for entry in entries]


def grams(text: str) -> frozenset[str]:
    """All character 5-grams of a text without its white space."""
    joined = "".join(text.split())
    return frozenset(joined[i : i + GRAM] for i in range(len(joined) - GRAM + 1))


def near_duplicates(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of keys whose texts share too many 5-grams (Jaccard)."""
    sets = {key: grams(text) for key, text in texts.items()}
    return [
        (a, b)
        for a, b in combinations(sets, 2)
        if len(sets[a] & sets[b]) >= NEAR_DUPLICATE * len(sets[a] | sets[b])
    ]
