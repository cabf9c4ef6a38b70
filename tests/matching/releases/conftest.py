"""Small judged sets cut from the shipped ones, and a workshop with a tiny real encoder."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from embeddings.partnership import PartnershipModel
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.engine import ENGINE_KEY, MatchingEngine, current_engine
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases.domain import Objection, objections_as_json
from matchmaker.matching.releases.service import store_version
from matchmaker.matching.releases.workshop import JUDGED, Workshop
from tests.matching.conftest import WordEncoder

NEEDS, OFFERINGS = 10, 12
Grade = dict[str, dict[str, int]]


def cut(name: str, target: Path, *, upside_down: bool = False) -> None:
    """The first needs of a shipped set with as many of their offerings as fit.

    Args:
        upside_down: useless offerings become the best and the other way round.
    """
    source = JUDGED / name
    needs = _lines(source / "needs.jsonl")
    grades = _grades(source / "qrels.tsv")
    chosen = [need for need in needs if len(grades.get(need["id"], {})) > 1][:NEEDS]
    ids = list(dict.fromkeys(id_ for need in chosen for id_ in grades[need["id"]]))
    offerings = [o for o in _lines(source / "offerings.jsonl") if o["id"] in ids[: NEEDS * 3]]
    target.mkdir(parents=True)
    _write(target / "needs.jsonl", chosen)
    _write(target / "offerings.jsonl", offerings)
    kept = {each["id"] for each in offerings}
    rows = [
        f"{need['id']}\t{id_}\t{3 - grade if upside_down else grade}"
        for need in chosen
        for id_, grade in grades[need["id"]].items()
        if id_ in kept
    ]
    (target / "qrels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text + "\n", encoding="utf-8")


def _grades(path: Path) -> Grade:
    found: Grade = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if row and row[0] != "need_id":
                found.setdefault(row[0], {})[row[1]] = int(row[2])
    return found


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small sets train, dev and real."""
    folder = tmp_path_factory.mktemp("judged")
    for name in ("train", "dev", "real"):
        cut(name, folder / name)
    return folder


@pytest.fixture(scope="session")
def misleading(judged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same sets to be measured on, with a training set that teaches the opposite."""
    folder = tmp_path_factory.mktemp("misleading")
    for name in ("dev", "real"):
        (folder / name).symlink_to(judged / name)
    cut("train", folder / "train", upside_down=True)
    return folder


@dataclass(frozen=True, slots=True)
class Bench:
    """An application with a tiny encoder and small judged sets."""

    app: Flask
    judged: Path
    misleading: Path
    cache: Path

    def workshop(self, *, misleads: bool = False) -> Workshop:
        """What a training uses; within an application context."""
        engine = current_engine()
        assert engine.encoder is not None
        folder = self.misleading if misleads else self.judged
        return Workshop(engine.encoder, engine.rules(), folder, self.cache)


def use_encoder(app: Flask) -> WordEncoder:
    """Give the application the tiny encoder."""
    encoder = WordEncoder()
    engine = MatchingEngine(app.extensions["matchmaker.settings"])
    engine._encoder, engine._encoder_tried = encoder, True
    app.extensions[ENGINE_KEY] = engine
    return encoder


@pytest.fixture
def bench(app: Flask, judged: Path, misleading: Path, tmp_path: Path) -> Bench:
    """An installation in which versions are trained within a second."""
    use_encoder(app)
    return Bench(app, judged, misleading, tmp_path / "judged-vectors")


def add_version(objections: tuple[Objection, ...] = (), against: int = 0) -> RankingVersion:
    """A version with the shipped parameters; commits."""
    figures = {"against": against, "sets": {}, "objections": objections_as_json(objections)}
    parameters = PartnershipModel.shipped().to_json()
    version = store_version(parameters, figures, {"train": 10}, SYSTEM, clock.now())
    db.session.commit()
    return version


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """An application context whose session is closed in the end."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.rollback()
            db.session.remove()
