"""A test client that checks every HTML page it fetches, so that each test also tests its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from html5lib.constants import E as ERROR_TEXTS
from werkzeug.test import TestResponse

NAMED_BY_REFERENCE = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
LABELLED = {"input", "select", "textarea"}
NO_TOKEN = "without csrf_token"
NEEDS_NO_LABEL = {"hidden", "submit", "reset", "button", "image"}
INLINE_SCRIPT_TYPES = {"application/json", "application/ld+json"}
ERROR_MARK = "エラー："
"""Begins the title of a page whose form has to be mended, so that a screen reader says it first."""

REQUIRED_POLICY = ("default-src 'self'", "script-src 'self'", "style-src 'self'")


class BadPage(AssertionError):
    """A page breaks rules; the message lists all of them."""


class PageCheckingClient(FlaskClient):
    """A browser without JavaScript that refuses bad pages."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the page that came back."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html":
            has_tokens = bool(self.application.config.get("WTF_CSRF_ENABLED", True))
            check_page(response.get_data(as_text=True), response, has_tokens=has_tokens)
        return response


def check_page(text: str, response: TestResponse, *, has_tokens: bool = True) -> None:
    """Check one answer.

    Args:
        text: its HTML; a part of a page (for htmx) is checked as a part.
        response: its headers and address.
        has_tokens: whether forms carry a token against forged requests.

    Raises:
        BadPage: something is wrong.
    """
    if response.status_code in {204, 304} or _is_plain_redirect(response):
        return
    is_whole = "<html" in text[:2000].lower()
    problems = [*_header_problems(response), *problems_of(text, is_whole=is_whole)]
    if not has_tokens:
        problems = [problem for problem in problems if NO_TOKEN not in problem]
    if problems:
        where = f"{response.request.method} {response.request.path} ({response.status_code})"
        raise BadPage(f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems))


def problems_of(text: str, *, is_whole: bool = True) -> list[str]:
    """Everything that is wrong with ``text``, in words."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text) if is_whole else parser.parseFragment(text)
    rules = (*RULES, *WHOLE_PAGE_RULES) if is_whole else RULES
    return [
        *_syntax_problems(parser.errors, text),
        *(problem for rule in rules for problem in rule(tree)),
    ]


def _is_plain_redirect(response: TestResponse) -> bool:
    return 300 <= response.status_code < 400


def _header_problems(response: TestResponse) -> Iterator[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    for directive in REQUIRED_POLICY:
        if directive not in policy:
            yield f"Content-Security-Policy lacks {directive}"
    if "unsafe-inline" in policy or "unsafe-eval" in policy:
        yield "Content-Security-Policy allows inline or evaluated code"
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is not nosniff"


def _syntax_problems(errors: list[Any], text: str) -> Iterator[str]:
    lines = text.splitlines()
    for (line, column), code, values in errors:
        shown = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
        yield f"line {line}, column {column}: {ERROR_TEXTS[code] % (values or {})}: {shown}"


def _elements(tree: Element) -> Iterator[Element]:
    return (element for element in tree.iter() if isinstance(element.tag, str))


def text_of(element: Element) -> str:
    """The text inside ``element``, as one line."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _describe(element: Element) -> str:
    words = [element.tag]
    words += [f'{key}="{element.get(key)}"' for key in ("id", "name", "href") if element.get(key)]
    return f"<{' '.join(words)}>"


def _has_one_h1_that_begins_the_title(tree: Element) -> Iterator[str]:
    headings = [text_of(element) for element in _elements(tree) if element.tag == "h1"]
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one: {headings}"
        return
    title = "".join(text_of(element) for element in tree.iterfind("head/title"))
    if not headings[0]:
        yield "the h1 is empty"
    if not title.removeprefix(ERROR_MARK).startswith(headings[0]):
        yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"


def _is_in_japanese(tree: Element) -> Iterator[str]:
    if tree.get("lang") != "ja":
        yield f"the page's language is {tree.get('lang')!r}, not ja"


def _has_one_main(tree: Element) -> Iterator[str]:
    count = sum(element.tag == "main" for element in _elements(tree))
    if count != 1:
        yield f"{count} <main> instead of one"


def _headings_skip_no_level(tree: Element) -> Iterator[str]:
    last = 0
    for element in _elements(tree):
        if re.fullmatch(r"h[1-6]", element.tag):
            level = int(element.tag[1])
            if level > last + 1 and last:
                yield f"h{level} {text_of(element)!r} follows h{last}"
            last = level


def _ids_are_unique(tree: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in _elements(tree) if element.get("id"))
    for name, count in counts.items():
        if count > 1:
            yield f"the id {name!r} stands {count} times"
    for element in _elements(tree):
        if element.get("id") is not None and not (element.get("id") or "").strip():
            yield f"{_describe(element)} has an empty id"


