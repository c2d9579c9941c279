"""Delimited text as text: encodings, line ends, delimiters, quotes, and cells that are too many, too few or too long."""

from __future__ import annotations

import codecs

from data.reasons import RowReason as R
from tests.corpus.case import GOOD, POISONED, Build, Case, duplicate, good, raw, refused, table, taken, text

HEAD = "时间,街道,表号,金额,说明\n"
LINE = "{d} 04:00:00,太原街街道,m0,4.25,平\n"
TWO = LINE + "{d} 05:00:00,南湖街道,m1,1.50,旧城区\n"
KEPT = {"m0": {"amount": "4.25", "note": "平", "street": "S2"}, "m1": {"amount": "1.50", "note": "旧城区", "street": "S1"}}
BAD_UTF8 = "时间,街道,表号,金额,说明\n2016-01-01 01:00,南湖街道,good,666,坏\n".encode()
# A header and rows in which GB18030 finds no characters either: neither encoding can be meant.
NEITHER = BAD_UTF8 + b"\xff\xff,\x80\xff\n"


def _encodings() -> list[Case]:
    plain = HEAD + TWO
    known = {
        "utf_8": plain.encode(), "utf_8_bom": codecs.BOM_UTF8 + plain.encode(), "gbk": plain.encode("gbk"),
        "gb2312": plain.encode("gb2312"), "utf_16_le_bom": codecs.BOM_UTF16_LE + plain.encode("utf-16-le"),
        "utf_16_be_bom": codecs.BOM_UTF16_BE + plain.encode("utf-16-be"),
    }  # fmt: skip
    cases = [taken(f"encoded_{name}", "texts", _dated(content, name), 2, kept=KEPT) for name, content in known.items()]
    rare = "{d} 04:00,南湖街道,m0,1,㐂𠮷€〇镕\n"
    garbled = POISONED.encode()[:-3] + "坏\ufffd".encode() + b"\n"
    return [
        *cases,
        # Four bytes a character are what sets GB18030 apart from GBK: names of places and people need them.
        taken("encoded_gb18030_rare", "texts", table(rare, "gb18030"), 1, kept={"m0": {"note": "㐂𠮷€〇镕"}}),
        taken("encoded_utf_8_rare", "texts", table(rare), 1, kept={"m0": {"note": "㐂𠮷€〇镕"}}),
        taken("ascii_headings_of_no_use", "texts", text("a,b,c,d,e\n" + HEAD + LINE), 1, skipped=1),
        refused("utf_16_le_without_bom", "texts", text(POISONED, "utf-16-le"), "ENCODING"),
        refused("utf_16_be_without_bom", "texts", text(POISONED, "utf-16-be"), "ENCODING"),
        refused("utf_16_cut_in_a_character", "texts", lambda _: codecs.BOM_UTF16_LE + POISONED.encode("utf-16-le")[:-1], "ENCODING"),
        refused("utf_16_half_a_pair", "texts", lambda _: codecs.BOM_UTF16_LE + POISONED.encode("utf-16-le") + b"\x00\xd8a\x00", "ENCODING"),
        refused("utf_32", "texts", lambda _: codecs.BOM_UTF32_LE + POISONED.encode("utf-32-le"), "ENCODING"),
        refused(
            "utf_8_with_a_line_of_gbk",
            "texts",
            raw(BAD_UTF8 + "2016-01-01 02:00,南湖街道,a,1,错位\n".encode("gbk") + b"\xff\n"),
            "ENCODING",
        ),
        refused("gbk_with_a_line_of_utf_8", "texts", raw(BAD_UTF8.decode().encode("gbk") + "南湖街,日\n".encode() + b"\xff\n"), "ENCODING"),
        refused("utf_8_cut_in_a_character", "texts", raw(BAD_UTF8 + "说".encode()[:2]), "ENCODING"),
        refused("utf_8_with_a_surrogate", "texts", raw(BAD_UTF8 + b"\xed\xa0\x80\xff\n"), "ENCODING"),
        refused("bytes_of_no_encoding", "texts", raw(NEITHER), "ENCODING"),
        refused("bom_then_gbk", "texts", lambda _: codecs.BOM_UTF8 + POISONED.encode("gbk"), "ENCODING"),
        # Policy is silent on U+FFFD. A mark of what was lost in an earlier conversion cannot be taken exactly.
        refused("garbled_before", "texts", raw(garbled), "ENCODING"),
        refused("random_bytes", "texts", raw(bytes((place * 131 + place // 7) % 256 for place in range(4096))), "ENCODING"),
        refused("json_lines_of_no_encoding", "lines", raw(b'{"\xff\xff": 1}\n'), "ENCODING"),
        refused("json_of_no_encoding", "trees", raw(b'[{"\xff\xff": 1}]'), "ENCODING"),
    ]


def _dated(content: bytes, name: str) -> Build:
    codec = {"utf_16_le_bom": "utf-16-le", "utf_16_be_bom": "utf-16-be"}.get(name, "ascii")
    return lambda day: content.replace("{d}".encode(codec), f"{day}".encode(codec))


def _nothing() -> list[Case]:
    """EMPTY is 0 bytes by policy; a file that holds a mark or blanks only has no more in it."""
    nothing = {"zero_bytes": b"", "bom_only": codecs.BOM_UTF8, "utf_16_bom_only": codecs.BOM_UTF16_LE, "blank_lines_only": b"\r\n \r\n\t\n"}
    cases = [refused(f"{name}", "texts", raw(content), "EMPTY") for name, content in nothing.items()]
    cases += [refused(f"zero_bytes_{feed}", feed, raw(b""), "EMPTY") for feed in ("books", "trees", "lines", "columns")]
    return [
        *cases,
        refused("bom_only_json", "trees", raw(codecs.BOM_UTF8), "EMPTY"),
        refused("bom_only_json_lines", "lines", raw(codecs.BOM_UTF8), "EMPTY"),
        refused("commas_only", "texts", raw(b",,,,\n,,,,\n"), "EMPTY|SCHEMA"),
        # 零报告: a drop without rows says that there is nothing to report.
        taken("header_only", "texts", table(""), 0),
        taken("header_only_without_newline", "texts", text(HEAD.rstrip()), 0),
        refused("zeros_only", "texts", raw(bytes(4096)), "SCHEMA|ENCODING"),
        refused("one_character", "texts", raw(b"x"), "SCHEMA"),
        refused("one_quote", "texts", raw(b'"'), "SCHEMA|EMPTY"),
    ]


def _lines() -> list[Case]:
    ends = {"cr": "\r", "crlf": "\r\n", "cr_cr_lf": "\r\r\n", "lf": "\n"}
    cases = [taken(f"ends_{name}", "texts", text((HEAD + TWO).replace("\n", end)), 2, kept=KEPT) for name, end in ends.items()]
    return [
        *cases,
        taken("ends_mixed", "texts", text(HEAD.replace("\n", "\r\n") + TWO), 2, kept=KEPT),
        taken("no_newline_at_the_end", "texts", table(TWO.rstrip()), 2, kept=KEPT),
        taken("blank_lines_between", "texts", table("\n" + LINE + "\n   \n,,,,\n" + TWO.splitlines()[1]), 2, kept=KEPT),
        taken("a_line_separator_in_a_cell", "texts", table("{d} 04:00,南湖街道,m0,1,甲\u2028乙\x0b丙\x85丁\n"), 1,
            kept={"m0": {"note": "甲\u2028乙\x0b丙\x85丁"}}),
        taken("ctrl_z_at_the_end", "texts", table(LINE + "\x1a\n"), 1, R.COLUMN_COUNT),
        *(taken(f"delimited_by_{name}", "texts", text((HEAD + TWO).replace(",", mark)), 2, kept=KEPT)
          for name, mark in (("semicolon", ";"), ("tab", "\t"), ("bar", "|"))),
        taken("commas_in_cells_between_tabs", "texts", text((HEAD + LINE).replace(",", "\t").replace("平", "甲,乙,丙,丁,戊,己,庚")), 1,
            kept={"m0": {"note": "甲,乙,丙,丁,戊,己,庚"}}),
        refused("delimited_by_hash", "texts", text(POISONED.replace(",", "#")), "SCHEMA"),
    ]  # fmt: skip


def _quotes() -> list[Case]:
    return [
        taken("quoted_delimiter", "texts", table('{d} 04:00,南湖街道,m0,"1,234.50","甲,乙"\n'), 1,
            kept={"m0": {"amount": "1234.50", "note": "甲,乙"}}),
        taken("quoted_newline", "texts", table('{d} 04:00,南湖街道,m0,1,"甲\n乙"\n' + LINE.replace("m0", "m1")), 2,
            kept={"m0": {"note": "甲\n乙"}}),
        taken("quoted_crlf", "texts", table('{d} 04:00,南湖街道,m0,1,"甲\r\n乙"\n'), 1, kept={"m0": {"note": "甲\r\n乙"}}),
        taken("doubled_quotes", "texts", table('{d} 04:00,南湖街道,m0,1,"他说""好"""\n'), 1, kept={"m0": {"note": '他说"好"'}}),
        taken("quote_inside_a_cell", "texts", table('{d} 04:00,南湖街道,m0,1,管径 3" 的\n' + LINE.replace("m0", "m1")), 2,
            kept={"m0": {"note": '管径 3" 的'}}),
        # Nobody knows where the cells of a row with an open quote end: it is broken, and the rows behind it are not.
        taken("unclosed_quote_in_the_middle", "texts", table(LINE + '{d} 05:00,南湖街道,"m1,1,x\n{d} 06:00,南湖街道,m2,1,x\n'), 2,
            R.COLUMN_COUNT),
        taken("unclosed_quote_in_the_last_cell", "texts", table(LINE + '{d} 05:00,南湖街道,m1,1,"x\n{d} 06:00,南湖街道,m2,1,x\n'), 2,
            R.COLUMN_COUNT),
        refused("unclosed_quote_in_the_header", "texts", text('时间,"街道,表号,金额,说明\n2016-01-01,南湖街道,good,666,x\n'), "SCHEMA"),
    ]  # fmt: skip


def _widths() -> list[Case]:
    long = "字" * 100_000
    return [
        taken("too_many_cells", "texts", table(LINE + "{d} 05:00,南湖街道,m1,1,x,y\n"), 1, R.COLUMN_COUNT),
        taken("too_few_cells", "texts", table(LINE + "{d} 05:00,南湖街道,m1,1\n"), 1, R.COLUMN_COUNT),
        taken("an_unquoted_thousand", "texts", table(LINE + "{d} 05:00,南湖街道,m1,1,234,x\n"), 1, R.COLUMN_COUNT),
        taken("a_hundred_thousand_cells", "texts", table(LINE + "," * 100_000 + "x\n"), 1, R.COLUMN_COUNT),
        taken("cell_of_4000", "texts", table("{d} 04:00,南湖街道,m0,1," + "字" * 4000 + "\n"), 1, kept={"m0": {"note": "字" * 4000}}),
        taken("cell_of_4001", "texts", table(LINE + "{d} 05:00,南湖街道,m1,1," + "字" * 4001 + "\n"), 1, R.FIELD_TOO_LONG),
        taken("cell_of_100000", "texts", table(LINE + f"{{d}} 05:00,南湖街道,m1,1,{long}\n"), 1, R.FIELD_TOO_LONG),
        taken("key_of_100000", "texts", table(LINE + f"{{d}} 05:00,南湖街道,{long},1,x\n"), 1, R.FIELD_TOO_LONG),
        taken("number_of_100000", "texts", table(LINE + f"{{d}} 05:00,南湖街道,m1,{'9' * 100_000},x\n"), 1, R.BAD_NUMBER),
        taken("street_of_100000", "texts", table(LINE + f"{{d}} 05:00,{long},m1,1,x\n"), 1, R.UNKNOWN_UNIT),
        taken("date_of_100000", "texts", table(LINE + f"{'2' * 100_000},南湖街道,m1,1,x\n"), 1, R.BAD_DATE),
        taken("first_cell_of_100000", "texts", table(LINE + f"{long},南湖街道,m1,1,x\n"), 1, R.BAD_DATE),
        # R6 knows NUL in a key. R8 keeps other text as it stands.
        taken("nul_in_a_key", "texts", table(LINE + "{d} 05:00,南湖街道,m\x001,1,x\n"), 1, R.BAD_CHAR),
        taken("nul_in_the_street", "texts", table(LINE + "{d} 05:00,南湖\x00街道,m1,1,x\n"), 1, R.BAD_CHAR),
        taken("nul_in_a_note", "texts", table("{d} 05:00,南湖街道,m1,1,甲\x00乙\n"), 1, kept={"m1": {"note": "甲\x00乙"}}),
        taken("nul_in_a_number", "texts", table(LINE + "{d} 05:00,南湖街道,m1,1\x00,x\n"), 1, R.BAD_NUMBER),
        taken(
            "signs_in_a_note",
            "texts",
            table("{d} 05:00,南湖街道,m1,1,甲\x01\x1b[31m\x7f乙\n"),
            1,
            kept={"m1": {"note": "甲\x01\x1b[31m\x7f乙"}},
        ),
        refused("more_bytes_than_promised", "small", table(LINE.replace("平", "平" * 700)), "TOO_LARGE"),
        refused("more_rows_than_promised", "small", table("".join(f"{{d}} 05:0{n},南湖街道,m{n},1,x\n" for n in range(6))), "TOO_LARGE"),
        taken("as_many_rows_as_promised", "small", table("".join(f"{{d}} 05:0{n},南湖街道,m{n},1,x\n" for n in range(5))), 5),
        duplicate("the_same_for_a_small_feed", "small", good("small", *GOOD)),
    ]


CASES = [*_encodings(), *_nothing(), *_lines(), *_quotes(), *_widths()]
