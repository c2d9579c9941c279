"""Lays a briefing out on A4 as one HTML file: no address but its own, charts as SVG; the printed page and the file are the same."""

from __future__ import annotations

import base64

from briefing.document.content import Briefing, Cell, Section, Series, Table
from briefing.headline import width
from charts.marks import mark_image
from charts.markup import esc, image
from charts.palette import LIGHT, SANS, SERIF
from charts.paper import bars, line
from charts.sparkline import sparkline
from data.wording import Wording

WIDTH = 650  # pixels of text between the margins of A4
PART = 18  # letters of a part of a list that stays in one line
HALF, ASIDE, HIGH, HIGHER = 310, 206, 104, 150  # a chart over the whole width is higher
STYLE = f"""
@page{{size:A4;margin:11mm 19mm 20mm}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:{WIDTH}px;color:{LIGHT.ink};font:14px/1.6 {SANS};font-variant-numeric:tabular-nums}}
main{{background:#fff}}
.row{{display:flex;justify-content:space-between;align-items:baseline;gap:12px}}
.small{{font-size:12px;line-height:1.4;color:{LIGHT.ink_2}}}
.stamp{{border:1.5px solid {LIGHT.ink};padding:1px 10px;font-weight:700;color:{LIGHT.ink}}}
.stamp.demo{{border-color:{LIGHT.worse};color:{LIGHT.worse};margin-left:10px}}
main>.row:first-child{{padding:2px 2px 0 0}}
h1{{font:700 34px/1.3 {SERIF};letter-spacing:3px;text-align:center;margin:8px 0 2px}}
.under{{border-bottom:3px double {LIGHT.ink};padding-bottom:5px}}
.lead{{background:{LIGHT.panel};font:700 16px/1.5 {SERIF};padding:7px 12px;margin-top:10px}}
.faults{{border:1.5px solid {LIGHT.worse};color:{LIGHT.worse};padding:4px 12px;margin-top:8px;font-weight:700}}
section{{border-top:1px solid {LIGHT.ink};margin-top:9px;padding-top:4px}}
h2{{font:700 16px/1.5 {SERIF};margin:0 0 2px;break-after:avoid}}
h2 small{{font:400 11px {SANS};color:{LIGHT.ink_2};margin-left:10px}}
p{{font-family:{SERIF};text-indent:2em;text-align:justify;margin:0}} p:has(+table){{break-after:avoid}}
table+table,.small+table,.halves+table{{margin-top:8px}} .halves table{{margin-top:0}}
.beside{{display:grid;grid-template-columns:1fr {ASIDE}px;gap:18px}}
.halves{{display:grid;grid-template-columns:1fr 1fr;column-gap:30px}}
.charts{{display:grid;grid-template-columns:1fr 1fr;gap:30px;margin-top:4px}}
figure{{margin:0;break-inside:avoid}} figcaption{{font-size:11px;line-height:1.4;color:{LIGHT.ink_2};white-space:nowrap}}
figure img{{display:block}}
table{{width:100%;border-collapse:collapse;font-size:12px;line-height:1.25}}
th{{font-weight:400;font-size:11px;color:{LIGHT.ink_2};text-align:left;padding:2px 6px 2px 0;border-bottom:1px solid {LIGHT.rule}}}
td{{padding:3px 6px 3px 0;border-bottom:1px solid {LIGHT.rule};vertical-align:middle}}
tr{{break-inside:avoid}} thead{{display:table-header-group}}
.r{{text-align:right}} .b{{font-weight:700}} .worse{{color:{LIGHT.worse};font-weight:700}}
.better{{color:{LIGHT.better}}} .nw{{white-space:nowrap}} .whole{{break-inside:avoid}}
td:last-child,th:last-child{{padding-right:0}}
.water{{position:fixed;inset:0;z-index:9;pointer-events:none}}
.water span{{position:absolute;font:700 44px {SANS};color:rgba(123,45,94,.05);
  transform:rotate(-22deg);letter-spacing:8px;white-space:nowrap}}
@media print{{.end{{display:none!important}}}}
@media screen{{html{{background:{LIGHT.panel}}} body{{padding:40px 72px;max-width:794px;background:#fff}}}}
@media screen and (max-width:800px){{html{{zoom:.8}}}}
"""
WATER = ((40, 190), (380, 170), (200, 440), (460, 590), (40, 730), (400, 900))


