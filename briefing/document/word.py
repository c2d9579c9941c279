"""Writes a briefing as an editable document in the look of an official one: real headings, real tables, charts as pictures of numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.image import Image
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Inches, Pt, RGBColor

from briefing.document.content import Briefing, Cell, Series, Table
from briefing.document.printing import SCALE
from briefing.headline import width
from charts.palette import LIGHT
from data.wording import Wording

TITLE, BODY, SMALL = Pt(22), Pt(16), Pt(10.5)  # 二号 title, 三号 body, 五号 tables
ROOM, PIXELS = Cm(15.6), 96  # the width of the text; pixels of a page to the inch
SONG, HEI, FANG = "SimSun", "SimHei", "FangSong"


def docx(briefing: Briefing, words: Wording, pictures: Sequence[bytes] = ()) -> bytes:
    """Return the file; `pictures` are the charts as PNG in their order, without them a chart is the table of its last values alone."""
    document, drawn = Document(), iter(pictures)
    _in_chinese(document)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    _line(document, "　".join(filter(None, (briefing.marking, briefing.demo))), HEI, SMALL)
    _line(document, briefing.title, SONG, TITLE, WD_ALIGN_PARAGRAPH.CENTER, bold=True, colour=LIGHT.red)
    _line(document, f"{briefing.number}　{briefing.organ}　{briefing.day}", FANG, SMALL, WD_ALIGN_PARAGRAPH.CENTER)
    as_of = words.say("document.as_of", as_of=briefing.as_of, snapshot=briefing.snapshot)
    _line(document, f"{as_of}　{words.say('document.code', code=briefing.code)}", FANG, SMALL, WD_ALIGN_PARAGRAPH.CENTER)
    for one in (*([words.say("document.corrects", number=briefing.corrects)] if briefing.corrects else []), *briefing.changes):
        _line(document, one, HEI, SMALL, colour=LIGHT.worse)
    if briefing.faults:
        _line(document, words.say("document.faults") + words.say("headline.join").join(briefing.faults), HEI, SMALL, colour=LIGHT.worse)
    _line(document, f"{briefing.tag or words.label('document.tag', briefing.grain)}：{briefing.lead}", FANG, BODY, bold=True)
    for section in briefing.sections:
        _line(document, section.title, HEI, BODY, style="Heading 1", note=section.note)
        for text in section.paragraphs:
            _line(document, text, FANG, BODY, indent=True)
        for table in section.tables:
            _table(document, [column.head for column in table.columns], table)
        for chart in section.charts:
            _chart(document, chart, next(drawn, b""))
    _line(document, f"{briefing.recipients}　{briefing.source}", FANG, SMALL)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _in_chinese(document: Any) -> None:
    """Say that the text is Chinese, so that its marks are set as Chinese ones."""
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    language.set(qn("w:val"), "en-US")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _line(
    document: Any, text: str, font: str, size: Any, align: Any = None, *, bold: bool = False, colour: str = LIGHT.ink,
    style: str | None = None, indent: bool = False, note: str = "",
) -> None:  # fmt: skip
    paragraph = document.add_paragraph(style=style)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = size * 2
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.space_before = Pt(6) if style else Pt(0)
    paragraph.paragraph_format.line_spacing = 1.35
    _run(paragraph, text, font, size, colour, bold=bold)
    if note:
        _run(paragraph, f"　{note}", font, SMALL, LIGHT.ink_2)


def _run(paragraph: Any, text: str, font: str, size: Any, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = size, bold, font
    run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  # python-docx has no way of its own


def _table(document: Any, heads: list[str], table: Table) -> None:
    if not table.rows:
        _line(document, table.note, FANG, SMALL)
        return
    drawn = document.add_table(rows=1, cols=len(heads))
    drawn.style = "Table Grid"
    _widths(
        drawn, [max([width(column.head), *(width(row[place].text) for row in table.rows)]) for place, column in enumerate(table.columns)]
    )
    _keep_together(drawn.rows[0], is_head=True)
    for place, head in enumerate(heads):
        _fill(drawn.rows[0].cells[place], Cell(head, bold=True), right=table.columns[place].right)
    for row in table.rows:
        line = drawn.add_row()
        _keep_together(line)
        cells = line.cells
        for place, cell in enumerate(row):
            _fill(cells[place], cell, right=table.columns[place].right)
    if table.note:
        _line(document, table.note, FANG, SMALL)


def _keep_together(row: Any, *, is_head: bool = False) -> None:
    """Have a row on one page; a head on each page of its table, and never alone."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # as above
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _widths(drawn: Any, lengths: list[float]) -> None:
    """Share the width of the page by what the columns hold, none too narrow to read."""
    weights = [min(max(length, 3.0), 12.0) + 1.5 for length in lengths]
    drawn.autofit = False
    for column, weight in zip(drawn.columns, weights, strict=True):
        column.width = int(ROOM * weight / sum(weights))


def _fill(target: Any, cell: Cell, *, right: bool) -> None:
    paragraph = target.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    colour = (
        LIGHT.level_ink(cell.mark)
        if cell.mark in {"blue", "yellow", "orange", "red"}
        else LIGHT.worse
        if cell.tone == "worse"
        else LIGHT.ink
    )
    _run(paragraph, cell.text, SONG, SMALL, colour, bold=cell.bold)


def _chart(document: Any, chart: Series, picture: bytes) -> None:
    """A chart is its picture, whole and no wider than the text, and below it the table of its last values, which can be edited."""
    most = 7
    names, texts = chart.names[-most:], chart.texts[-most:]
    _line(document, chart.title if picture else chart.title.partition("；")[0], FANG, SMALL)  # without it nothing is said of its look
    if picture:
        wide = min(Emu(int(Image.from_blob(picture).px_width / SCALE * Inches(1) / PIXELS)), ROOM)
        document.add_picture(io.BytesIO(picture), width=wide)
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    drawn = document.add_table(rows=2, cols=max(len(names), 1))
    drawn.style = "Table Grid"
    for place, (name, text) in enumerate(zip(names, texts, strict=True)):
        _fill(drawn.rows[0].cells[place], Cell(name), right=True)
        _fill(drawn.rows[1].cells[place], Cell(text or "—", bold=True), right=True)
