"""One person's browser: cookies, tokens of forms, any of the processes, again when one died."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TIMEOUT_SECONDS, PATIENCE_SECONDS, PAUSE_SECONDS = 60, 180, 0.3
FAULT, TOO_MANY = 500, 429
HIDDEN = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Timings:
    """What was asked of the service, by all browsers together.

    Args:
        posts: seconds of each POST that was answered.
        failed: answers that nobody should ever get (500, or 429 here).
        repeated: requests sent again because the connection broke.
    """

    posts: list[float] = field(default_factory=list)
    requests: int = 0
    failed: list[str] = field(default_factory=list)
    repeated: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, method: str, path: str, seconds: float, status: int) -> None:
        """Count one answer."""
        with self.lock:
            self.requests += 1
            if method == "POST":
                self.posts.append(seconds)
            if status >= FAULT or status == TOO_MANY:
                self.failed.append(f"{status} {method} {path}")

    def note_repeated(self) -> None:
        """Count a request that is sent again."""
        with self.lock:
            self.repeated += 1


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: int
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """Values of the hidden inputs."""
        return dict(HIDDEN.findall(self.text))


class Browser:
    """Sends requests to one of the processes after the other.

    Args:
        urls: of the processes.
        timings: where answers are counted.
        seed: which process comes first, and the address the browser has.
        session: cookie of a session; empty for a visitor.
    """

    def __init__(self, urls: Sequence[str], timings: Timings, seed: int, session: str = "") -> None:
        self._hosts = [url.removeprefix("http://") for url in urls]
        self._timings, self._lot = timings, random.Random(seed)  # noqa: S311 - repeatable
        self._cookies = {"session": session} if session else {}
        self._address = f"10.{seed >> 16 & 255}.{seed >> 8 & 255}.{seed & 255}"

    def copy(self, seed: int) -> Browser:
        """The same person in a second window."""
        other = Browser([f"http://{host}" for host in self._hosts], self._timings, seed)
        other._cookies = dict(self._cookies)
        return other

    def counting(self, timings: Timings) -> Browser:
        """The same browser, counted elsewhere from now on."""
        self._timings = timings
        return self

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form; where it leads to is not followed."""
        return self._ask("POST", path, urllib.parse.urlencode(fields).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Page:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            began = time.perf_counter()
            try:
                page = self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
                self._timings.note_repeated()
                time.sleep(PAUSE_SECONDS)
                continue
            self._timings.note(method, path, time.perf_counter() - began, page.status)
            return page

    def _once(self, method: str, path: str, body: bytes | None) -> Page:
        host = self._lot.choice(self._hosts)
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, self._headers(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            self._keep_cookies(answer.headers.get_all("Set-Cookie") or [])
        finally:
            connection.close()
        return Page(answer.status, text)

    def _headers(self, body: bytes | None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        own = {"Cookie": cookies, "X-Forwarded-For": self._address, "Connection": "close"}
        return {**own, **FORM} if body is not None else own

    def _keep_cookies(self, headers: Sequence[str]) -> None:
        for header in headers:
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value
