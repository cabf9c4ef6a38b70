"""All pages of proposals: importing them hangs their views on the blueprint."""

from __future__ import annotations

from matchmaker.working_groups.proposals.web import (
    beginning,
    bringing_together,
    listing,
    people,
    reading,
    submitting,
    writing,
)
from matchmaker.working_groups.proposals.web.blueprint import blueprint

PAGES = (listing, beginning, reading, writing, people, submitting, bringing_together)

__all__ = ["PAGES", "blueprint"]
