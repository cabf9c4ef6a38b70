"""Addresses of the built front-end files: templates ask for ``app.css`` and get the hashed name.

The names carry a hash of the content, so browsers may keep the files for a year.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

FOLDER = "dist"
MANIFEST = "manifest.json"
EXTENSION_KEY = "matchmaker.assets"
KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"


class AssetsNotBuilt(RuntimeError):
    """The front end was not built, or the file asked for is not part of it."""


class AssetManifest:
    """Which hashed file stands behind each name; read again when the build changed.

    Args:
        path: the ``manifest.json`` that the front-end build wrote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at_ns = -1
        self._names: dict[str, str] = {}

    def file_name(self, name: str) -> str:
        """Path of ``name`` inside the built folder.

        Args:
            name: plain name such as ``app.css``, ``app.js`` or ``prefectures.json``.

        Raises:
            AssetsNotBuilt: there is no build, or it has no such file.
        """
        self._refresh()
        if name not in self._names:
            raise AssetsNotBuilt(f"{name} is not in {self._path}; run: npm ci && npm run build")
        return self._names[name]

    def _refresh(self) -> None:
        try:
            changed_at = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            raise AssetsNotBuilt(f"{self._path} is missing; run: npm ci && npm run build") from None
        if changed_at != self._read_at_ns:
            self._names = json.loads(self._path.read_text(encoding="utf-8"))
            self._read_at_ns = changed_at


def asset(name: str) -> str:
    """Address of a built file, for templates: ``{{ asset('app.css') }}``.

    Raises:
        AssetsNotBuilt: there is no build, or it has no such file.
    """
    manifest: AssetManifest = current_app.extensions[EXTENSION_KEY]
    return url_for("static", filename=f"{FOLDER}/{manifest.file_name(name)}")


def _keep_long(response: Response) -> Response:
    """Let browsers keep hashed files; the manifest itself has no hash and changes."""
    is_built = f"/{FOLDER}/" in request.path and not request.path.endswith(MANIFEST)
    if request.endpoint == "static" and is_built and response.status_code == 200:  # noqa: PLR2004
        response.headers["Cache-Control"] = KEPT_FOR_A_YEAR
    return response


def init_app(app: Flask) -> None:
    """Give templates ``asset()`` and let browsers keep the built files."""
    folder = Path(app.static_folder or "") / FOLDER
    app.extensions[EXTENSION_KEY] = AssetManifest(folder / MANIFEST)
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep_long)
