"""Small files and small functions."""

from __future__ import annotations

import statistics

import pytest

from tests.architecture.source import all_files, length_of, product_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONG_FUNCTION = 30


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {file.path: len(file.text.splitlines()) for file in all_files()}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    lengths = {
        f"{file.path}:{function.lineno} {function.name}": length_of(function)
        for file in all_files()
        for function in file.functions()
    }
    long = {name: n for name, n in lengths.items() if n > LONG_FUNCTION}
    if long:
        print(f"functions of more than {LONG_FUNCTION} lines:", *long, sep="\n  ")  # noqa: T201
    assert {name: n for name, n in long.items() if n > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("package", ["matchmaker", "embeddings"])
def test_functions_have_at_most_nine_lines_at_the_median(package: str) -> None:
    lengths = [
        length_of(function)
        for file in product_files()
        if file.path.startswith(package)
        for function in file.functions()
    ]
    assert statistics.median(lengths) <= 9
