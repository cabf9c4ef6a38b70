"""Names of files as people gave them, made safe to store, to show and to download."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 120
LONGEST_SUFFIX = 10
FORBIDDEN = re.compile(r'[<>:"|?*]')
"""Characters that Windows refuses in names."""

RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)
"""Device names of Windows."""

UNNAMED = "file"


def clean_file_name(name: str) -> str:
    """The last part of ``name`` without anything that could mislead a person or a disk.

    Folders, control and direction characters go; variation selectors of names (IVS) stay.
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", "".join(c for c in name if _is_visible(c)))
    name = FORBIDDEN.sub("_", name).strip().lstrip(".").rstrip(". ")
    if RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or UNNAMED


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > LONGEST_SUFFIX:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(suffix) - 1] + dot + suffix


def suffix_of(name: str) -> str:
    """What stands after the last dot, in lower case and half width; empty when nothing does."""
    folded = unicodedata.normalize("NFKC", clean_file_name(name)).lower()
    return folded.rpartition(".")[2] if "." in folded else ""
