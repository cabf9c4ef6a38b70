"""Checks what people upload: a file is taken only when its content is what its name says.

Every refusal names the file and says what to do. What is taken is harmless to hand on: pictures are
written anew, Office files hold no macros, texts are texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import puremagic

from matchmaker.core.archives import UnsafeArchive, office_kind
from matchmaker.core.errors import ProductError
from matchmaker.core.file_names import clean_file_name, suffix_of
from matchmaker.core.images import FORMATS, UnusableImage, reencode
from matchmaker.core.spreadsheets.encoding import UndecodableText, decode

MEBIBYTE = 1024 * 1024
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of Office files before 2007, and of new ones with a password ([MS-CFB] 2.2)."""

ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
PDF_HEAD, PDF_END, PDF_END_WITHIN = b"%PDF-", b"%%EOF", 2048
PDF_ENCRYPTED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
PDF_ACTIVE = re.compile(rb"/(JavaScript|Launch)\b")
MARKUP = re.compile(r"^\s*(<!doctype|<html|<script|<svg|<\?xml|<\?php|#!|<iframe|<body)", re.I)
ZIP_END = b"PK\x05\x06"

MEDIA_TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}

ADVICE: Mapping[str, str] = {
    "xls": "Excelで開き、「Excelブック（.xlsx）」で保存し直してください。",
    "xlsm": "マクロの入るファイルです。「Excelブック（.xlsx）」で保存し直してください。",
    "xlsb": "Excelで開き、「Excelブック（.xlsx）」で保存し直してください。",
    "doc": "Wordで開き、「Word文書（.docx）」で保存し直してください。",
    "docm": "マクロの入るファイルです。「Word文書（.docx）」で保存し直してください。",
    "ppt": "PowerPointで開き、「.pptx」で保存し直してください。",
    "pptm": "マクロの入るファイルです。「.pptx」で保存し直してください。",
    "heic": "iPhoneの写真の形式です。JPEGにしてから選んでください。",
    "zip": "まとめずに、ファイルをひとつずつ選んでください。",
    "jtd": "一太郎で開き、PDFで保存し直してください。",
}


class RefusedFile(ProductError):
    """A file is not taken; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What files of one use may be.

    Args:
        suffixes: endings that are taken.
        most_bytes: largest file.
        wanted: Japanese words for the kinds that are taken.
    """

    suffixes: frozenset[str]
    most_bytes: int
    wanted: str


IMAGE_SUFFIXES = frozenset({"jpg", "jpeg", "png", "webp"})
OFFICE_SUFFIXES = frozenset({"xlsx", "docx", "pptx"})

