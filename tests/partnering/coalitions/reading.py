"""What stands on a page of coalitions: words, tables, dots of the map, fields, buttons."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

from tests.pages.page_checker import text_of


class Reading:
    """One page.

    Args:
        response: the answer that holds it.
    """

    def __init__(self, response: TestResponse) -> None:
        self._tree: Element = html5lib.parse(response.text, namespaceHTMLElements=False)

    @property
    def words(self) -> str:
        """All words of the page in their order, each gap as one space."""
        main = self._tree.find(".//main")
        assert main is not None
        return " ".join(text_of(main).split())

    def rows(self, caption: str) -> list[list[str]]:
        """Cells of the table whose caption holds these words, without its head."""
        for table in self._tree.iter("table"):
            told = table.find("caption")
            if told is not None and caption in text_of(told):
                body = table.find("tbody")
                assert body is not None
                return [[" ".join(text_of(cell).split()) for cell in row] for row in body]
        raise AssertionError(caption)

    def places(self, number: int = 0) -> list[dict[str, Any]]:
        """Dots of the map with this number."""
        blocks = [e for e in self._tree.iter("script") if e.get("type") == "application/json"]
        return list(json.loads(blocks[number].text or "")["places"])

    def legends(self) -> list[str]:
        """What the colours of each map mean."""
        return [" ".join(text_of(each).split()) for each in self._tree.iter("figcaption")]

    def value(self, name: str) -> str:
        """What a field of the page holds."""
        for tag in ("input", "textarea", "select"):
            for each in self._tree.iter(tag):
                if each.get("name") == name and each.get("type") != "radio":
                    return _value_of(each)
        raise AssertionError(name)

    def fields(self, action: str) -> set[str]:
        """Names of the fields of the form that is sent to an address, buttons among them."""
        for form in self._tree.iter("form"):
            if form.get("action") == action:
                named = {each.get("name") for each in form.iter()}
                return {name for name in named if name} - {"csrf_token"}
        raise AssertionError(action)

    def sends(self, name: str = "keys") -> list[str]:
        """Values of the buttons (or hidden fields) with a name."""
        return [
            each.get("value") or ""
            for tag in ("button", "input")
            for each in self._tree.iter(tag)
            if each.get("name") == name
        ]

    def error_at(self, name: str) -> str:
        """The message that is tied to a field."""
        for tag in ("input", "textarea", "select", "fieldset"):
            for each in self._tree.iter(tag):
                if name in (each.get("name"), each.get("id")) and each.get("type") != "radio":
                    return self._described(each)
        raise AssertionError(name)

    def _described(self, field: Element) -> str:
        ids = (field.get("aria-describedby") or "").split()
        told = [e for e in self._tree.iter() if e.get("id") in ids]
        return " ".join(text_of(each).strip() for each in told)


def _value_of(field: Element) -> str:
    if field.tag == "textarea":
        return (field.text or "").strip()
    if field.tag == "select":
        chosen = [each for each in field.iter("option") if each.get("selected") is not None]
        return (chosen[0].get("value") or "") if chosen else ""
    return field.get("value") or ""
