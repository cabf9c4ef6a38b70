"""What matching does when posts change (named in ``matchmaker/subscriptions.py``)."""

from __future__ import annotations

from matchmaker.core.clock import now
from matchmaker.core.transaction import after_commit
from matchmaker.matching.engine import current_engine
from matchmaker.matching.indexing import process, request_all, request_index
from matchmaker.matching.terms.events import VocabularyChanged
from matchmaker.posts.domain import PostKind
from matchmaker.posts.events import PostEvent


def index_post_soon(event: PostEvent) -> None:
    """Queue the post, and make its entry right after the commit when the encoder is at hand."""
    request_index(event.kind, event.subject_id, event.now)
    post_id = event.subject_id

    def make_entry() -> None:
        engine = current_engine()
        if engine.is_warm:
            process(engine.encoder, now(), post_id=post_id)

    after_commit(make_entry)


def read_posts_anew(event: VocabularyChanged) -> None:
    """Queue all listed posts: the worker reads them anew, their vectors stay as they are."""
    for kind in PostKind:
        request_all(kind, event.now)
