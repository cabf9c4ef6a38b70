"""A file is taken only when its content is what its name says, and each refusal names it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from matchmaker.core.file_names import LONGEST_NAME, clean_file_name, suffix_of
from matchmaker.core.uploads import (
    ATTACHMENT,
    PICTURE,
    SPREADSHEET,
    CheckedFile,
    Purpose,
    RefusedFile,
    check_upload,
)
from tests.core.office_files import (
    EXECUTABLE,
    document,
    pdf,
    picture,
    relationships,
    with_parts,
    workbook,
)

XLSX = workbook([["件名"], ["竹"]])


def refusal(name: str, content: bytes, purpose: Purpose = ATTACHMENT) -> str:
    """The message with which a file is refused."""
    with pytest.raises(RefusedFile) as caught:
        check_upload(name, content, purpose, "files")
    assert caught.value.field == "files"
    assert f"「{clean_file_name(name)}」" in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("計画.pdf", pdf(), "application/pdf"),
        ("表.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "案.docx", document(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "説明.PPTX", document(kind="presentationml.presentation"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        ("一覧.csv", "件名,量\n竹,3\n".encode("cp932"), "text/csv"),
        ("メモ.txt", "①㈱めぐり".encode("cp932"), "text/plain"),
        ("メモ.txt", "覚え書き".encode("utf-16"), "text/plain"),
        ("写真.jpg", picture(), "image/jpeg"),
        ("写真.png", picture("PNG"), "image/png"),
        ("写真.webp", picture("WEBP"), "image/webp"),
    ],
)  # fmt: skip
def test_honest_files_are_taken(name: str, content: bytes, media_type: str) -> None:
    file = check_upload(name, content, ATTACHMENT)
    assert (file.name, file.media_type) == (name, media_type)


@pytest.mark.parametrize("suffix", ["pdf", "xlsx", "docx", "jpg", "csv", "txt"])
def test_an_executable_under_another_name_is_refused(suffix: str) -> None:
    refusal(f"請求書.{suffix}", EXECUTABLE)


@pytest.mark.parametrize("suffix", ["exe", "svg", "html", "js", "zip", "xlsm", "xls", "heic", ""])
def test_other_kinds_are_refused_with_what_is_taken_instead(suffix: str) -> None:
    assert "使えるのは" in refusal(f"資料.{suffix}" if suffix else "資料", b"abc")


@pytest.mark.parametrize(
    "text", ["<svg xmlns='x'>", "  <!DOCTYPE html>", "<html>", "<?php echo 1;", "#!/bin/sh\n"]
)
def test_pages_and_programs_are_no_texts(text: str) -> None:
    assert "Webページやプログラム" in refusal("メモ.txt", text.encode())


def test_a_picture_is_written_anew_without_place_and_time() -> None:
    exif = Image.Exif()
    exif[0x0110] = "PHONE-MODEL"
    exif[0x0112] = 6  # stands on its side
    hidden = b"PK\x03\x04secret-archive"
    file = check_upload("山.jpg", picture(size=(80, 40), exif=exif) + hidden, PICTURE)
    assert b"PHONE-MODEL" not in file.content
    assert b"secret-archive" not in file.content
    with Image.open(io.BytesIO(file.content)) as image:
        assert image.size == (40, 80)
        assert not image.getexif()
    assert file.is_picture


def test_a_large_photo_is_made_smaller() -> None:
    file = check_upload("山.jpg", picture(size=(4000, 3000)), PICTURE)
    with Image.open(io.BytesIO(file.content)) as image:
        assert max(image.size) == 2400


def test_a_picture_of_huge_dimensions_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert "大きすぎます" in refusal("旗.png", bomb, PICTURE)


def test_a_picture_under_the_name_of_another_kind_is_refused() -> None:
    assert "名前と中身が合いません" in refusal("写真.png", picture("JPEG"))


def test_a_broken_picture_is_refused() -> None:
    assert "画像として開けません" in refusal("写真.jpg", picture()[:200])


@pytest.mark.parametrize(
    "content",
    [
        with_parts(XLSX, {"xl/vbaProject.bin": b"macro"}),
        document({"word/vbaData.xml": b"<x/>"}),
        document({"word/activeX/activeX1.bin": b"x"}),
    ],
)
def test_macros_are_refused(content: bytes) -> None:
    suffix = "xlsx" if b"xl/workbook.xml" in content else "docx"
    assert "マクロ" in refusal(f"様式.{suffix}", content)


def test_a_workbook_with_macros_renamed_to_xlsx_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    macro_type = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    renamed = with_parts(XLSX, {"[Content_Types].xml": types.replace(plain, macro_type).encode()})
    assert "マクロ" in refusal("様式.xlsx", renamed)


def test_embedded_programs_and_outside_files_are_refused() -> None:
    ole = with_parts(XLSX, {"xl/embeddings/oleObject1.bin": b"x"})
    links = with_parts(XLSX, {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    template = document({"word/_rels/settings.xml.rels": relationships("attachedTemplate", "x")})
    assert "埋め込まれて" in refusal("表.xlsx", ole)
    assert "ほかのファイルへのリンク" in refusal("表.xlsx", links)
    assert "外部のファイル" in refusal("案.docx", template)


def test_a_link_to_a_page_and_an_embedded_chart_table_are_taken() -> None:
    rels = relationships("hyperlink", "https://example.jp/")
    content = document({"word/_rels/document.xml.rels": rels, "word/embeddings/table.xlsx": XLSX})
    assert check_upload("案.docx", content, ATTACHMENT)


def test_a_chart_table_with_macros_is_found_inside() -> None:
    inner = with_parts(XLSX, {"xl/vbaProject.bin": b"macro"})
    assert "マクロ" in refusal("案.docx", document({"word/embeddings/table.xlsx": inner}))


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = with_parts(XLSX, {"xl/worksheets/sheet9.xml": b"0" * 60_000_000})
    assert len(bomb) < 100_000
    assert "大きくなりすぎる" in refusal("表.xlsx", bomb)


def test_an_archive_of_very_many_files_is_refused() -> None:
    content = document({f"part{n}.xml": b"" for n in range(3_100)})
    assert "大きくなりすぎる" in refusal("案.docx", content)


def test_billion_laughs_are_refused() -> None:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        b"<worksheet>&b;</worksheet>"
    )
    refusal("表.xlsx", with_parts(XLSX, {"xl/worksheets/sheet1.xml": laughs}))
    wide = laughs.decode().encode("utf-16")
    refusal("表.xlsx", with_parts(XLSX, {"xl/worksheets/sheet1.xml": wide}))


def test_a_file_of_two_kinds_at_once_is_refused() -> None:
    refusal("表.xlsx", b"<html>" + XLSX)
    refusal("計画.pdf", pdf() + XLSX)
    refusal("計画.pdf", b"MZ" + pdf())
    refusal("表.xlsx", XLSX + b"<script>")


def test_names_that_climb_out_of_the_archive_are_refused() -> None:
    refusal("表.xlsx", with_parts(XLSX, {"../../etc/passwd": b"x"}))


def test_files_with_a_password_are_refused() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500
    stream = "EncryptedPackage".encode("utf-16-le")
    assert "パスワード" in refusal("表.xlsx", compound + stream)
    assert "古い形式" in refusal("表.xlsx", compound)
    assert "パスワードか制限" in refusal("計画.pdf", pdf(b"/Encrypt 5 0 R"))


def test_a_pdf_that_acts_is_refused() -> None:
    assert "しかけ" in refusal("計画.pdf", pdf(b"3 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"))


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"  \r\n"])
def test_empty_files_are_refused(content: bytes) -> None:
    assert "中身が空" in refusal("一覧.csv", content, SPREADSHEET)


def test_a_file_beyond_the_bound_is_refused_with_its_size() -> None:
    message = refusal("写真.jpg", b"x" * (10 * 1024 * 1024 + 1), PICTURE)
    assert "10MBまで" in message


def test_control_characters_are_no_text() -> None:
    assert "2行目" in refusal("メモ.txt", b"abc\nd\x01ef")


def test_a_document_is_no_spreadsheet() -> None:
    assert "中身は.docx" in refusal("表.xlsx", document(), SPREADSHEET)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\環境課\\表.xlsx", "表.xlsx"),
        ("葛\U000e0100城市.pdf", "葛\U000e0100城市.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("か\u3099まえ.pdf", "がまえ.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...", "file"),
        ('a<b>:"c.pdf', "a_b___c.pdf"),
        ("改\r\n行.pdf", "改行.pdf"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert clean_file_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_file_name("長" * 300 + ".xlsx")
    assert len(name) == LONGEST_NAME
    assert name.endswith(".xlsx")


def test_full_width_endings_are_understood() -> None:
    assert suffix_of("表．ＸＬＳＸ") == "xlsx"
    assert isinstance(check_upload("表．ｘｌｓｘ", XLSX, SPREADSHEET), CheckedFile)
