"""Built files are found by their plain name."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core import assets


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A static folder with one built file."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"app.css": "app-1.css"}))
    (folder / "app-1.css").write_text("body {}")
    return tmp_path


def make_app(static_folder: Path) -> Flask:
    app = Flask("assets", static_folder=str(static_folder), static_url_path="/static")
    assets.init_app(app)
    return app


def test_templates_get_the_hashed_name(built: Path) -> None:
    app = make_app(built)
    with app.test_request_context():
        assert assets.asset("app.css") == "/static/dist/app-1.css"


def test_a_new_build_is_noticed(built: Path) -> None:
    manifest = built / "dist" / "manifest.json"
    known = assets.AssetManifest(manifest)
    assert known.file_name("app.css") == "app-1.css"
    manifest.write_text(json.dumps({"app.css": "app-2.css"}))
    os.utime(manifest, ns=(1, 1))
    assert known.file_name("app.css") == "app-2.css"


def test_a_missing_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsNotBuilt, match="npm run build"):
        assets.AssetManifest(tmp_path / "manifest.json").file_name("app.css")


def test_an_unknown_name_is_an_error(built: Path) -> None:
    with pytest.raises(assets.AssetsNotBuilt, match=r"other\.css"):
        assets.AssetManifest(built / "dist" / "manifest.json").file_name("other.css")


def test_hashed_files_are_kept_by_browsers_and_the_manifest_is_not(built: Path) -> None:
    client = make_app(built).test_client()
    hashed = client.get("/static/dist/app-1.css")
    manifest = client.get("/static/dist/manifest.json")
    assert hashed.headers["Cache-Control"] == assets.KEPT_FOR_A_YEAR
    assert manifest.headers["Cache-Control"] != assets.KEPT_FOR_A_YEAR
