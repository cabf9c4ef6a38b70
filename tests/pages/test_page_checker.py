"""The checker itself: it finds each kind of mistake and is content with a good page."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from tests.pages.page_checker import BadPage, PageCheckingClient, problems_of

GOOD = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>{h1} | めぐりあわせ</title></head>
<body><a href="#main">本文へ</a><main id="main"><h1>{h1}</h1>{body}</main></body></html>"""


def page(body: str, h1: str = "ニーズ") -> str:
    return GOOD.format(h1=h1, body=body)


def test_a_good_page_has_no_problems() -> None:
    body = """
    <form method="post" action="/x"><input type="hidden" name="csrf_token" value="a">
      <label for="q">ことば</label><input id="q" aria-describedby="q-help"><p id="q-help">例</p>
      <label>数<input name="n"></label><button>探す</button></form>
    <table><caption>一覧</caption><tr><th scope="col">名</th></tr><tr><td>竹</td></tr></table>
    <a href="/y"><img src="/z.png" alt="竹の写真"></a>
    <script type="application/json">{"a": 1}</script><h2>次</h2><h3>その次</h3>"""
    assert problems_of(page(body)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>もう一つ</h1>", "2 h1"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' stands 2 times"),
        ('<input name="q">', "has no label"),
        ('<input id="q"><label for="q"></label>', "has no label"),
        ('<label for="nobody">名</label>', "'nobody', which does not exist"),
        ('<p aria-describedby="gone">x</p>', "'gone', which does not exist"),
        ('<a href="#gone">x</a>', "'gone', which does not exist"),
        ('<a href="/x"></a>', "has no name"),
        ("<button></button>", "has no name"),
        ('<button><img src="/x" alt=""></button>', "has no name"),
        ('<img src="/x.png">', "has no alt"),
        ('<p style="color: red">x</p>', 'has style="color: red"'),
        ('<p onclick="x()">x</p>', 'has onclick="x()"'),
        ("<style>p {}</style>", "a <style> element"),
        ("<script>x()</script>", "a <script> with code"),
        ('<a href="javascript:x()">x</a>', "javascript:"),
        ('<form method="post" action="/x"></form>', "without csrf_token"),
        ("<table><tr><th>a</th></tr></table>", "without caption"),
        ("<table><caption>a</caption><tr><td>a</td></tr></table>", "without heading cells"),
        ("<fieldset><p>x</p></fieldset>", "without legend"),
        ('<a href="/x" target="_blank">x</a>', "rel=noopener"),
        ("<h3>x</h3>", "follows h1"),
        ("<p><div>x</div></p>", "Unexpected end tag (p)"),
        ("<ul><li>x</ul></div>", "end tag"),
        ('<p class="a" class="b">x</p>', "attribute"),
        ("<p>{{ name }}</p>", "'{{'"),
        ("<main></main>", "2 <main>"),
    ],
)
def test_each_mistake_is_found_and_named(body: str, expected: str) -> None:
    assert any(expected in problem for problem in problems_of(page(body))), problems_of(page(body))


def test_title_and_language_are_checked() -> None:
    text = page("").replace("<title>ニーズ", "<title>シーズ").replace('lang="ja"', 'lang="en"')
    assert len(problems_of(text)) == 2


def test_parts_of_pages_need_no_title() -> None:
    assert problems_of("<p>保存しました</p>", is_whole=False) == []
    assert problems_of('<p id="a"></p><p id="a"></p>', is_whole=False) != []


def test_the_client_refuses_a_bad_page_and_says_where() -> None:
    app = Flask(__name__)
    app.test_client_class = PageCheckingClient
    app.add_url_rule("/bad", view_func=lambda: Response(page('<img src="/x.png">')))
    with pytest.raises(BadPage, match=r"GET /bad \(200\):\n  - Content-Security-Policy lacks"):
        app.test_client().get("/bad")
