"""One table: which domain event has which consequences.

Consequences run in the transaction of the event, in the order given here. They never send anything
themselves: they put a message into the outbox or a request into the index queue.
"""

from __future__ import annotations

from matchmaker.core.domain_events import DomainEvent, Handler

SUBSCRIPTIONS: dict[type[DomainEvent], tuple[Handler, ...]] = {}
