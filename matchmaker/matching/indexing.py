"""Keeps the index in step with the posts.

A change of a post puts a request into the queue, in the transaction of the change. Making the entry
(words, readings, vectors) happens right after the commit in the same process when it can, else by
the worker. Encoding takes place outside of any write transaction. A process that dies in between
leaves the request standing, and it is done again; doing it twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, func, insert, or_, select, update

from embeddings.encoder import Encoder
from embeddings.facts import PostFacts
from embeddings.posts import PostVectors, embed_posts
from embeddings.reading.reader import READING_VERSION
from embeddings.reading.thesaurus import Thesaurus
from embeddings.text import TEXT_VERSION, compose_text, text_hash
from embeddings.words import content_words
from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip, reading_only
from matchmaker.matching.facts import FactsReader, to_json
from matchmaker.matching.models import IndexEntry, IndexRequest, PostVector
from matchmaker.matching.terms.queries import current_thesaurus
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import LISTED_STATES, PostKind
from matchmaker.posts.types import PostType

POST_TYPES: dict[PostKind, PostType] = {PostKind.NEED: NEED, PostKind.OFFERING: OFFERING}
BATCH = 64
MOST_ATTEMPTS = 5
log = structlog.get_logger()


def request_index(kind: PostKind, post_id: uuid.UUID, now: datetime) -> None:
    """Ask for the entry of a post to be made anew, in the present transaction."""
    db.session.add(IndexRequest(kind=kind.value, post_id=post_id, requested_at=now))
    db.session.flush()


def request_all(kind: PostKind, now: datetime) -> int:
    """Ask for the entries of all listed posts of one kind; gives their number."""
    model = POST_TYPES[kind].model
    ids = db.session.scalars(
        select(model.id).where(model.state.in_(LISTED_STATES)).order_by(model.id)
    ).all()
    rows = [{"kind": kind.value, "post_id": id_, "requested_at": now, "attempts": 0} for id_ in ids]
    if rows:
        db.session.execute(insert(IndexRequest), rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An entry ready to be written."""

    request: tuple[int, str, uuid.UUID]
    facts: PostFacts | None
    is_listed: bool
    visibility: str
    hash: str
    words: str
    vectors: PostVectors | None
    version: str


def process(
    encoder: Encoder | None,
    now: datetime,
    *,
    post_id: uuid.UUID | None = None,
    limit: int = BATCH,
) -> int:
    """Make the entries of the oldest requests (of one post if named); commits by itself.

    Args:
        encoder: None to index by words alone; vectors are then made later (see
            :func:`request_missing_vectors`).

    Returns:
        How many requests were done.
    """
    with reading_only():
        pending = _pending(post_id, limit)
        prepared = _prepare(pending, encoder)
        db.session.rollback()
    if not pending:
        return 0
    for item in prepared:
        if _take(item.request):
            _write(item, encoder, now)
    db.session.commit()
    return len(pending)


def _pending(post_id: uuid.UUID | None, limit: int) -> list[tuple[int, str, uuid.UUID]]:
    """The newest request of each post that waits, those that wait longest first."""
    newest = func.max(IndexRequest.seq)
    query = select(newest, IndexRequest.kind, IndexRequest.post_id)
    if post_id is not None:
        query = query.where(IndexRequest.post_id == post_id)
    query = query.where(IndexRequest.attempts < MOST_ATTEMPTS).group_by(
        IndexRequest.kind, IndexRequest.post_id
    )
    rows = db.session.execute(query.order_by(func.min(IndexRequest.seq)).limit(limit))
    return [(seq, kind, id_) for seq, kind, id_ in rows]


def index_by_words(now: datetime) -> int:
    """Make the entries of all waiting requests by words alone, which takes milliseconds a post; the
    requests stay, so that the worker adds the vectors. Commits by itself.

    Returns:
        How many posts were done.
    """
    query = select(IndexRequest.kind, IndexRequest.post_id).distinct()
    waiting = db.session.execute(query.order_by(IndexRequest.post_id)).all()
    while process(None, now):
        pass
    for kind, post_id in waiting:
        request_index(PostKind(kind), post_id, now)
    db.session.commit()
    return len(waiting)


def note_failure(post_id: uuid.UUID) -> None:
    """Count a failed attempt so that one bad post does not stop the queue for ever."""
    db.session.execute(
        update(IndexRequest)
        .where(IndexRequest.post_id == post_id)
        .values(attempts=IndexRequest.attempts + 1)
    )
    db.session.commit()


def _prepare(
    pending: Sequence[tuple[int, str, uuid.UUID]], encoder: Encoder | None
) -> list[_Prepared]:
    newest = {request[2]: request for request in pending}
    posts = _posts(list(newest.values()))
    thesaurus = current_thesaurus()
    reader = FactsReader(thesaurus)
    facts = {id_: reader.read(PostKind(newest[id_][1]), post) for id_, post in posts.items()}
    hashes = {id_: text_hash(found) for id_, found in facts.items()}
    vectors = _new_vectors(facts, hashes, encoder)
    return [
        _Prepared(
            request=request,
            facts=facts.get(id_),
            is_listed=id_ in posts and posts[id_].state in LISTED_STATES,
            visibility=posts[id_].visibility if id_ in posts else "members",
            hash=hashes.get(id_, ""),
            words=" ".join(content_words(compose_text(facts[id_]))) if id_ in facts else "",
            vectors=vectors.get(id_),
            version=entry_version(thesaurus),
        )
        for id_, request in newest.items()
    ]


