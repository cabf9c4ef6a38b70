"""A real web process whose commands are killed in the middle, and pressed by many at once."""

from __future__ import annotations

import http.client
import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

SERVICE = "tests.attacks.deadly_service:app"
PRESSES = 6


class Service:
    """A web process and the sessions of people who press its buttons.

    Args:
        port: where it listens.
        folder: where database and bomb lie.
        cookies: the session of each person by name.
    """

    def __init__(self, port: int, folder: Path, cookies: Mapping[str, str]) -> None:
        self.port, self.folder, self.cookies = port, folder, cookies

    def press(self, who: str, path: str, fields: Mapping[str, str]) -> int | None:
        """Send a form; None when the connection broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": f"session={self.cookies[who]}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", path, urlencode(fields), headers)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def press_patiently(self, who: str, path: str, fields: Mapping[str, str]) -> int | None:
        """Press again while the killed process is being replaced."""
        for _ in range(20):
            status = self.press(who, path, fields)
            if status is not None:
                return status
            time.sleep(0.5)
        return None

    def press_at_once(self, who: str, path: str, fields: Mapping[str, str]) -> list[int | None]:
        """The same button in several tabs at the same moment."""
        answers: list[int | None] = []
        threads = [
            threading.Thread(target=lambda: answers.append(self.press_patiently(who, path, fields)))
            for _ in range(PRESSES)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=90)
        assert len(answers) == PRESSES
        return answers

    def killed_then_pressed(
        self, kind: str, who: str, path: str, fields: Mapping[str, str], number: int = 2
    ) -> list[int | None]:
        """The process dies at the second (or another) event of ``kind``; then many press."""
        before = dump(self.folder)
        (self.folder / "bomb").write_text(f"{kind} {number}")
        assert self.press(who, path, fields) is None, "the process was killed"
        assert not (self.folder / "bomb").exists()
        assert dump(self.folder) == before, "nothing is left of it"
        return self.press_at_once(who, path, fields)


def ask(folder: Path, question: str) -> list[tuple[object, ...]]:
    """Rows of the database."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        found = connection.execute(question).fetchall()
    connection.close()
    return found


def dump(folder: Path) -> list[str]:
    """All that is stored, beside sessions."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        found = list(connection.iterdump())
    connection.close()
    return found


def mails(folder: Path, about: str) -> dict[str, int]:
    """How many mails about something each address gets."""
    rows = ask(
        folder,
        "SELECT address, COUNT(*) FROM outbox_messages"  # noqa: S608 - our own words
        f" WHERE subject LIKE '%{about}%' GROUP BY address",
    )
    return {str(address): int(str(number)) for address, number in rows}
