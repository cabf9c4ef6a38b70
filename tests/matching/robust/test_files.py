"""Saved indexes on a disk that is full or may not be written to, and files of something else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.indexes.saved import read_arrays, write_arrays
from matchmaker.core.db import db
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.releases.vectors import VectorCache
from matchmaker.offerings.types import OFFERING
from tests.matching.conftest import WordEncoder, index_all
from tests.matching.test_engine import engine_with, outgrow_memory, state_of
from tests.posts.file_world import World, published

Damage = Callable[[bytes], bytes]


def no_space(_descriptor: int) -> None:
    """What the system answers when the last bytes no longer fit."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def large_engine(world: World) -> MatchingEngine:
    """An engine with posts on both sides, which keeps them in files."""
    published(world, OFFERING)
    published(world)
    index_all()
    engine = engine_with(world.app, WordEncoder())
    outgrow_memory(engine)
    return engine


def test_a_full_disk_leaves_the_old_files_whole_and_the_next_turn_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        engine = large_engine(world)
        before = {path: path.read_bytes() for path in engine.save()}
        assert before
        published(world, title="竹の粉がほしい")
        index_all()
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", no_space)
            with pytest.raises(OSError, match="space"):
                engine.save()
        folder = next(iter(before)).parent
        assert {path: path.read_bytes() for path in folder.iterdir()} == before, "nothing is left"
        assert len(engine.index().needs.ids()) == 2, "it goes on serving"
        assert engine.save(), "it is not taken for saved"
        assert next(iter(before)).parent == folder


def test_a_folder_that_cannot_be_used_costs_only_the_files(world: World) -> None:
    settings = world.app.extensions["matchmaker.settings"]
    with world.app.app_context():
        engine = large_engine(world)
        (settings.instance_dir / "index").write_text("a file where the folder should be")
        with pytest.raises(OSError, match="index"):
            engine.save()
        assert state_of(MatchingEngine(settings)) == state_of(engine)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
        lambda content: b"\x00" * len(content),
        lambda content: content[:15] + b"\xff" * 8 + content[23:],
    ],
    ids=["empty", "half", "cut", "last bit", "header", "zeros", "length"],
)
def test_a_damaged_file_is_refused_and_everything_read_anew(world: World, damage: Damage) -> None:
    settings = world.app.extensions["matchmaker.settings"]
    with world.app.app_context():
        engine = large_engine(world)
        for path in engine.save():
            path.write_bytes(damage(path.read_bytes()))
        fresh = engine_with(world.app, WordEncoder())
        assert state_of(fresh) == state_of(engine)
        assert fresh.index().needs.is_in_memory, "not from the file"
        assert settings.instance_dir.exists()


@pytest.mark.parametrize("name", ["model_id", "text_version", "dimension", "kind"])
def test_a_file_of_something_else_is_refused(world: World, name: str) -> None:
    with world.app.app_context():
        engine = large_engine(world)
        for path in engine.save():
            manifest, arrays = read_arrays(path, {})
            assert name in manifest
            write_arrays(path, {**manifest, name: "another"}, arrays)
        fresh = engine_with(world.app, WordEncoder())
        assert state_of(fresh) == state_of(engine)
        assert fresh.index().needs.is_in_memory
        db.session.rollback()


def test_vectors_that_cannot_be_kept_are_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", no_space)
    cache = VectorCache(tmp_path / "cache", WordEncoder())
    assert cache.vectors("train", []) == []
    assert list((tmp_path / "cache").iterdir()) == []