def html(briefing: Briefing, words: Wording) -> str:
    """Return the whole file."""
    stamps = f'<span class="stamp">{esc(briefing.marking)}</span>' if briefing.marking else "<span></span>"
    demo = f'<span class="stamp demo">{esc(briefing.demo)}</span>' if briefing.demo else ""
    as_of = esc(words.say("document.as_of", as_of=briefing.as_of, snapshot=briefing.snapshot))
    faults = _faults(briefing, words)
    head = (
        f'<div class="row small">{stamps}<span>{as_of}{demo}</span></div><h1>{esc(briefing.title)}</h1>'
        f'<div class="row under"><span>{esc(briefing.number)}</span><span>{esc(briefing.organ)}</span>'
        f"<span>{esc(briefing.day)}</span></div>"
        f'{faults}<div class="lead">{esc(briefing.tag or words.label("document.tag", briefing.grain))}：{esc(briefing.lead)}</div>'
    )
    water = ""
    if briefing.demo:
        spots = "".join(f'<span style="left:{x}px;top:{y}px">{esc(briefing.demo)}</span>' for x, y in WATER)
        water = f'<div class="water" aria-hidden="true">{spots}</div>'
    sections = "".join(_section(one, words) for one in briefing.sections)
    foot = f'<section class="row small end"><span>{esc(briefing.recipients)}</span><span>{esc(briefing.source)}</span></section>'
    return (
        f'<!doctype html><html lang="{"zh-CN" if words.language == "zh" else "en"}"><head><meta charset="utf-8">'
        f"<title>{esc(briefing.title)} {esc(briefing.number)}</title><style>{STYLE}</style></head>"
        f"<body><main>{head}{sections}{foot}</main>{water}</body></html>"
    )


def footer(briefing: Briefing, words: Wording) -> str:
    """Return what stands below each printed page: whom it is for, the code and the number of the page, which the browser fills in."""
    pages = words.say("document.page", page="\0", pages="\1").replace("\0", '<span class="pageNumber"></span>')
    pages = pages.replace("\1", '<span class="totalPages"></span>')
    code = words.say("document.code", code=briefing.code)
    row = "display:flex;justify-content:space-between"
    look = f"font:9px/1.5 {SANS};color:{LIGHT.ink_2};width:100%;padding:0 19mm".replace('"', "'")
    return (
        f'<div style="{look}"><div style="{row};border-top:1px solid {LIGHT.ink};padding-top:2px"><span>{esc(briefing.recipients)}</span>'
        f'<span>{esc(briefing.source)}</span></div><div style="{row}"><span>{esc(code)}　{esc(briefing.snapshot)}</span>'
        f"<span>{esc(briefing.demo)}</span><span>{pages}</span></div></div>"
    )


def _faults(briefing: Briefing, words: Wording) -> str:
    said = ""
    if briefing.corrects:
        changes = "".join(f"<div>{esc(one)}</div>" for one in briefing.changes)
        said += f'<div class="faults">{esc(words.say("document.corrects", number=briefing.corrects))}{changes}</div>'
    if briefing.faults:
        listed = words.say("headline.join").join(briefing.faults)
        said += f'<div class="faults">{esc(words.say("document.faults") + listed)}</div>'
    return said


