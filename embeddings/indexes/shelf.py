"""Where the posts of a side are: all in memory while they are few, fetched when needed beyond."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Generic, Protocol

from embeddings.indexes.memory import hand_back
from embeddings.posts import IndexedPost, Post, Post_co

IN_MEMORY_UP_TO: Final = 30_000
_RECENT: Final = 2_000


class PostSource(Protocol[Post_co]):
    """Fetches posts by id, such as from a database in one query."""

    def get_many(self, ids: Sequence[str]) -> Mapping[str, IndexedPost[Post_co]]:
        """Return those posts that are there, ready to be ranked."""


class Shelf(Generic[Post]):
    """Holds the posts of a side or knows where to fetch them.

    Args:
        source: where posts are fetched once there are many; None to keep all in memory.
        in_memory_up_to: up to so many posts all are kept; beyond, the source is asked and only
            recently used ones are kept.

    Every method may be called from several threads; fetching holds no lock.
    """

    def __init__(
        self, source: PostSource[Post] | None, in_memory_up_to: int = IN_MEMORY_UP_TO
    ) -> None:
        self._source, self._most = source, in_memory_up_to
        self._lock = threading.Lock()
        self._posts: OrderedDict[str, IndexedPost[Post]] = OrderedDict()
        self._changes = 0
        self.is_whole = True

    def put(self, posts: Iterable[IndexedPost[Post]]) -> None:
        """Keep posts, or forget what is known of them where the source has them."""
        with self._lock:
            self._changes += 1
            for post in posts:
                if self.is_whole:
                    self._posts[post.facts.id] = post
                else:
                    self._posts.pop(post.facts.id, None)
            if self.is_whole and self._source is not None and len(self._posts) > self._most:
                self._let_go()

    def drop(self, ids: Collection[str]) -> None:
        """Forget posts."""
        with self._lock:
            self._changes += 1
            for id in ids:
                self._posts.pop(id, None)

    def fetch_from_now_on(self) -> None:
        """Keep no more than recently used posts, as after taking up a saved index."""
        with self._lock:
            if self._source is None:
                raise ValueError("without a source all posts are kept")
            self._let_go()

    def get(self, id: str) -> IndexedPost[Post] | None:
        """Return one post."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Sequence[str]) -> dict[str, IndexedPost[Post]]:
        """Return those posts that are there, in the order asked for."""
        with self._lock:
            found = {id: self._posts[id] for id in ids if id in self._posts}
            before = self._changes
        missing = [id for id in ids if id not in found]
        if self.is_whole or self._source is None or not missing:
            return found
        fetched = self._source.get_many(missing)
        self._keep(fetched, before)
        return {id: post for id in ids if (post := found.get(id) or fetched.get(id)) is not None}

    def _keep(self, posts: Mapping[str, IndexedPost[Post]], before: int) -> None:
        with self._lock:
            if self._changes != before:
                # Something changed while they were fetched: they may be of yesterday.
                return
            self._posts.update(posts)
            while len(self._posts) > _RECENT:
                self._posts.popitem(last=False)

    def _let_go(self) -> None:
        self.is_whole = False
        self._posts.clear()
        hand_back()
