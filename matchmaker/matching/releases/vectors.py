"""Vectors of the judged sets, kept in the instance folder, since encoding them takes a minute.

A file holds one line of JSON (model, version of the text's composition, text hashes, lengths,
checksum) and then the packed vectors of all posts. A file that is damaged, or was made for another
model, text version or text, is made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from embeddings.encoder import Encoder
from embeddings.facts import PostFacts
from embeddings.indexes.saved import replacing
from embeddings.posts import PostVectors, embed_posts
from embeddings.text import TEXT_VERSION, text_hash

BATCH = 32
Progress = Callable[[int, int], None]
"""Told how many posts of how many are encoded."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class VectorCache:
    """Vectors of judged posts in files.

    Args:
        folder: where the files lie; made when missing.
        encoder: makes what is not there.
    """

    folder: Path
    encoder: Encoder

    def vectors(
        self, name: str, posts: Sequence[PostFacts], progress: Progress | None = None
    ) -> list[PostVectors]:
        """Vectors of posts, in order.

        Args:
            name: of the judged set.
            posts: needs and offerings.
            progress: told while posts are encoded; not when they were stored.
        """
        path = self._path(name)
        header = self._header(posts)
        stored = _read(path, header, self.encoder.dimension)
        if stored is not None:
            return stored
        made: list[PostVectors] = []
        for start in range(0, len(posts), BATCH):
            made += embed_posts(self.encoder, posts[start : start + BATCH])
            if progress is not None:
                progress(len(made), len(posts))
        try:
            _write(path, header, made)
        except OSError as error:
            # A full disk costs the next run a minute, but not this one its result.
            log.warning("judged_vectors_not_kept", file=path.name, reason=str(error))
        return made

    def _path(self, name: str) -> Path:
        model = hashlib.sha256(self.encoder.model_id.encode()).hexdigest()[:12]
        return self.folder / f"{name}-{model}-{TEXT_VERSION}.vectors"

    def _header(self, posts: Sequence[PostFacts]) -> dict[str, Any]:
        return {
            "model": self.encoder.model_id,
            "text_version": str(TEXT_VERSION),
            "hashes": [text_hash(post) for post in posts],
        }


def _read(path: Path, header: dict[str, Any], dimension: int) -> list[PostVectors] | None:
    """The stored vectors; None when there are none that fit."""
    try:
        first, _, body = path.read_bytes().partition(b"\n")
        found = json.loads(first)
        fits = all(found[key] == value for key, value in header.items())
        if not fits or hashlib.sha256(body).hexdigest() != found["checksum"]:
            raise ValueError("made for something else, or damaged")
        return list(_unpacked(body, found["lengths"], dimension))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("judged_vectors_made_anew", file=path.name, reason=str(error))
        return None


def _unpacked(body: bytes, lengths: Sequence[int], dimension: int) -> list[PostVectors]:
    if sum(lengths) != len(body):
        raise ValueError("lengths do not add up")
    found, start = [], 0
    for length in lengths:
        found.append(PostVectors.from_bytes(body[start : start + length], dimension))
        start += length
    return found


def _write(path: Path, header: dict[str, Any], vectors: Sequence[PostVectors]) -> None:
    """Put the file in place at once, so that a process that dies leaves none that is half done."""
    packed = [each.to_bytes() for each in vectors]
    body = b"".join(packed)
    full = {
        **header,
        "lengths": [len(each) for each in packed],
        "checksum": hashlib.sha256(body).hexdigest(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(json.dumps(full).encode() + b"\n" + body)
