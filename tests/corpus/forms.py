"""Writes rows in each form of file: delimited text, workbooks part by part, JSON, JSON lines, Parquet."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Styles of cells: 0 general, 1 date and time, 2 date, 3 percent, 4 elapsed hours.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf numFmtId="46" applyNumberFormat="1"/>'
    "</cellXfs></styleSheet>"
)


class Xml(str):
    """A cell given as the inside of its element, with the attributes of the element before a `|`."""

    __slots__ = ()


def write(extension: str, head: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    """Return rows in the form that goes by an extension."""
    match extension:
        case "xlsx":
            return book(grid([head, *lines]))
        case "json":
            return json.dumps([dict(zip(head, line, strict=True)) for line in lines], ensure_ascii=False).encode()
        case "jsonl":
            return "".join(json.dumps(dict(zip(head, line, strict=True)), ensure_ascii=False) + "\n" for line in lines).encode()
        case "parquet":
            columns = [pa.array([line[place] for line in lines]) for place in range(len(head))]
            return parquet(dict(zip(head, columns, strict=True)))
    return "".join(",".join(quoted(cell) for cell in line) + "\n" for line in [head, *lines]).encode()


def quoted(cell: str) -> str:
    """Return a cell of delimited text."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n\r') else cell


def parquet(columns: Mapping[str, pa.Array], **options: Any) -> bytes:
    """Return a Parquet file of columns."""
    target = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), target, **options)
    return target.getvalue()


def letters(place: int) -> str:
    """Return the letters of a column, counted from 0."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def grid(lines: Sequence[Sequence[Any]], merged: Sequence[str] = (), *, after: str = "", before: str = "") -> str:
    """Return the XML of a worksheet: texts inline, numbers as numbers, `Xml` cells as they are, None left out."""
    body = []
    for row, line in enumerate(lines, start=1):
        inside = "".join(_cell(f"{letters(place)}{row}", cell) for place, cell in enumerate(line) if cell is not None)
        body.append(f'<row r="{row}">{inside}</row>')
    joined = f'<mergeCells count="{len(merged)}">{"".join(f"<mergeCell ref={area!r}/>" for area in merged)}</mergeCells>' if merged else ""
    return f'{_XML}<worksheet xmlns="{_MAIN}">{before}<sheetData>{"".join(body)}{after}</sheetData>{joined}</worksheet>'


def _cell(address: str, cell: Any) -> str:
    if isinstance(cell, Xml):
        attributes, _, inside = cell.partition("|")
        return f'<c r="{address}" {attributes}>{inside}</c>'
    if isinstance(cell, bool):
        return f'<c r="{address}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{address}"><v>{cell!r}</v></c>'
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


def book(*sheets: str, names: Sequence[str] = (), states: Sequence[str] = (), parts: Mapping[str, str | bytes] | None = None,
         settings: str = "", chart_first: bool = False) -> bytes:  # fmt: skip
    """Return a workbook of worksheets given as XML; `parts` are further members, or other forms of the usual ones."""
    charts = ["chartsheets/sheet1.xml"] if chart_first else []
    files = [*charts, *(f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1))]
    listed, links = "", ""
    for number, file in enumerate(files, start=1):
        name = names[number - 1] if names else f"Sheet{number}"
        state = f' state="{states[number - 1]}"' if states and states[number - 1] else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{_RELS}/{file.partition("s/")[0]}" Target="{file}"/>'
    links += f'<Relationship Id="rId90" Type="{_RELS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rId91" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(files),
        "_rels/.rels": _links(f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}">{settings}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/styles.xml": _XML + _STYLES,
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_MAIN}" count="0" uniqueCount="0"/>',
    }
    members |= {f"xl/{file}": f'{_XML}<chartsheet xmlns="{_MAIN}"><sheetViews/></chartsheet>' for file in charts}
    members |= {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    return zipped(members | dict(parts or {}))


def _types(files: Sequence[str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(f'<Override PartName="/xl/{file}" ContentType="{kind}.{file.partition("s/")[0]}+xml"/>' for file in files)
    return (
        f'{_XML}<Types xmlns="{_PACK}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>'
    )


def _links(links: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACK}/relationships">{links}</Relationships>'


def strings(*items: str) -> str:
    """Return the XML of shared strings, each given as the inside of its `si`."""
    return f'{_XML}<sst xmlns="{_MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def zipped(members: Mapping[str, str | bytes], level: int = 6) -> bytes:
    """Return a zip of members; always the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, level)
    return target.getvalue()


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def open_document(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return an ods workbook with the XML of one table's rows."""
    content = (
        f'{_XML}<office:document-content xmlns:office="{_OPEN}:office:1.0" xmlns:table="{_OPEN}:table:1.0" xmlns:text="{_OPEN}:text:1.0"'
        f' office:version="1.2"><office:body><office:spreadsheet><table:table table:name="表">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    members = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, "META-INF/manifest.xml": manifest}
    return zipped(members | dict(parts or {}))


def open_rows(lines: Sequence[Sequence[str]], last: str = "") -> str:
    """Return the XML of rows of texts of an ods table; `last` stands at the end of each row."""
    return "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in line)
        + f"{last}</table:table-row>"
        for line in lines
    )
