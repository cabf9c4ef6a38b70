"""What training and measuring need besides the database: encoder, judged sets, a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config import ROOT
from embeddings.encoder import Encoder
from embeddings.ranking import Rules
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.errors import ProductError
from matchmaker.core.settings import current_settings
from matchmaker.matching.engine import current_engine

JUDGED = ROOT / "seeds" / "judged"
CACHE_FOLDER = "judged-vectors"
NO_ENCODER = (
    "文章の意味を読むしくみが動いていないため、新しい版を作れません。"
    "システム管理者に知らせてください。"
)

Report = Callable[[int, int, str], None]
"""Told steps done, steps in all, and what is being done, in Japanese."""


def silent(_done: int, _total: int, _step: str) -> None:
    """A report that nobody reads."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything a training uses.

    Args:
        encoder: whose vectors the posts carry.
        rules: geography, vocabulary and the model in use.
        judged: folder of the judged sets, one folder each.
        cache: folder for the vectors of the judged sets.
    """

    encoder: Encoder
    rules: Rules
    judged: Path
    cache: Path


def current_workshop(judged: Path = JUDGED) -> Workshop:
    """The workshop of the running application.

    Raises:
        ProductError: there is no encoder.
    """
    engine = current_engine()
    # Loading a model takes seconds, in which no other process shall wait for the write lock.
    with reading_only():
        encoder = engine.encoder
        rules = engine.rules() if encoder else None
        db.session.rollback()
    if encoder is None or rules is None:
        raise ProductError(NO_ENCODER)
    cache = current_settings().instance_dir / CACHE_FOLDER
    return Workshop(encoder=encoder, rules=rules, judged=judged, cache=cache)
