"""Write the pinned requirements files from what is installed in the virtual environment.

The direct dependencies stand in ``pyproject.toml``; this follows them to all they need. Run it
after installing or upgrading a package: ``.venv/bin/python -m scripts.pin_requirements``.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Written by scripts/pin_requirements.py from pyproject.toml; do not edit by hand.\n"
# Installed by itself first (see the Makefile); its own needs are pinned with the others.
APART = "torch"


def needed_by(requirements: Iterable[str]) -> dict[str, str]:
    """Versions of everything that ``requirements`` need, themselves included.

    Args:
        requirements: lines such as ``Flask-Security[mfa]>=5.9``.

    Returns:
        Version by normalised name, without the local part (``+cpu``).
    """
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {e for n, e in seen if n == name}:
            seen.add((name, extra))
            waiting += _requirements_of(name, extra)
        versions[name] = distribution(name).version.partition("+")[0]
    return versions


def _requirements_of(name: str, extra: str) -> Iterator[Requirement]:
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def write(path: Path, versions: dict[str, str], first_line: str = "") -> None:
    """Write one requirements file, names in order."""
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    path.write_text(HEADER + first_line + "".join(lines), encoding="utf-8")


def main() -> None:
    """Write all requirements files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    try:
        product = needed_by(project["dependencies"])
        development = needed_by(groups["dev"])
        node = needed_by(groups["node"])
    except PackageNotFoundError as error:
        sys.exit(f"{error.name} is not installed in this environment")
    torch = product.pop(APART)
    extra = {name: version for name, version in development.items() if name not in product}
    write(ROOT / "requirements-torch.txt", {APART: torch})
    write(ROOT / "requirements.txt", product)
    write(ROOT / "requirements-dev.txt", extra, "-r requirements.txt\n")
    write(ROOT / "requirements-node.txt", node)


if __name__ == "__main__":
    main()
