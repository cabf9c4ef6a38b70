"""Reading the seed files. They hold data only; how it is loaded is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from config import ROOT

SEEDS = ROOT / "seeds"
REFERENCE = SEEDS / "reference"
CASES = SEEDS / "cases"
DEMO = SEEDS / "demo"
Entry = Mapping[str, Any]
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where the library was built with it: ten times as fast."""


def read_entries(path: Path) -> list[Entry]:
    """Entries of a file that holds a list of mappings.

    Raises:
        ValueError: it holds something else.
    """
    entries = _read(path)
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ValueError(f"{path} must hold a list of mappings")
    return entries


def read_folder(folder: Path, pattern: str = "*.yaml") -> list[Entry]:
    """Entries of all files of a folder, in the order of their names."""
    return [entry for path in sorted(folder.glob(pattern)) for entry in read_entries(path)]


def read_mapping(path: Path) -> Entry:
    """The mapping that a file holds; empty when there is no such file."""
    return dict(_read(path)) if path.exists() else {}


def _read(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=Loader)  # noqa: S506 - a safe loader
