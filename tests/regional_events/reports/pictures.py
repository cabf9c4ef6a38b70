"""Pictures for tests."""

from __future__ import annotations

import io

from PIL import Image


def picture() -> bytes:
    """A small green picture."""
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(target, "JPEG")
    return target.getvalue()
