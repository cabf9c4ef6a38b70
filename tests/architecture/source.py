"""The project's own Python files, parsed, for rules that are checked on the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import ROOT

PRODUCT = ("matchmaker", "embeddings", "scripts")
SINGLE_FILES = ("config.py", "gunicorn.conf.py", "wsgi.py")
GENERATED = "matchmaker/migrations"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file with its syntax tree.

    Args:
        path: relative to the project's folder, with forward slashes.
        text: its content.
        tree: its syntax tree.
    """

    path: str
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """All functions and methods."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of everything imported at any place in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{each.name}") for each in node.names)


@cache
def product_files() -> tuple[SourceFile, ...]:
    """The files of the product, without generated migrations."""
    return tuple(
        file for file in _files(PRODUCT, SINGLE_FILES) if not file.path.startswith(GENERATED)
    )


@cache
def all_files() -> tuple[SourceFile, ...]:
    """The files of the product and of its tests."""
    return (*product_files(), *_files(("tests",), ()))


def length_of(function: Function) -> int:
    """Lines of a function without docstring, decorators and the functions defined within it."""
    lines = _extent(function)
    if ast.get_docstring(function) is not None:
        lines -= _extent(function.body[0])
    within = [node for node in function.body if isinstance(node, Function)]
    return lines - sum(_extent(node) + len(node.decorator_list) for node in within)


def _extent(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _files(folders: tuple[str, ...], singles: tuple[str, ...]) -> Iterator[SourceFile]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in [*paths, *(ROOT / name for name in singles)]:
        yield _parse(path)


def _parse(path: Path) -> SourceFile:
    text = path.read_text(encoding="utf-8")
    return SourceFile(path.relative_to(ROOT).as_posix(), text, ast.parse(text, str(path)))