def _posts(requests: Sequence[tuple[int, str, uuid.UUID]]) -> dict[uuid.UUID, Any]:
    found: dict[uuid.UUID, Any] = {}
    for kind, post_type in POST_TYPES.items():
        ids = [id_ for _seq, wanted, id_ in requests if wanted == kind.value]
        if ids:
            found.update(post_queries.get_many(post_type, ids))
    return found


def _new_vectors(
    facts: dict[uuid.UUID, PostFacts], hashes: dict[uuid.UUID, str], encoder: Encoder | None
) -> dict[uuid.UUID, PostVectors]:
    if encoder is None or not facts:
        return {}
    stored = set(
        db.session.scalars(
            select(PostVector.text_hash).where(
                PostVector.model_id == encoder.model_id,
                PostVector.text_hash.in_(set(hashes.values())),
            )
        )
    )
    missing = [id_ for id_ in facts if hashes[id_] not in stored]
    return dict(zip(missing, embed_posts(encoder, [facts[i] for i in missing]), strict=True))


def _take(request: tuple[int, str, uuid.UUID]) -> bool:
    """Strike out the requests of a post that are answered; False when another process did already.

    Then that process has read the post later or at the same moment: its entry stays.
    """
    seq, _kind, post_id = request
    answered = delete(IndexRequest).where(IndexRequest.post_id == post_id, IndexRequest.seq <= seq)
    return bool(db.session.execute(answered).rowcount)  # type: ignore[attr-defined]


def _next_number(kind: str, post_id: uuid.UUID, now: datetime) -> int:
    """A number above all that any entry has, drawn from the counter of the requests.

    Entries are numbered as they are written, not as they were asked for: those who follow the index
    read on from the highest number they know, and must not pass by what waited longer.
    """
    drawn = insert(IndexRequest).values(kind=kind, post_id=post_id, requested_at=now, attempts=0)
    number = int(db.session.execute(drawn).inserted_primary_key[0])  # type: ignore[attr-defined]
    db.session.execute(delete(IndexRequest).where(IndexRequest.seq == number))
    return number


def _write(item: _Prepared, encoder: Encoder | None, now: datetime) -> None:
    if item.vectors is not None and encoder is not None:
        row = insert(PostVector).values(
            model_id=encoder.model_id,
            text_hash=item.hash,
            dimension=encoder.dimension,
            packed=item.vectors.to_bytes(),
            created_at=now,
        )
        insert_or_skip(db.session(), row, ["model_id", "text_hash"])
    _seq, kind, post_id = item.request
    values = {
        "kind": kind,
        "seq": _next_number(kind, post_id, now),
        "is_listed": item.is_listed,
        "visibility": item.visibility,
        "text_hash": item.hash,
        "text_version": item.version,
        "facts": to_json(item.facts) if item.facts else {},
        "words": item.words,
    }
    row = insert(IndexEntry).values(post_id=post_id, **values)
    if insert_or_skip(db.session(), row, ["post_id"]) == 0:
        db.session.execute(update(IndexEntry).where(IndexEntry.post_id == post_id).values(**values))


def entry_version(thesaurus: Thesaurus) -> str:
    """What an entry was made with besides the post: composition of texts, rules, vocabulary."""
    return f"{TEXT_VERSION}.{READING_VERSION}.{thesaurus.version[:10]}"


def request_missing_vectors(encoder: Encoder | None, now: datetime) -> int:
    """Ask for entries that are out of date, and for those whose vectors this model has not made.

    An entry is out of date when its text was composed or read by other rules, or with another
    vocabulary; its vectors stay, since they are kept by the text.

    Args:
        encoder: None when there is no model; then only entries out of date are asked for.
    """
    outdated = IndexEntry.text_version != entry_version(current_thesaurus())
    if encoder is not None:
        has_vector = (
            select(PostVector.text_hash)
            .where(
                PostVector.model_id == encoder.model_id,
                PostVector.text_hash == IndexEntry.text_hash,
            )
            .exists()
        )
        outdated = or_(~has_vector, outdated)
    waiting = select(IndexRequest.seq).where(IndexRequest.post_id == IndexEntry.post_id).exists()
    query = select(IndexEntry.kind, IndexEntry.post_id).where(
        IndexEntry.is_listed, outdated, ~waiting
    )
    rows = [
        {"kind": kind, "post_id": post_id, "requested_at": now, "attempts": 0}
        for kind, post_id in db.session.execute(query.order_by(IndexEntry.seq).limit(5000))
    ]
    if rows:
        db.session.execute(insert(IndexRequest), rows)
    return len(rows)


def is_behind() -> bool:
    """Whether posts wait for their entry; those that failed too often are waited for no more."""
    query = select(IndexRequest.seq).where(IndexRequest.attempts < MOST_ATTEMPTS).limit(1)
    return db.session.scalar(query) is not None


def waiting_requests() -> int:
    """How many posts wait for their entry."""
    return db.session.scalar(select(func.count()).select_from(IndexRequest)) or 0


def failed_requests() -> Sequence[IndexRequest]:
    """Requests that were given up, for the operator's page."""
    query = (
        select(IndexRequest)
        .where(IndexRequest.attempts >= MOST_ATTEMPTS)
        .order_by(IndexRequest.seq)
        .limit(100)
    )
    return db.session.scalars(query).all()