def _section(one: Section, words: Wording) -> str:
    note = f"<small>{esc(one.note)}</small>" if one.note else ""
    edited = f"<small>{esc(words.say('document.edited'))}</small>" if one.edited else ""
    text = "".join(f"<p>{esc(paragraph)}</p>" for paragraph in one.paragraphs)
    aside, charts = (one.charts[:1], one.charts[1:]) if one.beside else ((), one.charts)
    if aside:
        text = f'<div class="beside"><div>{text}</div>{_figure(aside[0], ASIDE)}</div>'
    tables = "".join(_table(table) for table in one.tables)
    drawn = "".join(_figure(chart, HALF if len(charts) > 1 else WIDTH) for chart in charts)
    drawn = f'<div class="{"charts" if len(charts) > 1 else ""}">{drawn}</div>' if drawn else ""
    keep = "" if one.tables or one.charts else ' class="whole"'
    return f"<section{keep}><h2>{esc(one.title)}{note}{edited}</h2>{text}{tables}{drawn}</section>"


def _figure(chart: Series, wide: int) -> str:
    if chart.kind == "bars":
        drawn = bars(chart.values, chart.names, chart.texts, width=wide, height=HIGH)
    else:
        last = chart.texts[-1] if chart.texts else ""
        high = HIGHER if wide == WIDTH else HIGH
        drawn = line(chart.values, chart.names, last, width=wide, height=high, low=chart.low, high=chart.high, lines=chart.lines)
    alt = f"{chart.title}：" + "，".join(f"{name} {text or '—'}" for name, text in zip(chart.names[-8:], chart.texts[-8:], strict=True))
    return f"<figure><figcaption>{esc(chart.title)}</figcaption>{image(drawn, alt)}</figure>"


def _table(table: Table) -> str:
    is_roomy = _wide(table) <= WIDTH
    heads = "".join(f'<th class="{"r" if column.right else ""}">{esc(column.head)}</th>' for column in table.columns)
    rows = [
        "<tr>"
        + "".join(_cell(cell, right=column.right, is_roomy=is_roomy) for cell, column in zip(row, table.columns, strict=True))
        + "</tr>"
        for row in table.rows
    ]
    note = f'<div class="small">{esc(table.note)}</div>' if table.note else ""
    if table.halves:
        middle = (len(rows) + 1) // 2
        parts = "".join(f"<table><tbody>{''.join(part)}</tbody></table>" for part in (rows[:middle], rows[middle:]))
        return f'<div class="halves">{parts}</div>{note}'
    head = f"<thead><tr>{heads}</tr></thead>" if rows else ""
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>{note}"


def _cell(cell: Cell, *, right: bool, is_roomy: bool) -> str:
    css = " ".join(
        filter(
            None,
            (
                "r" if right else "",
                "b" if cell.bold else "",
                cell.tone,
                "nw" if len(cell.text) < (14 if is_roomy else 9) else "",
            ),
        )
    )
    before = f"{mark_image(cell.mark, LIGHT, '', 12)} " if cell.mark else ""
    trend = ""
    if cell.trend:
        drawn = base64.b64encode(sparkline(cell.trend, LIGHT, 64, 18).encode()).decode()
        trend = f'<img alt="" style="vertical-align:middle;margin-right:12px" src="data:image/svg+xml;base64,{drawn}">'
    return f'<td class="{css}">{before}{trend}{_listed(cell.text)}</td>'


def _wide(table: Table) -> float:
    """Return about how many pixels a table would like to have: its texts, their marks and what lies between the columns."""
    texts = (
        max([width(column.head), *(width(row[place].text) + 1.5 * bool(row[place].mark) for row in table.rows)])
        for place, column in enumerate(table.columns)
    )
    return sum(12 * long + 6 for long in texts)


def _listed(text: str) -> str:
    """Return a text whose parts, if it lists some, each stay in one line."""
    parts = text.split("、")
    if len(parts) == 1 or max(map(len, parts)) > PART:
        return esc(text)
    return "<wbr>".join(f'<span class="nw">{esc(part)}{"、" * (place < len(parts) - 1)}</span>' for place, part in enumerate(parts))
