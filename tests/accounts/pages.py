"""A browser without scripts for the tests: opens pages, fills forms with their token."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)


class Visitor:
    """Somebody with a browser.

    Args:
        client: Flask's test client.
    """

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse | None = None

    def open(self, path: str) -> TestResponse:
        """Open a page and follow where it leads."""
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def send(self, path: str, *, from_page: str | None = None, **fields: Any) -> TestResponse:
        """Open the page of a form (``from_page`` when it is another one) and send it."""
        page = self.client.get(from_page or path, follow_redirects=True)
        token = token_of(page)
        self.page = self.client.post(
            path,
            data={"csrf_token": token, **fields},
            headers={"Referer": f"http://localhost{from_page or path}"},
        )
        return self.page

    def sign_in(self, email: str, password: str, following: str = "") -> TestResponse:
        """Sign in."""
        path = f"/sign-in?next={following}" if following else "/sign-in"
        return self.send(path, email=email, password=password)

    def sign_out(self) -> TestResponse:
        """Sign out."""
        return self.send("/sign-out", from_page="/account")


def token_of(page: TestResponse) -> str:
    """The token of the first form on the page."""
    found = TOKEN.search(page.text)
    assert found, page.text[:500]
    return found.group(1)


def heading(page: TestResponse) -> str:
    """The one h1 of the page."""
    found = H1.findall(page.text)
    assert len(found) == 1, found
    return re.sub(r"<[^>]+>", "", found[0]).strip()


def target(page: TestResponse) -> str:
    """Path and query a redirect leads to."""
    parts = urlsplit(page.headers["Location"])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
