"""The approval document (起案書) as PDF on A4: boxes, subject, request, what it is about.

The same content gives the same bytes: the moment of creation is an argument, and nothing else in
the file depends on the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from matchmaker.partnering.consortia.documents.domain import (
    ApprovalSheet,
    SheetSection,
)
from matchmaker.partnering.consortia.documents.line_breaking import (
    GETA,
    FontMetrics,
    metrics_of,
)
from matchmaker.partnering.consortia.documents.official_days import official_date
from matchmaker.partnering.consortia.documents.page_flow import (
    BODY,
    LEFT,
    PAGE_WIDTH,
    POINT,
    RIGHT,
    SMALL,
    TOP,
    WIDTH,
    Mark,
    PageFlow,
    PlacedFill,
    PlacedLine,
    PlacedText,
    line_height,
)

FONT = "approval"
INK, SHADE = (20, 20, 20), (236, 240, 237)
BOX_WIDTH, BOX_HEAD, BOX_HEIGHT = 18.5, 6.5, 17.0
LABEL_WIDTH = 26.0
FOOT = 283.0
DAY_LEFT_OPEN = "令和　　年　　月　　日"
TITLE = "起案書"


def make_approval_pdf(sheet: ApprovalSheet, font: Path, created_at: datetime) -> bytes:
    """The document as PDF.

    Args:
        sheet: what it says; texts may be of any length.
        font: TrueType file with Japanese characters; the glyphs used are embedded.
        created_at: moment that the file names as its creation, with its time zone.
    """
    flow = set_pages(sheet, metrics_of(font))
    pdf = _new_pdf(sheet, font, created_at)
    for number, marks in enumerate(flow.pages, start=1):
        pdf.add_page()
        for mark in sorted(marks, key=lambda each: not isinstance(each, PlacedFill)):
            _draw(pdf, mark)
        for mark in _foot(sheet, flow.metrics, number, len(flow.pages)):
            _draw(pdf, mark)
    return bytes(pdf.output())


def missing_characters(sheet: ApprovalSheet, metrics: FontMetrics) -> str:
    """The characters that the font cannot print, each once; they stand as 〓 on the pages."""
    return metrics.missing("".join(_texts(sheet)))


def _texts(sheet: ApprovalSheet) -> Iterator[str]:
    yield from (sheet.organization, sheet.department, sheet.drafter, sheet.subject, sheet.request)
    yield from sheet.boxes
    for section in sheet.sections:
        yield from (section.title, section.text)
        if section.table is not None:
            yield from (text for row in section.table.rows for text in row)


def _new_pdf(sheet: ApprovalSheet, font: Path, created_at: datetime) -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_creation_date(created_at)
    pdf.set_title(f"{TITLE}　{sheet.subject}")
    pdf.set_author(sheet.organization)
    pdf.set_lang("ja")
    pdf.add_font(FONT, fname=font)
    pdf.set_text_shaping(use_shaping_engine=True, language="JAN", script="hani")
    return pdf


def set_pages(sheet: ApprovalSheet, metrics: FontMetrics) -> PageFlow:
    """Everything in its place on as many pages as it needs, the feet left out."""
    flow = PageFlow(metrics)
    _boxes(flow, sheet.boxes)
    _head(flow, sheet)
    _request(flow, sheet.request)
    for number, section in enumerate(sheet.sections, start=1):
        _section(flow, section, number)
    if missing := missing_characters(sheet, metrics):
        flow.y += 3.0
        flow.paragraphs(
            f"※この書類の文字にないものは「{GETA}」で表しています（{len(missing)}種類）。"
            "手で書き入れるか、別の文字に直してください。",
            size=SMALL,
        )
    return flow


def _boxes(flow: PageFlow, boxes: tuple[str, ...]) -> None:
    """The boxes of approval at the right, the drafter in the last one as offices have it."""
    x = RIGHT - BOX_WIDTH * len(boxes)
    for box in reversed(boxes):
        flow.put(PlacedFill(x, TOP, BOX_WIDTH, BOX_HEAD))
        flow.frame(x, TOP, BOX_WIDTH, BOX_HEAD)
        flow.frame(x, TOP + BOX_HEAD, BOX_WIDTH, BOX_HEIGHT)
        _centred(flow, box, x, TOP, BOX_WIDTH, BOX_HEAD, SMALL)
        x += BOX_WIDTH
    flow.y = TOP + BOX_HEAD + BOX_HEIGHT + 7.0


def _centred(
    flow: PageFlow, text: str, x: float, y: float, width: float, height: float, size: float
) -> None:
    """One line in the middle of a rectangle, smaller where it would not fit."""
    text = flow.metrics.printable(text)
    needed = flow.metrics.width(text, size * POINT)
    size = min(size, size * (width - 1.0) / needed) if needed else size
    left = x + (width - flow.metrics.width(text, size * POINT)) / 2
    flow.put(PlacedText(left, y + (height - size * POINT * 1.2) / 2, size, text))


def _head(flow: PageFlow, sheet: ApprovalSheet) -> None:
    """Title, days and drafter, then the subject."""
    _centred(flow, "起　案　書", LEFT, flow.y, WIDTH, 9.0, 18.0)
    flow.y += 13.0
    who = "　".join(part for part in (sheet.department, sheet.drafter) if part)
    half = WIDTH / 2
    pairs = (
        (("起案した日", official_date(sheet.drafted_on)), ("文書番号", "第　　　　　　号")),
        (("決裁した日", DAY_LEFT_OPEN), ("施行する日", DAY_LEFT_OPEN)),
    )
    for pair in pairs:
        for place, (label, text) in enumerate(pair):
            _labelled(flow, label, text, LEFT + place * half, half, flow.y, 8.5)
        flow.y += 8.5
    for label, text in (("団体", sheet.organization), ("起案者", who), ("件名", sheet.subject)):
        _wide_row(flow, label, text)
    flow.y += 5.0


def _wide_row(flow: PageFlow, label: str, text: str) -> None:
    lines = flow.lines_of(text, WIDTH - LABEL_WIDTH - 4.0, BODY)
    height = max(8.5, len(lines) * line_height(BODY) + 2.5)
    flow.put(PlacedFill(LEFT, flow.y, LABEL_WIDTH, height))
    flow.frame(LEFT, flow.y, LABEL_WIDTH, height)
    flow.frame(LEFT, flow.y, WIDTH, height)
    _centred(flow, label, LEFT, flow.y, LABEL_WIDTH, height, SMALL)
    top = flow.y + (height - len(lines) * line_height(BODY)) / 2 + 0.8
    for number, line in enumerate(lines):
        place = PlacedText(LEFT + LABEL_WIDTH + 2.0, top + number * line_height(BODY), BODY, line)
        flow.put(place)
    flow.y += height


def _labelled(
    flow: PageFlow, label: str, text: str, x: float, width: float, y: float, height: float
) -> None:
    flow.put(PlacedFill(x, y, LABEL_WIDTH, height))
    flow.frame(x, y, LABEL_WIDTH, height)
    flow.frame(x, y, width, height)
    _centred(flow, label, x, y, LABEL_WIDTH, height, SMALL)
    _centred(flow, text, x + LABEL_WIDTH, y, width - LABEL_WIDTH, height, BODY)


def _request(flow: PageFlow, request: str) -> None:
    flow.paragraphs(request)
    flow.y += 2.0


def _section(flow: PageFlow, section: SheetSection, number: int) -> None:
    flow.heading(f"{number}　{section.title}")
    if section.text:
        flow.paragraphs(section.text, indent=BODY * POINT)
    if section.table is not None:
        flow.table(section.table)


def _foot(sheet: ApprovalSheet, metrics: FontMetrics, number: int, total: int) -> list[Mark]:
    """The page's number in the middle, where the content comes from above it."""
    text = f"{number}／{total}"
    x = (PAGE_WIDTH - metrics.width(text, SMALL * POINT)) / 2
    source = metrics.printable(sheet.source)
    size = min(7.5, 7.5 * WIDTH / max(1.0, metrics.width(source, 7.5 * POINT)))
    left = RIGHT - metrics.width(source, size * POINT)
    return [PlacedText(left, FOOT - 4.5, size, source), PlacedText(x, FOOT, SMALL, text)]


def _draw(pdf: FPDF, mark: Mark) -> None:
    match mark:
        case PlacedFill(x, y, width, height):
            pdf.set_fill_color(*SHADE)
            pdf.rect(x, y, width, height, style="F")
        case PlacedLine(x1, y1, x2, y2):
            pdf.set_draw_color(*INK)
            pdf.set_line_width(0.2)
            pdf.line(x1, y1, x2, y2)
        case PlacedText(x, y, size, text) if text:
            pdf.set_text_color(*INK)
            pdf.set_font(FONT, size=size)
            pdf.set_xy(x, y)
            pdf.cell(w=0, h=size * POINT * 1.2, text=text)
