"""Which questions mean the same: by vectors when all have one, else by the words they share."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, select, update

from embeddings.encoder import Encoder, unit_rows
from embeddings.words import content_words
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip, reading_only
from matchmaker.regional_events.floor.domain import MERGEABLE, QuestionState
from matchmaker.regional_events.floor.models import FloorQuestion, FloorVector
from matchmaker.regional_events.floor.queries import questions_to_compare

Matrix = npt.NDArray[np.float32]
BATCH = 64
MOST_PAIRS = 30
VECTOR_WORDS = ((0.965, "ほとんど同じ"), (0.94, "よく似ている"), (0.926, "似ている"))
SHARED_WORDS = ((0.75, "ほとんど同じ言葉"), (0.5, "同じ言葉が多い"), (0.34, "同じ言葉がある"))
"""From which likeness on what is said; whatever lies below the last is not suggested.

The bounds fit the bundled model, which puts even strange short questions at 0.88 to 0.92: of 15
questions, six pairs meant the same and lay at 0.928 to 0.974, all others at 0.924 or below.
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two questions that may mean the same.

    Args:
        leading: the one that would stand for both: the accepted one, else the earlier one.
        other: the one that would be merged into it.
        words: how alike they are, in Japanese.
    """

    leading: FloorQuestion
    other: FloorQuestion
    rate: float
    words: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Pairs, the most alike first; ``by_words`` when meaning could not be compared."""

    pairs: Sequence[Alike]
    by_words: bool


def encode_waiting(
    encoder: Encoder | None, now: datetime, question_id: uuid.UUID | None = None
) -> int:
    """Make the vectors that open questions lack; commits by itself.

    Encoding takes place outside of the write transaction.

    Returns:
        How many were made.
    """
    if encoder is None:
        return 0
    with reading_only():
        waiting = _waiting(encoder.model_id, question_id)
        db.session.rollback()
    if not waiting:
        return 0
    vectors = unit_rows(encoder.encode_documents([text for _id, text in waiting]))
    for (id_, text), vector in zip(waiting, vectors, strict=True):
        _write_vector(id_, encoder.model_id, text, vector, now)
    db.session.commit()
    return len(waiting)


def _waiting(model: str, question_id: uuid.UUID | None) -> list[tuple[uuid.UUID, str]]:
    query = (
        select(FloorQuestion.id, FloorQuestion.text, FloorVector.text_hash)
        .outerjoin(
            FloorVector,
            (FloorVector.question_id == FloorQuestion.id) & (FloorVector.model == model),
        )
        .where(FloorQuestion.state.in_(MERGEABLE))
        .order_by(FloorQuestion.created_at.desc(), FloorQuestion.id.desc())
        .limit(BATCH * 16)
    )
    if question_id is not None:
        query = query.where(FloorQuestion.id == question_id)
    rows = db.session.execute(query).all()
    return [(row[0], row[1]) for row in rows if row[2] != _hash(row[1])][:BATCH]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write_vector(
    question_id: uuid.UUID, model: str, text: str, vector: Matrix, now: datetime
) -> None:
    values = {
        "model": model,
        "text_hash": _hash(text),
        "vector": vector.astype(np.float32).tobytes(),
        "computed_at": now,
    }
    row = insert(FloorVector).values(id=new_id(), question_id=question_id, **values)
    if insert_or_skip(db.session(), row, ["question_id"]) == 0:
        db.session.execute(
            update(FloorVector).where(FloorVector.question_id == question_id).values(**values)
        )


def suggestions(event_id: uuid.UUID, model: str) -> Suggestions:
    """Pairs of open questions of an event that may mean the same.

    Args:
        model: id of the encoder in use; empty when there is none.
    """
    compared = questions_to_compare(event_id)
    vectors = _vectors(compared, model)
    by_words = len(vectors) < len(compared) or not model
    if len(compared) < 2:  # noqa: PLR2004 - nothing to compare
        return Suggestions([], by_words)
    rates = _by_words(compared) if by_words else _by_vectors(compared, vectors)
    scale = SHARED_WORDS if by_words else VECTOR_WORDS
    pairs = [
        _alike(compared[i], compared[j], rate, scale) for i, j, rate in _best(rates, scale[-1][0])
    ]
    return Suggestions(pairs, by_words)


def _vectors(questions: Sequence[FloorQuestion], model: str) -> dict[uuid.UUID, Matrix]:
    if not model:
        return {}
    texts = {question.id: question.text for question in questions}
    query = select(FloorVector).where(
        FloorVector.question_id.in_(list(texts)), FloorVector.model == model
    )
    return {
        row.question_id: np.frombuffer(row.vector, dtype=np.float32)
        for row in db.session.scalars(query)
        if row.text_hash == _hash(texts[row.question_id])
    }


def _by_vectors(questions: Sequence[FloorQuestion], vectors: Mapping[uuid.UUID, Matrix]) -> Matrix:
    rows = np.stack([vectors[each.id] for each in questions])
    products: Matrix = rows @ rows.T
    return products


def _by_words(questions: Sequence[FloorQuestion]) -> Matrix:
    """Dice's share of common content words: questions are short, and rarity tells little."""
    words = [set(content_words(each.text)) for each in questions]
    rates = [
        [2 * len(one & other) / max(1, len(one) + len(other)) for other in words] for one in words
    ]
    return np.array(rates, dtype=np.float32)


def _best(rates: Matrix, least: float) -> list[tuple[int, int, float]]:
    rows, columns = np.triu_indices(len(rates), k=1)
    values = rates[rows, columns]
    order = np.argsort(-values, kind="stable")[:MOST_PAIRS]
    return [(int(rows[k]), int(columns[k]), float(values[k])) for k in order if values[k] >= least]


def _alike(
    earlier: FloorQuestion, later: FloorQuestion, rate: float, scale: Sequence[tuple[float, str]]
) -> Alike:
    words = next(words for least, words in scale if rate >= least)
    if later.state is QuestionState.ACCEPTED and earlier.state is not QuestionState.ACCEPTED:
        earlier, later = later, earlier
    return Alike(earlier, later, rate, words)
