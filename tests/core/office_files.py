"""Real Office, PDF and picture files, honest and hostile, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from PIL import Image

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(rows: Iterable[Sequence[Any]], title: str = "Sheet1") -> bytes:
    """An ordinary workbook of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The archive with parts replaced, added or (None) left out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            data = parts.get(name, source.read(name))
            if data is not None:
                archive.writestr(name, data)
        for name, data in parts.items():
            if name not in source.namelist() and data is not None:
                archive.writestr(name, data)
    return target.getvalue()


def part(content: bytes, name: str) -> bytes:
    """One part of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def document(
    parts: Mapping[str, bytes] | None = None, kind: str = "wordprocessingml.document"
) -> bytes:
    """The least Office file of a kind."""
    main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'content-types"><Override PartName="/main.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr("main.xml", "<document/>")
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def relationships(kind: str, target: str) -> bytes:
    """A part of relationships with one that points outside."""
    return (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="r1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}"/></Relationships>'
    ).encode()


def pdf(body: bytes = b"") -> bytes:
    """A small PDF."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" + body + b"\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small picture of one colour."""
    target = io.BytesIO()
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    Image.new(mode, size, "green").save(target, kind, **options)
    return target.getvalue()


EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200
