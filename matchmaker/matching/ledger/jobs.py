"""The worker's part of the ledger."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from matchmaker.matching.engine import engine_of
from matchmaker.matching.ledger.scanning import scan_due


def find_pairs_to_judge(now: datetime) -> int:
    """Look for the pairs of which judgements would teach most.

    Returns:
        How many needs were looked at.
    """
    return scan_due(engine_of(current_app._get_current_object()), now)  # type: ignore[attr-defined]
