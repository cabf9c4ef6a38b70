"""What is installed is pinned, and the pins come from the direct dependencies."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import ROOT
from scripts.pin_requirements import needed_by

FILES = (
    "requirements.txt",
    "requirements-torch.txt",
    "requirements-dev.txt",
    "requirements-node.txt",
)
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*")


def lines_of(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_to_a_public_version(name: str) -> None:
    assert [line for line in lines_of(name) if not PIN.fullmatch(line)] == []


def test_every_direct_dependency_is_pinned_in_the_range_it_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(line.split("==") for name in FILES for line in lines_of(name))
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wrong = [
        line
        for line in wanted
        if not (asked := Requirement(line)).specifier.contains(
            pins.get(canonicalize_name(asked.name), "0")
        )
    ]
    assert wrong == []


def test_the_pins_are_complete() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {line.partition("==")[0] for name in FILES for line in lines_of(name)}
    groups = project["optional-dependencies"]
    assert set(needed_by([*project["dependencies"], *groups["dev"]])) - pinned == set()


def test_lock_files_name_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
