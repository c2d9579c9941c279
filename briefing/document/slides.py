"""Writes a briefing as slides of 16:9: the sentence, then one section a slide with native charts and tables that can be edited."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from briefing.document.content import Briefing, Cell, Section, Series, Table
from briefing.headline import width
from charts.palette import LIGHT
from data.wording import Wording

WIDE, HIGH, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
FONT = "Microsoft YaHei"
Box = tuple[int, int, int]  # left, top, width
MOST_NAMES = 6
ROW, NOTE, MARGIN = int(Inches(0.4)), int(Inches(0.4)), int(Inches(0.2))
LOWEST = HIGH - int(Inches(0.95))  # below it stand the note of a table and the foot


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
    """The text with the charts beside one another, or with the first table; every further table has slides of its own."""
    slide, top = _titled(deck, briefing, section, words)
    if section.paragraphs:
        text = "\n".join(section.paragraphs)
        long = int(Inches(0.42)) * (1 + int(width(text)) // 42)
        _text(slide, text, EDGE, top, WIDE - 2 * EDGE, long, Pt(20))
        top += long + int(Inches(0.1))
    gap = int(Inches(0.1))
    wide = (WIDE - 2 * EDGE) // max(len(section.charts), 1) - gap
    for place, chart in enumerate(section.charts):
        _chart(slide, chart, (EDGE + place * (wide + gap), top, wide))
    is_free = not section.charts and top < HIGH // 2
    for table in section.tables:
        rest, widths = list(table.rows), _widths(table)
        while rest or table.note:
            if not is_free:
                slide, top = _titled(deck, briefing, section, words)
            part = _fitting(rest, widths, LOWEST - top)
            if part:
                _table(slide, table, part, widths, top)
            rest = rest[len(part) :]
            is_free = False
            if not rest:
                below = top if not part else LOWEST
                _text(slide, table.note, EDGE, below, WIDE - 2 * EDGE, NOTE, Pt(14), colour=LIGHT.ink_2) if table.note else None
                break


def _titled(deck: Any, briefing: Briefing, section: Section, words: Wording) -> tuple[Any, int]:
    """Return a new slide with the title of a section, and where what is below it begins."""
    slide = _blank(deck, briefing, words)
    _text(slide, section.title, EDGE, Inches(0.4), WIDE - 2 * EDGE, Inches(0.7), Pt(28), bold=True)
    return slide, int(Inches(1.15))


def _widths(table: Table) -> list[int]:
    """Share the width of a slide by what the columns hold, none too narrow to read."""
    longest = [max([width(column.head), *(width(row[place].text) for row in table.rows)]) for place, column in enumerate(table.columns)]
    weights = [min(max(length, 3.0), 20.0) + 1.5 for length in longest]
    return [int((WIDE - 2 * EDGE) * weight / sum(weights)) for weight in weights]


def _fitting(rows: list[tuple[Cell, ...]], widths: list[int], room: int) -> tuple[tuple[Cell, ...], ...]:
    """Return as many rows as fit below their head, at least one; a text that is wider than its column takes more lines."""
    kept: list[tuple[Cell, ...]] = []
    left = room - ROW
    for row in rows:
        lines = max(1 + int(width(cell.text) * Pt(14) / (wide - MARGIN)) for cell, wide in zip(row, widths, strict=True))
        left -= ROW + (lines - 1) * int(Pt(17))
        if left < 0 and kept:
            break
        kept.append(row)
    return tuple(kept)


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


def _table(slide: Any, table: Table, part: tuple[tuple[Cell, ...], ...], widths: list[int], top: int) -> None:
    drawn = slide.shapes.add_table(len(part) + 1, len(table.columns), EDGE, top, sum(widths), ROW * (len(part) + 1)).table
    for place, column in enumerate(table.columns):
        drawn.columns[place].width = widths[place]
        _cell(drawn.cell(0, place), column.head, LIGHT.ink_2, bold=False, right=column.right)
    for at, row in enumerate(part, start=1):
        for place, cell in enumerate(row):
            marked = cell.mark in {"blue", "yellow", "orange", "red"}
            colour = LIGHT.level_ink(cell.mark) if marked else LIGHT.worse if cell.tone == "worse" else LIGHT.ink
            _cell(drawn.cell(at, place), cell.text, colour, bold=cell.bold, right=table.columns[place].right)


def _cell(target: Any, text: str, colour: str, *, bold: bool, right: bool) -> None:
    target.fill.solid()
    target.fill.fore_color.rgb = _rgb(LIGHT.paper)
    target.margin_top = target.margin_bottom = Inches(0.03)
    paragraph = target.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(14), bold, FONT
    run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.removeprefix("#"))
