"""What people do over HTTP: fetch the form, send it, confirm, change their mind, answer offers."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from matchmaker.benchmarks.registrations.browser import Browser, Page, Timings
from matchmaker.benchmarks.registrations.filling import Hall, Party
from matchmaker.benchmarks.registrations.mailbox import CONFIRM, TICKETS, Mailbox
from matchmaker.regional_events.registrations.forms import QUICKEST

THREADS = 8
ACCEPTED, DECLINED = 0.65, 0.9
"""So many offers are accepted; up to the second figure they are declined; others stay open."""

QUIET_ROUNDS, ROUND_SECONDS = 3, 0.5
ALLOWANCE_SECONDS = 0.2


@dataclass(slots=True)
class Crowd:
    """The people of one run.

    Args:
        urls: of the processes.
        staff: session of somebody of the secretariat.
        halls: their events.
        mailbox: where their mails come.
        seed: of what is drawn by lot.
        in_the_middle: called once when half of the parties are through.
    """

    urls: Sequence[str]
    staff: str
    halls: Sequence[Hall]
    mailbox: Mailbox
    timings: Timings
    seed: int
    in_the_middle: Callable[[], None]
    parties_through: int = 0
    refused: list[str] = field(default_factory=list)
    _answered: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def browser(self, number: int, session: str = "") -> Browser:
        """A browser of its own address."""
        return Browser(self.urls, self.timings, self.seed * 10_000 + number, session)

    def run(self, parties: Sequence[Party]) -> float:
        """Everybody registers; gives the seconds from the first form sent to the last answer."""
        with ThreadPoolExecutor(THREADS) as pool:
            forms = list(pool.map(self._fetch, parties))
            time.sleep(QUICKEST.total_seconds() + ALLOWANCE_SECONDS)
            began = time.perf_counter()
            middle = threading.Thread(target=self._wait_for_the_middle, args=(len(parties),))
            middle.start()
            answering = threading.Thread(target=self._answer_offers, args=(len(parties),))
            answering.start()
            for done in [pool.submit(self._take_part, *each) for each in forms]:
                done.result()
            middle.join()
            answering.join()
        return time.perf_counter() - began

    def _fetch(self, party: Party) -> tuple[Party, Browser, Mapping[str, str]]:
        browser = self.browser(party.number, party.member.session if party.member else "")
        page = browser.get(form_path(party.hall))
        return party, browser, form_of(party, page)

    def _take_part(self, party: Party, browser: Browser, form: Mapping[str, str]) -> None:
        if party.is_doubled:
            again = browser.copy(5000 + party.number)
            second = threading.Thread(target=again.post, args=(form_path(party.hall), form))
            second.start()
            page = browser.post(form_path(party.hall), form)
            second.join()
        else:
            page = browser.post(form_path(party.hall), form)
        self._note(party, page)
        if party.member is None:
            self._confirm(party, browser)
        self._live_on(party, browser)
        with self._lock:
            self.parties_through += 1

    def _note(self, party: Party, page: Page) -> None:
        if page.status != 302:  # noqa: PLR2004
            with self._lock:
                self.refused.append(f"{page.status} party {party.number}")

    def _confirm(self, party: Party, browser: Browser) -> None:
        link = self.mailbox.link(party.address, (CONFIRM,))
        if link:
            token = browser.get(link).hidden.get("csrf_token", "")
            browser.post(link, {"csrf_token": token})

    def _live_on(self, party: Party, browser: Browser) -> None:
        if party.fate == "stay":
            return
        link = self.mailbox.link(party.address, TICKETS, waits=party.fate == "cancel")
        if not link:
            return
        path = f"{link}/{party.fate.replace('_', '-')}"
        token = browser.get(path).hidden.get("csrf_token", "")
        browser.post(path, {"csrf_token": token, **change_of(party)})

    def _wait_for_the_middle(self, parties: int) -> None:
        while self.parties_through < parties // 2:
            time.sleep(ALLOWANCE_SECONDS)
        for number, hall in enumerate(self.halls):
            browser = self.browser(9000 + number, self.staff)
            base = f"/regional-events/{hall.event_id}/waiting-lists"
            token = browser.get(base).hidden.get("csrf_token", "")
            fields = {"csrf_token": token, "reason": "追加の枠"}
            if browser.post(f"{base}/waves/{hall.wave_id}", fields).status != 302:  # noqa: PLR2004
                self.timings.failed.append("the wave was not released")
        self.in_the_middle()

    def _answer_offers(self, parties: int) -> None:
        lot = random.Random(self.seed)  # noqa: S311 - repeatable
        quiet = 0
        while quiet < QUIET_ROUNDS:
            new = {k: a for k, a in self.mailbox.offers().items() if k not in self._answered}
            for key, address in sorted(new.items()):
                self._answered.add(key)
                self._answer(address, lot.random())
            is_over = self.parties_through >= parties and not new
            quiet = quiet + 1 if is_over else 0
            time.sleep(ROUND_SECONDS)

    def _answer(self, address: str, drawn: float) -> None:
        if drawn >= DECLINED:
            return
        link = self.mailbox.link(address, TICKETS)
        browser = self.browser(8000 + len(self._answered))
        token = browser.get(link).hidden.get("csrf_token", "")
        answer = "accept" if drawn < ACCEPTED else "decline"
        browser.post(f"{link}/{answer}", {"csrf_token": token})


def form_path(hall: Hall) -> str:
    """The page with which people register."""
    return f"/regional-events/{hall.event_id}/registrations/new"


def form_of(party: Party, page: Page) -> dict[str, str]:
    """What a party types into the form it fetched."""
    hidden = page.hidden
    fields = {
        "csrf_token": hidden.get("csrf_token", ""),
        "started": hidden.get("started", ""),
        "submission_key": hidden.get("submission_key", ""),
        "count": str(len(party.emails)),
        "grouping": "together" if party.is_together else "split",
        "contact_name": f"申込者{party.number}",
        "contact_email": party.address,
        "consent": "y",
    }
    if party.member is not None:
        fields["organization_id"] = str(party.member.organization_id)
    for number, email in enumerate(party.emails):
        fields[f"person{number}-name"] = f"参加者{party.number}の{number + 1}"
        fields[f"person{number}-email"] = email
        fields[f"person{number}-way"] = party.way
    return fields


def change_of(party: Party) -> dict[str, str]:
    """What is typed to cancel, to take part another way, or to let somebody else come."""
    other = party.hall.room_id if party.wants_stream else party.hall.stream_id
    return {
        "cancel": {"reason": ""},
        "change": {"track": str(other), "wait_if_full": "y"},
        "hand_over": {"name": f"代わりの方{party.number}", "email": f"new-{party.address}"},
    }[party.fate]
