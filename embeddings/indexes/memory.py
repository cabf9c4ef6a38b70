"""Memory that is free again goes back to the system; what stays for good is not looked at again."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Final

_YOUNG: Final = 20_000


def hand_back() -> None:
    """Give freed memory back, where the C library keeps it (glibc); elsewhere nothing happens.

    A side that outgrew memory frees some 250 MB in many small pieces, which would stay with the
    process for good.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def settle() -> None:
    """Tell Python's collector that all there is now stays: it looks only at what comes later.

    Called once by a process that serves, when it stands ready. A ranking makes many small objects;
    with the usual settings the collector then goes through the whole process every other ranking,
    which takes longer than the ranking itself. ``_YOUNG`` objects, some tens of megabytes, are
    waited for between its rounds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
