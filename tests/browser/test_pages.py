"""Every kind of page in a real browser: nothing for axe to find, in each way of looking at it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.event_pages import EVENT_PAGES
from tests.browser.fixtures import DESKTOP, AxeCheck, Visit
from tests.browser.matching_pages import MATCHING_PAGES
from tests.browser.partnering_pages import PARTNERING_PAGES

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 800}
ID = "[0-9a-f-]{36}"
CALL, OWN_GROUP = f"^/calls/{ID}$", f"^/working-groups/{ID}$"
MEETING, PROPOSAL = f"^/meetings/{ID}$", f"^/proposals/{ID}$"


@dataclass(frozen=True, slots=True)
class PageKind:
    """One kind of page.

    Args:
        path: where it is, or where a link to it stands.
        who: the demo person who opens it; nobody when left out.
        links: patterns of the links that lead to it from ``path``, one page after the other.
    """

    path: str
    who: str | None = None
    links: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name of the test."""
        return f"{self.who or 'visitor'} {self.path} {' '.join(self.links)}".strip()


PUBLIC = (
    "/",
    "/needs",
    "/needs?view=map",
    "/offerings",
    "/offerings?view=map",
    "/cases",
    "/calls",
    "/calls?phase=decided",
    "/organizations",
    "/meetings",
    "/regional-events",
    "/working-groups",
    "/working-groups?q=里山&state=active",
    "/working-groups/final-reports",
    "/search?q=竹",
    "/help",
    "/help/officers",
    "/help/businesses",
    "/help/secretariat",
    "/help/calls",
    "/help/groups",
    "/help/events",
    "/help/partnering",
    "/help/hosting",
    "/help/accessibility",
    "/help/terms",
    "/help/privacy",
    "/help/sources",
    "/help/contact",
    "/activity-posts",
    "/sign-in",
    "/password/reset",
    "/no-such-page",
)
LINKED = (
    PageKind("/needs", None, (f"^/needs/{ID}$",)),
    PageKind("/offerings", None, (f"^/offerings/{ID}$",)),
    PageKind("/cases", None, (f"^/cases/{ID}$",)),
    PageKind("/organizations", None, (f"^/organizations/{ID}$",)),
    PageKind("/working-groups?q=里山&kind=sub_wg", None, (f"^/working-groups/{ID}$",)),
    PageKind("/dashboard", "officer", (f"^/working-groups/{ID}$",)),
    PageKind("/calls?phase=open", None, (f"^/calls/{ID}$",)),
    PageKind("/calls?phase=decided", None, (f"^/calls/{ID}$",)),
    PageKind("/dashboard", "officer", (f"^/needs/{ID}$",)),
    PageKind("/dashboard", "recycler", (f"^/offerings/{ID}$",)),
    PageKind("/secretariat/reviews", "coordinator", ("^/secretariat/reviews/",)),
    PageKind("/secretariat/materials", "coordinator", ("^/secretariat/materials/",)),
    PageKind("/secretariat/users", "coordinator", (f"^/secretariat/users/{ID}$",)),
    *(
        PageKind("/dashboard", "officer", (OWN_GROUP, f"^/working-groups/{ID}/{part}$"))
        for part in ("posts", "documents", "tasks", "decisions", "people")
    ),
    PageKind("/working-groups?q=里山&kind=sub_wg", None, (OWN_GROUP, MEETING)),
    PageKind("/meetings?mine=1", "officer", (MEETING,)),
    PageKind("/meetings?mine=1", "officer", (MEETING, f"^/meetings/{ID}/attendances$")),
    PageKind("/proposals", "officer", (PROPOSAL,)),
    PageKind("/proposals", "officer", (PROPOSAL, f"^/proposals/{ID}/versions$")),
    PageKind("/reviews", "reviewer", (f"^/reviews/{ID}$",)),
    *(
        PageKind("/calls?phase=open", "coordinator", (CALL, f"^/calls/{ID}/desk$", link))
        for link in (
            f"^/calls/{ID}/edit$",
            f"^/calls/{ID}/question-form$",
            f"^/calls/{ID}/criteria$",
            f"^/calls/{ID}/reviewers$",
            f"^/calls/{ID}/preview$",
            f"^/calls/{ID}/proposals$",
        )
    ),
    PageKind("/calls?phase=closed", "coordinator", (CALL, f"^/calls/{ID}/reviews$")),
    PageKind("/calls?phase=closed", "coordinator", (CALL, f"^/calls/{ID}/decisions$")),
)
SIGNED_IN = {
    "officer": ("/dashboard", "/calendars", "/account", "/account/profile", "/password/change",
                "/needs/new", "/needs/imports/new", "/two-factor/setup", "/proposals"),
    "startup": ("/dashboard", "/offerings/new", "/offerings/imports/new"),
    "coordinator": ("/dashboard", "/secretariat", "/event-overview", "/secretariat/reviews",
                    "/secretariat/materials", "/secretariat/audit-entries", "/secretariat/users",
                    "/secretariat/users/invite", "/organizations/new", "/calls/new",
                    "/working-groups/new", "/working-groups/vacancies", "/regional-events/new"),
    "reviewer": ("/dashboard", "/reviews"),
    "operator": ("/dashboard", "/operator/jobs"),
}  # fmt: skip
KINDS = (
    *(PageKind(path) for path in PUBLIC),
    *(PageKind(path, who) for who, paths in SIGNED_IN.items() for path in paths),
    *LINKED,
    *(PageKind(*way) for way in (*EVENT_PAGES, *MATCHING_PAGES, *PARTNERING_PAGES)),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
def test_axe_finds_nothing_and_nothing_sticks_out(
    visit: Visit, axe: AxeCheck, kind: PageKind
) -> None:
    page = visit(kind.who)
    page.goto(kind.path)
    for link in kind.links:
        follow(page, link)
    axe(page)
    page.emulate_media(forced_colors="active")
    axe(page)
    page.emulate_media(forced_colors="none")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    axe(page)
    assert width_of(page) <= NARROW["width"], f"{page.url} is {width_of(page)} px wide"
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def follow(page: Page, pattern: str) -> None:
    """Open the first link whose address fits."""
    # Read at once: a script may be adding links (the map does) while they are looked through.
    read = "links => links.map(link => link.getAttribute('href'))"
    addresses = page.eval_on_selector_all("main a[href]", read)
    fitting = [address for address in addresses if re.search(pattern, address)]
    assert fitting, f"{page.url} has no link like {pattern}"
    page.goto(fitting[0])


def width_of(page: Page) -> int:
    """How wide the page is, however wide the window is."""
    return int(page.evaluate("document.documentElement.scrollWidth"))
