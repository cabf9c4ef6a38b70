"""Office files are ZIP archives: what may be inside one before anything is unpacked.

Sizes are checked from the directory of the archive; Python's reader never gives more of a part than
the directory says, so a lie there ends in a damaged part and not in a full memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MEBIBYTE = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
ENCRYPTED_FLAG = 0x1
FIRST_HEADER = b"PK\x03\x04"
XML_SUFFIXES = (".xml", ".rels", ".vml")
PROLOGUE_BYTES = 64 * 1024
DEEPEST_NESTING = 2

MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
"""Content type of the main part (ECMA-376 part 1) and the file kind it makes."""

HARMLESS_EXTERNAL = ("/hyperlink",)
"""Kinds of relationship that may point outside the file: a link that a person has to click."""

MACRO_PARTS = re.compile(
    r"(^|/)(vba(project|data)[^/]*|[^/]*macrosheets?|activex[^/]*)(/|\.|$)", re.I
)
EMBEDDED = re.compile(r"(^|/)embeddings/[^/]+$", re.I)
EXTERNAL_LINKS = re.compile(r"(^|/)externalLinks/", re.I)
NESTED_OFFICE = (".xlsx", ".docx", ".pptx")


class UnsafeArchive(ValueError):
    """The archive is not taken; the text is Japanese and continues 「name」."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How far an archive may go.

    Args:
        entries: most files inside.
        total_bytes: largest sum of unpacked sizes.
        part_bytes: largest unpacked size of one file.
        ratio: most unpacked bytes for one packed byte, from ``ratio_from_bytes`` on.
        ratio_from_bytes: unpacked size below which the ratio does not matter.
    """

    entries: int = 3_000
    total_bytes: int = 150 * MEBIBYTE
    part_bytes: int = 80 * MEBIBYTE
    ratio: int = 200
    ratio_from_bytes: int = 10 * MEBIBYTE


LIMITS = ArchiveLimits()
TOO_LARGE = "は、開くと大きくなりすぎるため受け取れません。必要な部分だけにしてください。"
DAMAGED = "は、壊れているか、Officeのファイルではありません。開いて保存し直してください。"
MACROS = "には、マクロが入っています。マクロなしの形式（.xlsx など）で保存し直してください。"


def open_archive(content: bytes, limits: ArchiveLimits = LIMITS) -> zipfile.ZipFile:
    """Open an archive whose directory keeps within ``limits``.

    Raises:
        UnsafeArchive: it is damaged, encrypted, overlaps itself, hides data or is too large.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnsafeArchive(DAMAGED) from None
    entries = archive.infolist()
    _check_layout(content, archive, entries)
    _check_sizes(content, entries, limits)
    for entry in entries:
        _check_name(entry.filename)
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise UnsafeArchive("は、パスワードがかかっています。外して保存し直してください。")
    return archive


def _check_layout(content: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Nothing before the first file, nothing after the directory, no file twice."""
    names = [entry.filename for entry in entries]
    starts_at_once = content.startswith(FIRST_HEADER) and bool(entries)
    if not starts_at_once or min(entry.header_offset for entry in entries) != 0:
        raise UnsafeArchive(DAMAGED)
    if archive.comment or not content[-22:].startswith(b"PK\x05\x06"):
        raise UnsafeArchive(DAMAGED)
    if len(set(names)) != len(names):
        raise UnsafeArchive(DAMAGED)


def _check_sizes(content: bytes, entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if packed > len(content):  # parts that share their bytes: the trick of overlapping zip bombs
        raise UnsafeArchive(TOO_LARGE)
    if len(entries) > limits.entries or total > limits.total_bytes:
        raise UnsafeArchive(TOO_LARGE)
    if any(entry.file_size > limits.part_bytes for entry in entries):
        raise UnsafeArchive(TOO_LARGE)
    if total > limits.ratio_from_bytes and total > limits.ratio * max(packed, 1):
        raise UnsafeArchive(TOO_LARGE)


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise UnsafeArchive(DAMAGED)


def office_kind(content: bytes, limits: ArchiveLimits = LIMITS, depth: int = 0) -> str:
    """Which kind of Office file ``content`` is, once nothing in it acts or reaches outside.

    Returns:
        ``xlsx``, ``docx`` or ``pptx``.

    Raises:
        UnsafeArchive: macros, embedded programs, links to other files, entities, or no Office file.
    """
    with open_archive(content, limits) as archive:
        kind = _main_kind(archive)
        for name in archive.namelist():
            _check_part(archive, name, limits, depth)
    return kind


def _main_kind(archive: zipfile.ZipFile) -> str:
    types = _content_types(archive)
    if any("macroenabled" in value.lower() or "vbaproject" in value.lower() for value in types):
        raise UnsafeArchive(MACROS)
    kinds = {MAIN_TYPES[value] for value in types if value in MAIN_TYPES}
    if len(kinds) != 1:
        raise UnsafeArchive(DAMAGED)
    return kinds.pop()


def _content_types(archive: zipfile.ZipFile) -> list[str]:
    if CONTENT_TYPES not in archive.namelist():
        raise UnsafeArchive(DAMAGED)
    root = _xml(read_part(archive, CONTENT_TYPES))
    return [element.get("ContentType", "") for element in root]


def read_part(archive: zipfile.ZipFile, name: str, most: int = -1) -> bytes:
    """Bytes of one file inside, at most ``most`` of them.

    Raises:
        UnsafeArchive: the part is damaged.
    """
    try:
        with archive.open(name) as part:
            return part.read(most)
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, RuntimeError, ValueError):
        raise UnsafeArchive(DAMAGED) from None
    except Exception as error:  # zlib.error and lzma errors share no base class
        raise UnsafeArchive(DAMAGED) from error


def _xml(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnsafeArchive(DAMAGED) from None
    return root


def _check_part(archive: zipfile.ZipFile, name: str, limits: ArchiveLimits, depth: int) -> None:
    if MACRO_PARTS.search(name):
        raise UnsafeArchive(MACROS)
    if EXTERNAL_LINKS.search(name):
        raise UnsafeArchive(
            "には、ほかのファイルへのリンクが入っています。値だけにして保存し直してください。"
        )
    if EMBEDDED.search(name):
        _check_embedded(archive, name, limits, depth)
    if name.lower().endswith(XML_SUFFIXES):
        _check_prologue(read_part(archive, name, PROLOGUE_BYTES))
    if name.lower().endswith(".rels"):
        _check_relationships(_xml(read_part(archive, name)))


def _check_embedded(archive: zipfile.ZipFile, name: str, limits: ArchiveLimits, depth: int) -> None:
    """Charts keep their numbers in an embedded workbook; anything else embedded is refused."""
    if not name.lower().endswith(NESTED_OFFICE) or depth >= DEEPEST_NESTING:
        raise UnsafeArchive(
            "には、ほかのファイルやプログラムが埋め込まれています。外して保存し直してください。"
        )
    office_kind(read_part(archive, name), limits, depth + 1)


def _check_prologue(head: bytes) -> None:
    """No Office program writes a document type; those who do hide entities in it."""
    plain = head.replace(b"\x00", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise UnsafeArchive(DAMAGED)


def _check_relationships(root: Element) -> None:
    for element in root:
        if element.get("TargetMode") != "External":
            continue
        if not element.get("Type", "").endswith(HARMLESS_EXTERNAL):
            raise UnsafeArchive(
                "には、外部のファイルを読みこむ設定が入っています。外して保存し直してください。"
            )
