"""Answers that hand out files: as downloads, never opened by the browser, never guessed at."""

from __future__ import annotations

import io

from flask import Response, send_file

from matchmaker.core.storage import StoredFile, open_stored

SANDBOX = "default-src 'none'; sandbox"


def download(content: bytes, name: str, media_type: str) -> Response:
    """Hand out bytes made for this request.

    Args:
        content: the file.
        name: what the person finds in the download folder (RFC 5987 keeps Japanese names).
        media_type: what the content is.
    """
    response = send_file(
        io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name
    )
    return _guarded(response)


def download_stored(stored: StoredFile) -> Response:
    """Hand out an uploaded file as a download. The caller has asked the policy."""
    response = send_file(
        open_stored(stored),
        mimetype=stored.media_type,
        as_attachment=True,
        download_name=stored.name,
        etag=False,
    )
    response.content_length = stored.size
    return _guarded(response)


def show_picture(stored: StoredFile) -> Response:
    """Hand out a picture that was written anew, for showing within a page.

    Raises:
        ValueError: the file is no such picture.
    """
    if not stored.is_picture:
        raise ValueError("only pictures that were written anew are shown")
    response = send_file(open_stored(stored), mimetype=stored.media_type, etag=False)
    response.set_etag(stored.sha256)
    response.content_length = stored.size
    return _guarded(response, "private, max-age=3600")


def _guarded(response: Response, caching: str = "private, no-store") -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = caching
    return response
