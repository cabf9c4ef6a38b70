"""Read a folder of judged needs and offerings."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, TextPart

NEEDS_FILE: Final = "needs.jsonl"
OFFERINGS_FILE: Final = "offerings.jsonl"
JUDGEMENTS_FILE: Final = "qrels.tsv"
_COLUMNS: Final = 3
_FURTHER_FIELDS: Final = (
    "background",
    "problem",
    "desired_state",
    "conditions",
    "strengths",
    "track_record",
)


class BadBenchFolder(ValueError):
    """The folder cannot be read; the message says which file and line is at fault."""


@dataclass(frozen=True, slots=True)
class BenchFolder:
    """A judged set.

    Attributes:
        needs, offerings: in the order of their files.
        judgements: need id → offering id → grade 0–3; absent pairs count 0.
    """

    needs: tuple[NeedFacts, ...]
    offerings: tuple[OfferingFacts, ...]
    judgements: dict[str, dict[str, int]]


def read_bench_folder(folder: Path) -> BenchFolder:
    """Read ``needs.jsonl``, ``offerings.jsonl`` and ``qrels.tsv``.

    Every field may be missing or null except ``id``, and one of ``title`` and ``description``.

    Args:
        folder: the folder.

    Raises:
        BadBenchFolder: when a file is missing, empty or malformed.
    """
    if not folder.is_dir():
        raise BadBenchFolder(f"{folder} is not a folder")
    needs = tuple(_need(row) for row in _rows(folder / NEEDS_FILE))
    offerings = tuple(_offering(row) for row in _rows(folder / OFFERINGS_FILE))
    known = {need.id for need in needs}, {offering.id for offering in offerings}
    judgements: dict[str, dict[str, int]] = {}
    for need_id, offering_id, grade in _judgements(folder / JUDGEMENTS_FILE, *known):
        judgements.setdefault(need_id, {})[offering_id] = grade
    return BenchFolder(needs=needs, offerings=offerings, judgements=judgements)


@dataclass(frozen=True, slots=True)
class _Row:
    """One JSON object with the place it came from, for messages."""

    where: str
    fields: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadBenchFolder(f"{self.where}: {name} must be text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name)
        values = [value] if isinstance(value, str) else value or []
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise BadBenchFolder(f"{self.where}: {name} must be a list of texts")
        return tuple(values)

    def number(self, name: str) -> float | None:
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise BadBenchFolder(f"{self.where}: {name} must be a number")
        return float(value)

    def common(self) -> dict[str, Any]:
        fields = {name: self.text(name) for name in ("id", "title", "description")}
        if not fields["id"]:
            raise BadBenchFolder(f"{self.where}: id is missing")
        if not fields["title"].strip() and not fields["description"].strip():
            raise BadBenchFolder(f"{self.where}: title and description are both missing")
        further = tuple(
            TextPart(name, self.text(name)) for name in _FURTHER_FIELDS if self.text(name)
        )
        lists = ("materials", "circulation_methods", "process_stages", "source_kinds", "licences")
        return {
            **fields,
            "further": further,
            "organization": self.text("organization"),
            "prefecture": self.text("prefecture") or None,
            "latitude": self.number("latitude"),
            "longitude": self.number("longitude"),
            "waste_class": self.text("waste_class") or None,
            **{name: self.texts(name) for name in lists},
        }


def _need(row: _Row) -> NeedFacts:
    quantity = row.number("quantity_tonnes_per_year")
    low, high = row.number("quantity_low"), row.number("quantity_high")
    scope = row.text("partner_scope")
    return NeedFacts(
        **row.common(),
        quantity_low=quantity if low is None else low,
        quantity_high=quantity if high is None else high,
        one_off=row.fields.get("one_off") is True,
        partner_scope=PartnerScope(scope) if scope in set(PartnerScope) else None,
        sought_kinds=row.texts("sought_kinds"),
    )


def _offering(row: _Row) -> OfferingFacts:
    return OfferingFacts(
        **row.common(),
        kind=row.text("kind") or None,
        outputs=row.texts("outputs"),
        capacity=row.number("capacity_tonnes_per_year"),
        free_capacity=row.number("free_capacity_tonnes_per_year"),
        minimum_lot=row.number("minimum_lot_tonnes_per_year"),
        service_area=row.texts("service_area"),
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadBenchFolder(f"{path.name} is missing or cannot be read") from error
    except UnicodeDecodeError as error:
        raise BadBenchFolder(f"{path.name} is not UTF-8") from error
    # Not splitlines: a text may hold U+2028 and the like.
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield f"{path.name} line {number}", line


def _rows(path: Path) -> Iterator[_Row]:
    seen: set[str] = set()
    for where, line in _lines(path):
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise BadBenchFolder(f"{where} is not JSON") from error
        if not isinstance(fields, dict):
            raise BadBenchFolder(f"{where} is not a JSON object")
        row = _Row(where, fields)
        if row.text("id") in seen:
            raise BadBenchFolder(f"{where}: id {row.text('id')} occurs twice")
        seen.add(row.text("id"))
        yield row
    if not seen:
        raise BadBenchFolder(f"{path.name} is empty")


def _judgements(path: Path, needs: set[str], offerings: set[str]) -> Iterator[tuple[str, str, int]]:
    for where, line in _lines(path):
        cells = next(csv.reader([line.rstrip("\r")], delimiter="\t"))
        if cells[0] == "need_id":
            continue
        if len(cells) != _COLUMNS or cells[2].strip() not in {"0", "1", "2", "3"}:
            raise BadBenchFolder(f"{where}: expected need_id, offering_id and a grade of 0–3")
        if cells[0] not in needs or cells[1] not in offerings:
            raise BadBenchFolder(f"{where}: {cells[0]} or {cells[1]} is in neither file")
        yield cells[0], cells[1], int(cells[2])
