"""The components' markup: labels, ties between inputs and errors, nothing inline."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest
from flask import Flask, flash, render_template_string

from config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|javascript:""")


@pytest.fixture
def markup(gallery: Flask) -> str:
    """The gallery as the server sends it."""
    return gallery.test_client().get("/components").get_data(as_text=True)


def render(gallery: Flask, text: str) -> str:
    """Render a piece of template as a page would."""
    with gallery.test_request_context("/needs?page=2&material=bamboo"):
        return render_template_string(text)


def test_the_gallery_is_valid_html(markup: str) -> None:
    html5lib.HTMLParser(strict=True).parse(markup)


def test_ids_are_unique(markup: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', markup))
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_reference_has_its_target(markup: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', markup))
    references = re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', markup)
    wanted = {name for reference in references for name in reference.split()}
    assert wanted - ids == set()


def test_the_error_summary_links_to_inputs_that_exist(markup: str) -> None:
    summary = re.search(r"data-error-summary.*?</ul>", markup, re.S)
    assert summary is not None
    targets = re.findall(r'href="#([^"]+)"', summary.group())
    assert targets == ["title", "waste_class-0", "start_on-year", "email"]
    assert all(f'id="{target}"' in markup for target in targets)


def test_a_faulty_input_is_tied_to_its_message(markup: str) -> None:
    title = re.search(r'<input[^>]*id="title"[^>]*>', markup)
    assert title is not None
    assert 'aria-invalid="true"' in title.group()
    assert 'aria-describedby="title-help title-error"' in title.group()


def test_the_page_has_one_h1_and_its_title_begins_with_it(markup: str) -> None:
    assert re.findall(r"<h1>(.*?)</h1>", markup) == ["部品の見本"]
    assert "<title>部品の見本 | めぐりあわせ</title>" in markup


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates/components").glob("*.html")))
def test_component_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def test_messages_left_by_flash_are_shown_with_their_kind(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        flash("保存しました。", "success")
        page = render_template_string("{% extends 'layouts/base.html' %}")
    assert 'class="banner banner--success"' in page
    assert "保存しました。" in page


def test_pages_of_a_list_keep_the_filter(gallery: Flask) -> None:
    page = render(
        gallery,
        "{% from 'components/pagination.html' import pagination %}"
        "{{ pagination({'number': 2, 'pages': 3}) }}",
    )
    assert 'href="/needs?material=bamboo"' in page
    assert "page=3" in page


def test_a_version_is_compared_with_the_one_before_it_that_is_still_there(gallery: Flask) -> None:
    page = render(
        gallery,
        "{% from 'components/versions.html' import version_list %}"
        "{% set items = [{'number': 9, 'at': none}, {'number': 4, 'at': none}, "
        "{'number': 1, 'at': none}] %}"
        "{% call(version) version_list({'items': items, 'pages': 1}, 9, ('static', "
        "{'filename': 'x'})) %}{% endcall %}",
    )
    assert "before=4&amp;after=9" in page
    assert "before=1&amp;after=4" in page
    assert 'after=1"' not in page


def test_what_people_typed_is_escaped(gallery: Flask) -> None:
    page = render(
        gallery,
        "{% from 'components/map.html' import japan_map %}"
        "{% from 'components/card.html' import card %}"
        "{{ card('<script>x</script>') }}"
        "{{ japan_map('m', '</script><b>', [{'prefecture': '</script>', 'count': 1}]) }}",
    )
    assert "<script>x" not in page
    assert page.count("</script>") == 1
