"""The QR code as a picture inside the page."""

from __future__ import annotations

import io

import segno

QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004, 6.3.8)."""


def qr_picture(address: str) -> str:
    """An SVG element with the code for ``address``, without size, so that styles decide.

    Error correction M bears smudges and reflections on a projected screen.
    """
    target = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        target, kind="svg", xmldecl=False, svgns=False, border=QUIET_ZONE, omitsize=True,
        nl=False, svgclass="qr", lineclass=None, light="#fff",
    )  # fmt: skip
    return target.getvalue().decode()
