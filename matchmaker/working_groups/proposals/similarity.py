"""Which proposals of a call mean the same: by vectors when there are any, else by words."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, select, update

from embeddings.bm25 import Bm25Index
from embeddings.encoder import Encoder, unit_rows
from embeddings.likeness import WORTH_TELLING, likeness
from embeddings.ranking import Rules
from embeddings.sentence_pairs import SentencePair, best_by_words
from embeddings.text import Passage, sentence_spans
from embeddings.words import content_words
from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip, reading_only
from matchmaker.questions.domain import QuestionKind, Questionnaire
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalVector

COMPARED = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})
ALIKE_BY_VECTOR = 0.80
ALIKE_BY_WORDS = 0.15
MOST_PAIRS = 40
MOST_SENTENCES = 200
BATCH = 32
FEW = 5
MIN_SENTENCE = 8
PIECE = 400
MOST_PIECES = 40
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two proposals that resemble each other.

    Args:
        first, second: the proposals, by number of receipt.
        rate: how much, 0 to 1.
        sentences: the sentence of each that says the same best, when one is found.
    """

    first: Proposal
    second: Proposal
    rate: float
    sentences: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Similarities:
    """What was found in a call.

    Args:
        pairs: the most alike first.
        clusters: groups that hang together through pairs, the largest first.
        by_words: whether words decided because not every proposal has a vector.
    """

    pairs: Sequence[SimilarPair]
    clusters: Sequence[Sequence[Proposal]]
    by_words: bool


def composed_text(proposal: Proposal, questionnaire: Questionnaire) -> str:
    """Title and written answers of a proposal, for encoding and comparing."""
    texts = [
        str(proposal.answers.get(question.id, ""))
        for question in questionnaire.questions
        if question.kind is QuestionKind.TEXT
    ]
    return "\n".join([proposal.title, *(text for text in texts if text)])


def hash_of(text: str) -> str:
    """Name of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def encode_waiting(
    encoder: Encoder | None, now: datetime, proposal_id: uuid.UUID | None = None
) -> int:
    """Make the vectors that handed-in proposals lack; commits by itself.

    Encoding takes place outside of the write transaction.

    Returns:
        How many were made.
    """
    if encoder is None:
        return 0
    with reading_only():
        waiting = _waiting(encoder.model_id, proposal_id)
        db.session.rollback()
    if not waiting:
        return 0
    encoded = [(id_, text, meaning_of(encoder, text)) for id_, text in waiting]
    for id_, text, vector in encoded:
        _write_vector(id_, encoder.model_id, hash_of(text), vector, now)
    db.session.commit()
    return len(waiting)


def meaning_of(encoder: Encoder, text: str) -> Matrix:
    """The mean direction of a text's pieces; a model reads no more than some 800 characters."""
    pieces = [text[at : at + PIECE] for at in range(0, max(len(text), 1), PIECE)][:MOST_PIECES]
    mean = encoder.encode_documents(pieces).mean(axis=0, keepdims=True)
    direction: Matrix = unit_rows(mean)[0]
    return direction


def _waiting(model: str, proposal_id: uuid.UUID | None) -> list[tuple[uuid.UUID, str]]:
    query = (
        select(Proposal, Call.questions, ProposalVector.text_hash)
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(
            ProposalVector,
            (ProposalVector.proposal_id == Proposal.id) & (ProposalVector.model == model),
        )
        .where(Proposal.state.in_(COMPARED))
        .order_by(Proposal.id)
    )
    if proposal_id is not None:
        query = query.where(Proposal.id == proposal_id)
    found = []
    for proposal, questions, stored in db.session.execute(query):
        text = composed_text(proposal, Questionnaire.from_data(questions))
        if stored != hash_of(text):
            found.append((proposal.id, text))
        if len(found) == BATCH:
            break
    return found


def _write_vector(
    proposal_id: uuid.UUID, model: str, text_hash: str, vector: Matrix, now: datetime
) -> None:
    values = {
        "model": model,
        "text_hash": text_hash,
        "vector": vector.astype(np.float32).tobytes(),
        "computed_at": now,
    }
    row = insert(ProposalVector).values(proposal_id=proposal_id, **values)
    if insert_or_skip(db.session(), row, ["proposal_id"]) == 0:
        db.session.execute(
            update(ProposalVector).where(ProposalVector.proposal_id == proposal_id).values(**values)
        )


