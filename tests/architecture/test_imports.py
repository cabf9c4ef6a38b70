"""Import rules that import-linter does not see, and import-linter itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import ROOT
from tests.architecture.source import SourceFile, all_files, product_files

ONLY_IN = {
    "apscheduler": ("matchmaker/jobs/",),
    "flask_security": ("matchmaker/accounts/",),
    "flask_login": ("matchmaker/accounts/",),
    "flask_limiter": ("matchmaker/accounts/",),
    "torch": ("embeddings/",),
    "transformers": ("embeddings/",),
    "sentence_transformers": ("embeddings/",),
    "faiss": ("embeddings/",),
    "sudachipy": ("embeddings/",),
    "smtplib": ("matchmaker/notifications/",),
    "sqlite3": ("embeddings/made_up_corpus.py",),  # a file of posts to measure with
    "sqlalchemy.dialects": ("matchmaker/core/dialect.py",),
    "flask_sqlalchemy": ("matchmaker/core/db.py",),
}
"""Libraries that only one part of the product names."""

LATE_IMPORTS = {
    ("embeddings/", "torch"): "takes seconds to load; commands and words-only ranking go without",
    ("embeddings/", "transformers"): "loads torch",
    ("embeddings/", "sentence_transformers"): "loads torch",
    ("embeddings/", "safetensors"): "needed once, when the model is unpacked",
    ("embeddings/", "faiss"): "takes a second to load; many commands go without",
    ("embeddings/", "sudachipy"): "loads its dictionary",
}
"""Imports inside functions that are allowed: (where, package) with the reason."""

BAD_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
REQUEST_SIDE = re.compile(r"(/|_)(views|forms)\.py$|_pages\.py$|/web/\w+\.py$")


def test_the_contracts_of_import_linter_are_kept() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_libraries_are_named_only_where_they_belong() -> None:
    found = [
        f"{file.path}:{line} imports {name}"
        for file in product_files()
        for line, name in file.imports()
        for library, places in ONLY_IN.items()
        if (name == library or name.startswith(f"{library}."))
        and not file.path.startswith(places or ("nowhere",))
    ]
    assert found == []


def test_nothing_is_imported_inside_functions() -> None:
    found = [
        f"{file.path}:{node.lineno}"
        for file in all_files()
        for function in file.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _may_be_late(file, node)
    ]
    assert sorted(set(found)) == []


def test_no_import_hides_from_the_checks_behind_type_checking() -> None:
    found = [
        f"{file.path}:{node.lineno}"
        for file in product_files()
        for node in ast.walk(file.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if any(_names_product(each) for each in node.body)
    ]
    assert found == []


def test_views_and_forms_do_not_touch_the_session() -> None:
    found = [
        f"{file.path}:{line} imports {name}"
        for file in product_files()
        if REQUEST_SIDE.search(file.path) and not file.path.startswith("matchmaker/core/")
        for line, name in file.imports()
        if name in {"matchmaker.core.db.db", "matchmaker.core.db"} or name.startswith("sqlalchemy")
    ]
    assert found == []


def test_modules_say_what_they_are_for() -> None:
    found = [
        file.path
        for file in all_files()
        if BAD_NAMES & set(file.path.removesuffix(".py").split("/"))
    ]
    assert found == []


def test_every_third_party_import_is_a_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    product = _names(project["dependencies"])
    development = product | _names(extras["dev"])
    missing = {
        f"{file.path}: {name}"
        for file in all_files()
        for _line, name in file.imports()
        if (owners := _distributions(name))
        and not owners & (development if file.path.startswith(("tests", "scripts")) else product)
    }
    assert missing == set()


OWNERS = packages_distributions()
COME_WITH_OTHERS = {
    "werkzeug": "Flask",
    "jinja2": "Flask",
    "markupsafe": "Flask",
    "itsdangerous": "Flask",
    "click": "Flask",
    "blinker": "Flask",
    "alembic": "Flask-Migrate",
    "babel": "Flask-Babel",
    "numpy": "faiss-cpu",
    "scipy": "sentence-transformers",
    "safetensors": "sentence-transformers",
    "transformers": "sentence-transformers",
    "pydantic": "pydantic-settings",
    "packaging": "gunicorn",
    "passlib": "Flask-Security",
    "psutil": "sentence-transformers",
    "qrcode": "Flask-Security",
}
"""Packages that are a documented part of a direct dependency."""


def _distributions(name: str) -> set[str]:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or (ROOT / top).exists() or (ROOT / f"{top}.py").exists():
        return set()
    direct = {COME_WITH_OTHERS[top]} if top in COME_WITH_OTHERS else set(OWNERS.get(top, [top]))
    return {canonicalize_name(each) for each in direct}


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


def _may_be_late(file: SourceFile, node: ast.Import | ast.ImportFrom) -> bool:
    modules = (
        [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    )
    return all(
        any(
            file.path.startswith(place) and (name == library or name.startswith(f"{library}."))
            for place, library in LATE_IMPORTS
        )
        for name in modules
    )


def _names_product(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matchmaker")
