"""Marks of unfinished work have no place in the code."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import all_files, product_files

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def test_nothing_is_marked_as_unfinished() -> None:
    found = [
        f"{file.path}:{number}"
        for file in all_files()
        for number, line in enumerate(file.text.splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_every_module_and_public_function_of_the_product_has_a_docstring() -> None:
    missing = [
        file.path for file in product_files() if file.text and not ast.get_docstring(file.tree)
    ]
    missing += [
        f"{file.path}:{node.lineno} {node.name}"
        for file in product_files()
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert missing == []


def test_every_function_is_annotated() -> None:
    missing = [
        f"{file.path}:{function.lineno} {function.name}"
        for file in all_files()
        for function in file.functions()
        if function.returns is None
    ]
    assert missing == []