def similarities(
    proposals: Sequence[Proposal],
    questionnaire: Questionnaire,
    model: str,
    rules: Rules | None = None,
) -> Similarities:
    """Pairs and groups of proposals that resemble each other.

    Args:
        proposals: of one call, handed in.
        model: id of the encoder in use; empty when there is none.
        rules: of the ranking in use; where its measures of text were taken with this encoder, the
            rate is a probability (see :mod:`embeddings.likeness`), else the plain cosine.
    """
    compared = [each for each in proposals if each.state in COMPARED]
    texts = {each.id: composed_text(each, questionnaire) for each in compared}
    vectors = _vectors(texts, model)
    by_words = len(vectors) < len(compared)
    if len(compared) < 2:  # noqa: PLR2004 - nothing to compare
        return Similarities([], [], by_words)
    if by_words:
        found = _best_pairs(_by_words(compared, texts), ALIKE_BY_WORDS)
    elif rules is not None and rules.model.text.encoder == model:
        found = _best_pairs(_by_likeness(compared, texts, vectors, rules), WORTH_TELLING)
    else:
        found = _best_pairs(_by_vectors(compared, vectors), ALIKE_BY_VECTOR)
    pairs = [
        SimilarPair(
            compared[i], compared[j], rate, _sentences(texts[compared[i].id], texts[compared[j].id])
        )
        for i, j, rate in found
    ]
    return Similarities(pairs, clusters_of(pairs), by_words)


def _vectors(texts: Mapping[uuid.UUID, str], model: str) -> dict[uuid.UUID, Matrix]:
    if not model:
        return {}
    query = (
        select(ProposalVector)
        .where(ProposalVector.proposal_id.in_(list(texts)), ProposalVector.model == model)
        .order_by(ProposalVector.proposal_id)
    )
    return {
        row.proposal_id: np.frombuffer(row.vector, dtype=np.float32)
        for row in db.session.scalars(query)
        if row.text_hash == hash_of(texts[row.proposal_id])
    }


def _by_vectors(compared: Sequence[Proposal], vectors: Mapping[uuid.UUID, Matrix]) -> Matrix:
    rows = np.stack([vectors[each.id] for each in compared])
    products: Matrix = rows @ rows.T
    return products


def _by_likeness(
    compared: Sequence[Proposal],
    texts: Mapping[uuid.UUID, str],
    vectors: Mapping[uuid.UUID, Matrix],
    rules: Rules,
) -> Matrix:
    rows = np.stack([vectors[each.id] for each in compared])
    words = [content_words(texts[each.id]) for each in compared]
    return likeness(rows, words, rules.model, rules.thesaurus)


def _by_words(compared: Sequence[Proposal], texts: Mapping[uuid.UUID, str]) -> Matrix:
    """Shares of each proposal's own best score, the mean of both directions.

    In a handful of proposals no word is rare; there the share of common words counts.
    """
    words = {each.id: content_words(texts[each.id]) for each in compared}
    if len(compared) < FEW:
        return _common_words([set(words[each.id]) for each in compared])
    index = Bm25Index()
    for each in compared:
        index.upsert(str(each.id), words[each.id])
    ids = [str(each.id) for each in compared]
    scores = np.array([index.scores(words[each.id], ids) for each in compared])
    own = np.maximum(scores.diagonal(), 1e-9)
    shares = scores / own[:, None]
    rates: Matrix = ((shares + shares.T) / 2).astype(np.float32)
    return rates


def _common_words(words: Sequence[set[str]]) -> Matrix:
    """Dice's share of common words for each pair."""
    rates = [
        [2 * len(one & other) / max(1, len(one) + len(other)) for other in words] for one in words
    ]
    return np.array(rates, dtype=np.float32)


def _best_pairs(rates: Matrix, least: float) -> list[tuple[int, int, float]]:
    rows, columns = np.triu_indices(len(rates), k=1)
    values = rates[rows, columns]
    order = np.argsort(-values, kind="stable")[:MOST_PAIRS]
    return [
        (int(rows[k]), int(columns[k]), min(1.0, float(values[k])))
        for k in order
        if values[k] >= least
    ]


def _sentences(first: str, second: str) -> tuple[str, str] | None:
    pair: SentencePair | None = best_by_words(_passages(first), _passages(second))
    return (pair.query.text, pair.document.text) if pair else None


def _passages(text: str) -> list[Passage]:
    """Sentences of the answers; the title comes first and is told apart."""
    title, _line, rest = text.partition("\n")
    passages = [Passage("title", 0, len(title), title)]
    for start, end in sentence_spans(rest)[:MOST_SENTENCES]:
        if end - start >= MIN_SENTENCE:
            passages.append(Passage("text", start, end, rest[start:end]))
    return passages


def clusters_of(pairs: Sequence[SimilarPair]) -> list[list[Proposal]]:
    """Groups of three or more proposals that hang together through pairs, the largest first."""
    groups: list[dict[uuid.UUID, Proposal]] = []
    for pair in pairs:
        both = {pair.first.id: pair.first, pair.second.id: pair.second}
        touched = [group for group in groups if group.keys() & both.keys()]
        groups = [group for group in groups if not any(group is each for each in touched)]
        joined = dict(both)
        for group in touched:
            joined.update(group)
        groups.append(joined)
    large = [list(group.values()) for group in groups if len(group) > 2]  # noqa: PLR2004
    return sorted(large, key=len, reverse=True)
