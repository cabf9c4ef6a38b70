"""Reading pages in tests: links and error summaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import html5lib


def _all(page: str) -> Iterator[Any]:
    yield from html5lib.parse(page, namespaceHTMLElements=False).iter()


def words(element: Any) -> str:
    """The text of an element with all inside."""
    return " ".join("".join(element.itertext()).split())


def with_class(page: str, name: str) -> list[Any]:
    """Elements that have a class."""
    return [each for each in _all(page) if name in str(each.get("class", "")).split()]


def links_of(page: str, name: str) -> dict[str, str]:
    """Addresses of the links of a class by their words."""
    return {words(each): each.get("href") for each in with_class(page, name)}


def error_links(page: str) -> list[str]:
    """Where the summary of errors leads; it stands on the page exactly once."""
    (summary,) = with_class(page, "error-summary")
    return [each.get("href") for each in summary.iter("a")]


def ids_of(page: str) -> set[str]:
    """Addresses inside the page: ``#id`` of each element that has one."""
    return {f"#{each.get('id')}" for each in _all(page) if each.get("id")}


def value_of(page: str, name: str) -> str:
    """What the form field of that name holds."""
    (field,) = [each for each in _all(page) if each.get("name") == name]
    return str(field.get("value"))
