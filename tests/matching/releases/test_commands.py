"""``flask ranking …``: what it prints, and that other processes follow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from embeddings.partnership import PartnershipModel
from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import cli, queries, report
from tests.matching.releases.conftest import Bench, add_version, inside, use_encoder


def test_train_list_use_and_go_back(bench: Bench) -> None:
    runner = bench.app.test_cli_runner()
    judged = ["--judged", str(bench.judged), "--json"]
    trained = runner.invoke(args=["ranking", "train", *judged])
    assert trained.exit_code in (0, cli.REFUSED_STATUS), trained.output
    found = json.loads(trained.stdout)
    assert found["number"] == 1
    assert set(found["figures"]["sets"]["dev"]) >= {"ndcg10", "ece", "materials", "regions", "live"}
    assert "6/6" not in trained.stdout, "progress goes to the error stream"

    reason = ["--reason", "ためす"]
    used = runner.invoke(args=["ranking", "promote", "1", "--despite", *reason])
    assert used.output == "version 1 is live\n"
    listed = json.loads(runner.invoke(args=["ranking", "versions", "--json"]).stdout)
    assert (listed["live"], len(listed["versions"])) == (1, 2)
    assert (
        "version 1: live"
        in runner.invoke(args=["ranking", "check", "1", "--judged", str(bench.judged)]).output
    )
    back = runner.invoke(args=["ranking", "rollback", "0", *reason])
    assert back.output == "version 0 is live again\n"


def test_a_version_that_is_worse_is_told_and_not_used(bench: Bench) -> None:
    runner = bench.app.test_cli_runner()
    good = runner.invoke(args=["ranking", "train", "--judged", str(bench.judged)])
    assert "version 1" in good.output
    runner.invoke(args=["ranking", "promote", "1", "--despite", "--reason", "ためす"])
    bad = runner.invoke(args=["ranking", "train", "--judged", str(bench.misleading)])
    assert bad.exit_code == cli.REFUSED_STATUS
    assert "against it: " in bad.output
    refused = runner.invoke(args=["ranking", "promote", "2", "--reason", "使いたい"])
    assert refused.exit_code == 1
    assert "悪くなります" in refused.output
    shadow = runner.invoke(args=["ranking", "shadow", "2", "--reason", "見る"])
    assert shadow.output == "version 2 is in shadow\n"
    compared = json.loads(runner.invoke(args=["ranking", "compare", "--json"]).stdout)
    assert (compared["number"], compared["live"]) == (2, 1)
    ended = runner.invoke(args=["ranking", "shadow", "2", "--end", "--reason", "終わり"])
    assert ended.output == "version 2 left shadow\n"
    assert runner.invoke(args=["ranking", "compare"]).exit_code == 1


def test_bad_folders_and_numbers_are_told(bench: Bench, tmp_path: Path) -> None:
    runner = bench.app.test_cli_runner()
    missing = runner.invoke(args=["ranking", "train", "--judged", str(tmp_path / "none")])
    assert missing.exit_code == 1
    assert "not a folder" in missing.output
    assert runner.invoke(args=["ranking", "promote", "5", "--reason", "x"]).exit_code == 1
    assert runner.invoke(args=["ranking", "promote", "1"]).exit_code == 2, "a reason is needed"


def test_without_an_encoder_nothing_is_trained(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["ranking", "train"])
    assert answer.exit_code == 1
    assert "意味を読むしくみ" in answer.output


def test_another_process_promotes_and_this_one_follows(app: Flask, tmp_path: Path) -> None:
    use_encoder(app)
    with inside(app):
        version = add_version()
        parameters = {**version.parameters, "base": -1.25}
        db.session.get_one(RankingVersion, version.id).parameters = parameters
        db.session.commit()
        before = current_engine().rules().model.base
        db.session.rollback()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ranking"]
    environment = {
        **os.environ, "SECRET_KEY": "x" * 40, "INSTANCE_DIR": str(tmp_path),
        "EMBEDDING_MODEL": "none", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [*command, "promote", "1", "--reason", "別の画面から"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout == "version 1 is live\n", done.stderr
    with inside(app):
        assert queries.live_number() == 1
        assert before != pytest.approx(-1.25)
        assert current_engine().rules().model.base == pytest.approx(-1.25)


def test_the_document_tells_the_figures_of_the_shipped_parameters() -> None:
    """When this fails: ``flask ranking report --write``, and read what changed."""
    figures = queries.shipped_figures()
    assert figures["parameters"] == report.fingerprint(PartnershipModel.shipped())
    document = report.DOCUMENT.read_text(encoding="utf-8")
    assert report.replaced(document, report.document_part(figures)) == document


def test_a_document_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        report.replaced("nothing here", "figures")
