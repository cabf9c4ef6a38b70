"""Loading step by step so that it can be broken off at any moment and begun again.

Each batch is one transaction that also remembers what it loaded: whatever is remembered is there,
and whatever is not is loaded the next time.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.notifications.silence import without_mail
from matchmaker.seeding.files import Entry
from matchmaker.seeding.models import SeedRecord

logger = logging.getLogger(__name__)
BATCH_SIZE = 25
LoadOne = Callable[[Entry], uuid.UUID]


@dataclass(frozen=True, slots=True)
class Seeder:
    """Remembers what has been loaded.

    Args:
        now: the moment of loading.
    """

    now: datetime

    def record_id(self, key: str) -> uuid.UUID:
        """The record that a seed entry became.

        Raises:
            KeyError: it has not been loaded.
        """
        found = db.session.get(SeedRecord, key)
        if found is None:
            raise KeyError(f"{key} is not loaded yet")
        return found.record_id

    def knows(self, key: str) -> bool:
        """Whether a seed entry has been loaded."""
        return db.session.get(SeedRecord, key) is not None

    def remember(self, key: str, record_id: uuid.UUID) -> None:
        """Note what a seed entry became, in the transaction that made it."""
        db.session.add(SeedRecord(key=key, record_id=record_id, loaded_at=self.now))

    def load_once(self, kind: str, name: str, entries: Sequence[Entry], load: LoadOne) -> int:
        """Load the entries that were not loaded before, batch by batch, and commit each batch.

        Args:
            kind: first part of the remembered key.
            name: field that holds the entry's own key.
            entries: the entries of the files, in order.
            load: makes the record and gives its id.

        Returns:
            How many were loaded now.
        """
        loaded = 0
        for batch in _batches(entries):
            for entry in batch:
                key = f"{kind}:{entry[name]}"
                if not self.knows(key):
                    self.remember(key, load(entry))
                    loaded += 1
            db.session.commit()
            db.session.expunge_all()
        return loaded

    def load_story(self, kind: str, name: str, entries: Sequence[Entry], load: LoadOne) -> int:
        """Load entries as :meth:`load_once` does, without mail, each in a transaction of its own.

        They build on earlier parts of the demo, which people may have changed meanwhile: a group
        that was closed, a call that was taken back. What does not fit any more is left out.
        """
        loaded = 0
        for entry in entries:
            try:
                with without_mail():
                    loaded += self.load_once(kind, name, [entry], load)
            except (ProductError, KeyError) as error:
                db.session.rollback()
                db.session.expunge_all()
                logger.warning("left out of the demo: %s:%s (%r)", kind, entry[name], error)
        return loaded


def _batches(entries: Iterable[Entry]) -> Iterable[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, BATCH_SIZE)):
        yield batch
