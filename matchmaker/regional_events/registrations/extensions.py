"""What later parts add to the page of a ticket: links to what its person can do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee

TICKET_LINKS = "matchmaker.event_ticket_links"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose page it is.

    Args:
        attendee: the person, with registration, track and place in line.
        event: with tracks.
        token: of the link that was opened.
        now: the present moment.
    """

    attendee: Attendee
    event: RegionalEvent
    token: str
    now: datetime


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A link on the page of a ticket.

    Args:
        label: what people press.
        url: address.
        note: what is there, in a sentence.
        place: smaller numbers stand further up.
    """

    label: str
    url: str
    note: str = ""
    place: int = 50


TicketLinkLoader = Callable[[Ticket], Sequence[TicketLink]]


def add_ticket_links(app: Flask, loader: TicketLinkLoader) -> None:
    """Show these links on the page of every ticket that ``loader`` gives some for."""
    app.extensions.setdefault(TICKET_LINKS, []).append(loader)


def ticket_links(ticket: Ticket) -> list[TicketLink]:
    """The links of later parts for this person, in order."""
    loaders: list[TicketLinkLoader] = current_app.extensions.get(TICKET_LINKS, [])
    found = [link for loader in loaders for link in loader(ticket)]
    return sorted(found, key=lambda link: link.place)
