"""Writes a briefing as slides of 16:9: the sentence, then one section a slide with native charts and tables that can be edited."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from briefing.document.content import Briefing, Cell, Section, Series, Table
from charts.palette import LIGHT
from data.wording import Wording

WIDE, HIGH, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
FONT = "Microsoft YaHei"
Box = tuple[int, int, int]  # left, top, width
MOST_ROWS, MOST_NAMES = 10, 6


def pptx(briefing: Briefing, words: Wording) -> bytes:
    """Return the file."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    _cover(deck, briefing, words)
    for section in briefing.sections:
        _section(deck, briefing, section, words)
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _cover(deck: Any, briefing: Briefing, words: Wording) -> None:
    slide = _blank(deck, briefing, words)
    _text(slide, briefing.title, EDGE, Inches(0.9), WIDE - 2 * EDGE, Inches(0.9), Pt(36), bold=True)
    _text(slide, f"{briefing.number}　{briefing.organ}　{briefing.day}", EDGE, Inches(1.8), WIDE - 2 * EDGE, Inches(0.5), Pt(20))
    _text(slide, briefing.lead, EDGE, Inches(2.8), WIDE - 2 * EDGE, Inches(2.5), Pt(28), bold=True)
    said = [words.say("document.faults") + words.say("headline.join").join(briefing.faults)] if briefing.faults else []
    if briefing.corrects:
        said = [words.say("document.corrects", number=briefing.corrects), *briefing.changes, *said]
    if said:
        _text(slide, "\n".join(said), EDGE, Inches(5.4), WIDE - 2 * EDGE, Inches(1.2), Pt(20), colour=LIGHT.worse)


def _section(deck: Any, briefing: Briefing, section: Section, words: Wording) -> None:
    slide = _blank(deck, briefing, words)
    _text(slide, section.title, EDGE, Inches(0.4), WIDE - 2 * EDGE, Inches(0.7), Pt(28), bold=True)
    top = int(Inches(1.15))
    if section.paragraphs:
        text = "\n".join(section.paragraphs)
        long = int(Inches(0.42)) * (1 + len(text) // 42)
        _text(slide, text, EDGE, top, WIDE - 2 * EDGE, long, Pt(20))
        top += long + int(Inches(0.1))
    count = max(len(section.charts) + len(section.tables), 1)
    wide = (WIDE - 2 * EDGE) // count - int(Inches(0.1))
    boxes = [(EDGE + place * (wide + int(Inches(0.1))), top, wide) for place in range(count)]
    for chart, box in zip(section.charts, boxes, strict=False):
        _chart(slide, chart, box)
    for table, box in zip(section.tables, boxes[len(section.charts) :], strict=False):
        parts = [table.rows[place : place + MOST_ROWS] for place in range(0, max(len(table.rows), 1), MOST_ROWS)]
        _table(slide, table, parts[0], box)
        if table.note:
            _text(slide, table.note, box[0], HIGH - Inches(0.9), box[2], Inches(0.4), Pt(14), colour=LIGHT.ink_2)
        for part in parts[1:]:  # what does not fit goes on on a slide of its own
            more = _blank(deck, briefing, words)
            _text(more, section.title, EDGE, Inches(0.4), WIDE - 2 * EDGE, Inches(0.7), Pt(28), bold=True)
            _table(more, table, part, (EDGE, int(Inches(1.15)), WIDE - 2 * EDGE))


def _blank(deck: Any, briefing: Briefing, words: Wording) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    as_of = words.say("document.as_of", as_of=briefing.as_of, snapshot=briefing.snapshot)
    foot = "　".join(filter(None, (briefing.marking, briefing.demo, as_of, words.say("document.code", code=briefing.code))))
    _text(slide, foot, EDGE, HIGH - Inches(0.5), WIDE - 2 * EDGE, Inches(0.4), Pt(12), colour=LIGHT.ink_2)
    return slide


def _text(
    slide: Any, text: str, left: int, top: int, wide: int, high: int, size: Any, *, bold: bool = False, colour: str = LIGHT.ink
) -> None:  # fmt: skip
    frame = slide.shapes.add_textbox(left, top, wide, high).text_frame
    frame.word_wrap = True
    for place, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.name = size, bold, FONT
        run.font.color.rgb = _rgb(colour)


def _chart(slide: Any, chart: Series, box: Box) -> None:
    left, top, wide = box
    points = CategoryChartData()
    points.categories = chart.names
    points.add_series(chart.title, chart.values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.kind == "bars" else XL_CHART_TYPE.LINE
    if chart.kind != "bars" and any(value is not None for value in chart.low):
        points.add_series(f"{chart.title} ↓", chart.low)
        points.add_series(f"{chart.title} ↑", chart.high)
    drawn = slide.shapes.add_chart(kind, left, top, wide, HIGH - top - Inches(0.7), points).chart
    drawn.has_legend, drawn.has_title = False, True
    drawn.chart_title.text_frame.text = chart.title
    drawn.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(16)
    drawn.font.size, drawn.font.name = Pt(14), FONT
    for place, series in enumerate(drawn.plots[0].series):
        look = series.format
        if chart.kind == "bars":
            look.fill.solid()
            look.fill.fore_color.rgb = _rgb(LIGHT.ink_3)
            drawn.plots[0].has_data_labels = True
            drawn.category_axis.reverse_order = True
        else:
            look.line.color.rgb = _rgb(LIGHT.ink if not place else LIGHT.rule)
            look.line.width = Pt(2 if not place else 1)
            series.smooth = False
    if len(chart.names) > MOST_NAMES and chart.kind != "bars":
        skip = OxmlElement("c:tickLblSkip")
        skip.set("val", str(len(chart.names) // 4))
        axis = drawn.category_axis._element  # noqa: SLF001  # python-pptx has no way of its own
        axis.find(qn("c:noMultiLvlLbl")).addprevious(skip) if axis.find(qn("c:noMultiLvlLbl")) is not None else axis.append(skip)
    drawn.value_axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)


def _table(slide: Any, table: Table, part: tuple[tuple[Cell, ...], ...], box: Box) -> None:
    drawn = slide.shapes.add_table(len(part) + 1, len(table.columns), *box, Inches(0.4) * (len(part) + 1)).table
    lengths = [max([len(column.head), *(len(row[place].text) for row in part)]) for place, column in enumerate(table.columns)]
    weights = [min(max(length, 4), 16) for length in lengths]
    for place, column in enumerate(table.columns):
        drawn.columns[place].width = box[2] * weights[place] // sum(weights)
        _cell(drawn.cell(0, place), column.head, LIGHT.ink_2, bold=False)
    for at, row in enumerate(part, start=1):
        for place, cell in enumerate(row):
            marked = cell.mark in {"blue", "yellow", "orange", "red"}
            _cell(drawn.cell(at, place), cell.text, LIGHT.level_ink(cell.mark) if marked else LIGHT.ink, bold=cell.bold)


def _cell(target: Any, text: str, colour: str, *, bold: bool) -> None:
    target.fill.solid()
    target.fill.fore_color.rgb = _rgb(LIGHT.paper)
    target.margin_top = target.margin_bottom = Inches(0.03)
    run = target.text_frame.paragraphs[0].add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(14), bold, FONT
    run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.removeprefix("#"))