def _references_exist(tree: Element) -> Iterator[str]:
    ids = {element.get("id") for element in _elements(tree)}
    for element in _elements(tree):
        wanted = [(name, each) for name in NAMED_BY_REFERENCE for each in _words(element, name)]
        if element.tag == "label":
            wanted += [("for", each) for each in _words(element, "for")]
        if element.get("href", "").startswith("#") and len(element.get("href", "")) > 1:
            wanted.append(("href", element.get("href", "")[1:]))
        for attribute, name in wanted:
            if name not in ids:
                yield f"{attribute} of {_describe(element)} names {name!r}, which does not exist"


def _words(element: Element, attribute: str) -> list[str]:
    return element.get(attribute, "").split()


def _fields_have_labels(tree: Element) -> Iterator[str]:
    labelled = {e.get("for") for e in _elements(tree) if e.tag == "label" and text_of(e)}
    inside = {
        field for e in _elements(tree) if e.tag == "label" and text_of(e) for field in e.iter()
    }
    for element in _elements(tree):
        if element.tag not in LABELLED or element.get("type") in NEEDS_NO_LABEL:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not named and element.get("id") not in labelled and element not in inside:
            yield f"{_describe(element)} has no label"


def _links_and_buttons_have_names(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        is_button = element.tag in {"button", "summary"}
        if not is_button and not (element.tag == "a" and element.get("href") is not None):
            continue
        if not _name_of(element):
            yield f"{_describe(element)} has no name"
    for element in _elements(tree):
        is_button = element.tag == "input" and element.get("type") in {"submit", "reset", "button"}
        if is_button and not element.get("value") and not element.get("aria-label"):
            yield f"{_describe(element)} has no name"


def _name_of(element: Element) -> str:
    images = " ".join(each.get("alt", "") for each in element.iter() if each.tag == "img")
    named = element.get("aria-label", "") + element.get("aria-labelledby", "")
    return (named + text_of(element) + images).strip()


def _images_have_alternatives(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.tag == "img" and element.get("alt") is None:
            yield f'<img src="{element.get("src")}"> has no alt'


def _nothing_is_inline(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.tag == "style":
            yield "a <style> element"
        is_code = element.tag == "script" and element.get("type") not in INLINE_SCRIPT_TYPES
        if is_code and not element.get("src"):
            yield "a <script> with code in the page"
        for attribute, value in element.attrib.items():
            if attribute == "style" or attribute.startswith("on"):
                yield f'{_describe(element)} has {attribute}="{value}"'
            if value.strip().lower().startswith("javascript:"):
                yield f"{_describe(element)} has a javascript: address"


def _posting_forms_carry_a_token(tree: Element) -> Iterator[str]:
    for form in (e for e in _elements(tree) if e.tag == "form"):
        if form.get("method", "get").lower() != "post":
            continue
        names = {field.get("name") for field in form.iter() if field.tag == "input"}
        if "csrf_token" not in names:
            yield f"the form of {form.get('action')!r} posts without csrf_token"


def _tables_have_captions_and_heads(tree: Element) -> Iterator[str]:
    for table in (e for e in _elements(tree) if e.tag == "table"):
        if table.find("caption") is None and not table.get("aria-label"):
            yield "a table without caption"
        if not any(cell.tag == "th" for cell in table.iter()):
            yield "a table without heading cells"


def _choices_stand_in_a_named_group(tree: Element) -> Iterator[str]:
    for fieldset in (e for e in _elements(tree) if e.tag == "fieldset"):
        legend = fieldset.find("legend")
        if (legend is None or not text_of(legend)) and not fieldset.get("aria-label"):
            yield "a fieldset without legend"


def _new_windows_are_safe(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.get("target") == "_blank" and "noopener" not in _words(element, "rel"):
            yield f"{_describe(element)} opens a new window without rel=noopener"


def _no_template_leftovers(tree: Element) -> Iterator[str]:
    text = text_of(tree)
    for leftover in ("{{", "{%", "Undefined", "lazy_gettext", "<function ", " object at 0x"):
        if leftover in text:
            yield f"the text contains {leftover!r}"


Rule = Callable[[Element], Iterator[str]]
RULES: tuple[Rule, ...] = (
    _ids_are_unique,
    _fields_have_labels,
    _links_and_buttons_have_names,
    _images_have_alternatives,
    _nothing_is_inline,
    _posting_forms_carry_a_token,
    _tables_have_captions_and_heads,
    _choices_stand_in_a_named_group,
    _new_windows_are_safe,
    _no_template_leftovers,
)
WHOLE_PAGE_RULES: tuple[Rule, ...] = (
    _has_one_h1_that_begins_the_title,
    _is_in_japanese,
    _has_one_main,
    _headings_skip_no_level,
    _references_exist,
)