PICTURE = Purpose(IMAGE_SUFFIXES, 10 * MEBIBYTE, "画像（JPEG・PNG・WebP）")
ATTACHMENT = Purpose(
    IMAGE_SUFFIXES | OFFICE_SUFFIXES | {"pdf", "csv", "txt"},
    15 * MEBIBYTE,
    "PDF、Excel・Word・PowerPoint（.xlsx・.docx・.pptx）、CSV、テキスト、画像",
)
SPREADSHEET = Purpose(frozenset({"xlsx", "csv"}), 15 * MEBIBYTE, "Excel（.xlsx）かCSV")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was taken.

    Args:
        name: cleaned name.
        media_type: what the content is.
        content: what is kept (pictures: written anew).
        is_picture: whether it may be shown within a page.
    """

    name: str
    media_type: str
    content: bytes
    is_picture: bool = False


def check_upload(name: str, content: bytes, purpose: Purpose, field: str = "file") -> CheckedFile:
    """Take a file, or say why not.

    Args:
        name: as the browser sent it.
        content: all of it; the size of a request is bounded by ``MAX_UPLOAD_MB``.
        purpose: what it is for.
        field: form field the message belongs to.

    Raises:
        RefusedFile: with a message in Japanese that names the file.
    """
    name = clean_file_name(name)
    try:
        _check_name_and_size(name, content, purpose)
        return CHECKS[suffix_of(name)](name, content)
    except (Unfit, UnsafeArchive, UnusableImage, UndecodableText) as error:
        raise RefusedFile(f"「{name}」{error}", field) from None


class Unfit(ValueError):
    """The file does not fit; the text continues 「name」."""


def _check_name_and_size(name: str, content: bytes, purpose: Purpose) -> None:
    suffix = suffix_of(name)
    if suffix not in purpose.suffixes:
        advice = ADVICE.get(suffix, "")
        raise Unfit(f"は、受け取れない種類のファイルです。{advice}使えるのは{purpose.wanted}です。")
    if not content:
        raise Unfit("は、中身が空です。")
    if len(content) > purpose.most_bytes:
        most = purpose.most_bytes // MEBIBYTE
        size = len(content) / MEBIBYTE
        raise Unfit(f"は、大きすぎます（{size:.1f}MB）。{most}MBまでにしてください。")


def _picture(name: str, content: bytes) -> CheckedFile:
    image = reencode(content)
    if MEDIA_TYPES[suffix_of(name)] != image.media_type:
        actual = next(kind for kind, media in FORMATS.items() if media == image.media_type)
        raise Unfit(f"は、名前と中身が合いません（中身は{actual}）。名前の終わりを直してください。")
    return CheckedFile(name, image.media_type, image.content, is_picture=True)


def _office(name: str, content: bytes) -> CheckedFile:
    suffix = suffix_of(name)
    if content.startswith(COMPOUND_FILE):
        if ENCRYPTED_STREAM in content:
            raise Unfit("は、パスワードがかかっています。外して保存し直してください。")
        raise Unfit(f"は、中身が古い形式です。「.{suffix}」で保存し直してください。")
    if not content.startswith(b"PK"):
        raise Unfit(_mismatch(content))
    kind = office_kind(content)
    if kind != suffix:
        raise Unfit(f"は、名前と中身が合いません（中身は.{kind}）。名前の終わりを直してください。")
    return CheckedFile(name, MEDIA_TYPES[suffix], content)


def _pdf(name: str, content: bytes) -> CheckedFile:
    if not content.startswith(PDF_HEAD):
        raise Unfit(_mismatch(content))
    if PDF_END not in content[-PDF_END_WITHIN:] or ZIP_END in content[-PDF_END_WITHIN:]:
        raise Unfit("は、PDFとして壊れています。作り直すか、印刷からPDFに保存し直してください。")
    if PDF_ENCRYPTED.search(content):
        raise Unfit("は、パスワードか制限がかかっています。外して保存し直してください。")
    if PDF_ACTIVE.search(content):
        raise Unfit("には、動くしかけが入っています。印刷からPDFに保存し直してください。")
    return CheckedFile(name, MEDIA_TYPES["pdf"], content)


def _text(name: str, content: bytes) -> CheckedFile:
    if content.startswith((PDF_HEAD, b"PK\x03\x04", COMPOUND_FILE)):
        raise Unfit(_mismatch(content))
    text = decode(content).text
    if not text.strip("\ufeff \t\r\n"):
        raise Unfit("は、中身が空です。")
    if MARKUP.match(text):
        raise Unfit("は、Webページやプログラムのようです。文章や表だけのファイルにしてください。")
    return CheckedFile(name, MEDIA_TYPES[suffix_of(name)], content)


def _mismatch(content: bytes) -> str:
    """Say what the content seems to be, as far as its first bytes tell."""
    try:
        guess = puremagic.from_string(content[:4096]).lstrip(".")
    except (puremagic.PureError, ValueError):
        guess = ""
    shown = f"（中身は「{guess}」のようです）" if guess.isascii() and guess else ""
    return f"は、名前と中身が合いません{shown}。元のソフトで開いて保存し直してください。"


Check = Callable[[str, bytes], CheckedFile]
CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(IMAGE_SUFFIXES, _picture),
    **dict.fromkeys(OFFICE_SUFFIXES, _office),
    "pdf": _pdf,
    "csv": _text,
    "txt": _text,
}
