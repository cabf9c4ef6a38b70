"""QR codes: as a picture inside a page, and as a file that goes with a mail."""

from __future__ import annotations

import io

import segno

QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004, 6.3.8)."""

PIXELS_PER_MODULE = 8


def qr_picture(text: str) -> str:
    """An SVG element with the code for ``text``, without size, so that styles decide.

    Error correction M bears smudges and reflections on a projected screen.
    """
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="svg", xmldecl=False, svgns=False, border=QUIET_ZONE, omitsize=True,
        nl=False, svgclass="qr", lineclass=None, light="#fff",
    )  # fmt: skip
    return target.getvalue().decode()


def qr_png(text: str) -> bytes:
    """A PNG with the code for ``text``, large enough for a phone's screen and for print."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="png", border=QUIET_ZONE, scale=PIXELS_PER_MODULE
    )
    return target.getvalue()
