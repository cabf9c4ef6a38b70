"""Every kind of page of events: where a link to it stands, who opens it, and the way there."""

from __future__ import annotations

from collections.abc import Iterator

Way = tuple[str, str | None, tuple[str, ...]]

ID = "[0-9a-f-]{36}"
EVENT, TICKET = f"^/regional-events/{ID}$", "^/event-tickets/[^/]+$"
COMING, NOW = "/regional-events?q=信州", "/regional-events?q=ウィーク"
PAST, INVITED = "/regional-events?time=past&q=瀬戸内", "/regional-events?q=交流会"
OWN = "/event-own-registrations"
PLANNING = (
    "edit",
    "people",
    "programme",
    "programme > programme/sessions/new",
    "programme > programme/sessions/ID/edit",
    "speakers",
    "speakers > speakers/new",
    "speakers > speakers/ID/edit",
    "materials",
    "materials > materials/ID/edit",
    "tracks",
    "tracks > tracks/new",
    "tracks > tracks/presets",
    "tracks > tracks/ID/edit",
    "tracks > tracks/ID/waves",
    "tracks > tracks/ID/waves > tracks/ID/waves/ID/edit",
    "registration-questions",
    "registration-questions > registration-questions/preview",
    "registration-questions > themes/new",
    "tracks > tracks/ID/registration-questions",
)
SEATS = (
    "registrations",
    "registrations > registrations/ID",
    "registrations > registrations/ID > attendees/ID/edit",
    "registrations > registrations/ID > attendees/ID/cancel",
    "registrations > registrations/ID > attendees/ID/move",
    "registrations > registrations/ID > attendees/ID/organization",
    "registrations > attendees/new",
    "waiting-lists",
    "waiting-lists > waiting-lists/ID/capacity",
)
DAY = (
    "reception",
    "reception > reception/people/ID",
    "reception > reception/walk-ins/new",
    "reception > reception/scanner",
    "reception > reception/badges",
    "reception > reception/devices",
    "reception > reception/online-attendances",
    "floor",
    "floor/moderation",
    "floor/moderation > floor/moderation/settings",
    "floor/moderation > floor/moderation/questions/new",
    "floor/moderation > floor/moderation/questions/ID",
    "floor/moderation > floor/moderation/merges",
    "floor/moderation > floor/polls",
    "tables",
    "tables > tables/settings",
    "tables > tables/people",
    "tables > tables/people > tables/people/ID",
    "tables > tables/versions/ID",
    "tables > tables/versions/ID > tables/versions/ID/swap[?].*",
    "tables > tables/versions/ID > tables/versions/ID/people/ID",
)
AFTER = (
    "tables > tables/outcomes",
    "report",
    "report > report/edit",
    "report > report/versions",
    "report/costs",
    "report/guests",
    "report/statistics",
    "report > report/photos",
    "report/mailings",
)


def _ways(path: str, who: str | None, pages: tuple[str, ...]) -> Iterator[Way]:
    """The ways from a list of events over one of them; ``>`` stands between two pages below it."""
    for page in pages:
        steps = (step.strip().replace("ID", ID) for step in page.split(">"))
        yield path, who, (EVENT, *(f"^/regional-events/{ID}/{step}$" for step in steps))


EVENT_PAGES: tuple[Way, ...] = (
    (COMING, None, (EVENT,)),
    *_ways(COMING, None, ("registrations/new", "print")),
    *_ways(NOW, None, ("floor",)),
    (PAST, None, (EVENT,)),
    (COMING, "coordinator", (EVENT,)),
    *_ways(COMING, "coordinator", (*PLANNING, *SEATS)),
    *_ways(INVITED, "coordinator", ("invitees",)),
    *_ways(NOW, "coordinator", DAY),
    *_ways(PAST, "coordinator", AFTER),
    *_ways(COMING, "officer", ("registrations/new",)),
    (OWN, "officer", ()),
    (COMING, "officer", (EVENT, TICKET)),
    *(
        (COMING, "officer", (EVENT, TICKET, f"^/event-tickets/[^/]+/{page}$"))
        for page in ("change", "hand-over", "cancel")
    ),
    *(
        (NOW, "officer", (EVENT, TICKET, f"^/event-tickets/[^/]+/{page}$"))
        for page in ("materials", "tables")
    ),
)
"""Path with a link, demo person (nobody: None), patterns of the links that lead to the page."""
