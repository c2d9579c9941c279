"""Cells of delimited text, one row each: missing, numbers, units, percentages, dates, words, and markup that must stay text."""

from __future__ import annotations

from data.reasons import RowReason as R
from tests.corpus.case import Case, cells, table, taken, text

MISSING = ("", "—", "–", "-", "/", "N/A", "NA", "NULL", "空", "暂无", "无", "未报", " ", "　", "Ｎ/Ａ", "－")
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1:A9)", "=HYPERLINK(\"http://x\",\"点\")", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "'; DROP TABLE ledger; --", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "../../etc/passwd",
    "\u202e反\u202c", "&amp;", "\\N", "NaN", "#REF!", "-5",
)  # fmt: skip
NO_NUMBERS = (
    "inf", "-inf", "Infinity", "nan", "NaN", "1e400", "0x1A", "1_000", "若干", "约5", "5左右", "1.2.3", "1-2", "--5", "5-", "(5)", "1/2",
    "½", "Ⅻ", "十二", "5²", "٣x", "1,5x", "true", "是", "#DIV/0!", "#N/A", "#VALUE!", "=1+1", "同上", "…", "5%", "2016-01-01", ".", "+",
    "e5", "1e", "NULL1",
)  # fmt: skip
DATES = (
    "2016-3-7", "2016/3/7", "2016.3.7", "2016.03.07", "2016年3月7日", "2016年03月7", "20160307", "2016/3/7 8:05", "２０１６-３-７",
    "2016-03-07T00:00:00", "42436", "42436.5", " 2016-3-7",
)  # fmt: skip
NO_DATES = (
    "2016-02-30", "2015-02-29", "2016-13-01", "2016-00-10", "2016-01-00", "0000-00-00", "31/12/2015", "12/31/2015", "3/7/2016", "16-3-7",
    "16/03/07", "3月7日", "03-07", "1999-12-31", "1900-01-00", "1970-01-01", "昨天", "2016年", "2016-3", "201603", "2016", "Mar 7 2016",
    "2016-3-7-1", "0", "-1", "1e5", "99999999", "2016-03-07 下午3点", "二〇一六年三月七日", "2016-W10-1",
)  # fmt: skip


def _missing() -> list[Case]:
    return [
        cells("missing_numbers", "texts", "amount", *((token, None) for token in MISSING)),
        cells("missing_notes", "texts", "note", *((token, None) for token in MISSING)),
        cells("missing_keys", "texts", "meter", *((token, R.MISSING_KEY) for token in MISSING)),
        cells("missing_times", "texts", "taken", *((token, R.MISSING_KEY) for token in MISSING)),
        cells("missing_dates", "texts", "planned", *((token, None) for token in MISSING)),
        cells("missing_words", "texts", "status", *((token, None) for token in MISSING)),
        cells("zero_is_a_value", "texts", "amount", ("0", "0.00"), ("0.00", "0.00"), ("-0", "0.00"), ("０", "0.00")),
        # R1: a sentinel is one only where the contract names it.
        cells(
            "a_sentinel_that_is_named",
            "texts",
            "amount",
            ("-99", None),
            ("－９９", None),
            ("-98", R.OUT_OF_RANGE),
            ("-999", R.OUT_OF_RANGE),
        ),
        cells("a_sentinel_that_is_not", "texts", "cases", ("-99", R.OUT_OF_RANGE), ("-1", R.OUT_OF_RANGE), ("9999", "9999")),
        cells("blank_is_zero_by_contract", "texts", "fires", ("", "0"), ("3", "3"), ("—", None), ("暂无", None)),
    ]


def _numbers() -> list[Case]:
    no, out = R.BAD_NUMBER, R.OUT_OF_RANGE
    return [
        cells("no_numbers", "texts", "amount", *((cell, no) for cell in NO_NUMBERS)),
        cells("numbers_in_full_width", "texts", "amount", ("１２．５", "12.50"), ("１，２００", "1200.00"), ("＋３", "3.00"),
            ("1，200.5", "1200.50"), (" 7 ", "7.00")),
        cells("numbers_with_separators", "texts", "amount", ("1,234.5", "1234.50"), ("12,34", "1234.00"), ("1 234", "1234.00"),
            ("+5", "5.00"), ("05", "5.00"), ("5.", "5.00"), (".5", "0.50"), ("1E+03", "1000.00"), ("1.50e1", "15.00")),
        # More places than are kept cannot be kept exactly, and rounding would be another number.
        cells("numbers_of_too_many_places", "texts", "amount", ("1.005", no), ("1.10000", "1.10"), ("0.30000000000000004", no)),
        cells("numbers_out_of_range", "texts", "amount", ("-0.01", out), ("-5", out), ("－５", out), ("100000", "100000.00"),
            ("100000.01", out), ("1500000000", out), ("99999999999999", out), ("12345678901234567890", out), ("1e30", out)),
        cells("ten_thousands", "texts", "cases", ("2万", "20000"), ("2.3亿", "230000000"), ("1.5万件", "15000"), ("3件", "3"),
            ("０．５万", "5000"), ("1.00001万", no), ("2.5万亿", no)),
        # The column is of 万元: a cell that names its own unit is turned into it.
        cells("units_in_cells", "texts", "amount", ("5万元", "5.00"), ("1.5万", "1.50"), ("2亿", "20000.00"), ("2亿元", "20000.00"),
            ("3000元", "0.30"), ("12345元", no), ("5吨", no), ("5千元", no), ("5$", no), ("￥5", no)),
        cells("units_of_a_plain_column", "texts", "level", ("3.25米", "3.25"), ("3米", "3.0"), ("-9.5", "-9.5"), ("-10.01", out),
            ("3公里", no), ("300厘米", no)),
        cells("counts", "texts", "cases", ("3.0", "3"), ("3.00", "3"), ("3.5", no), ("1e2", "100"), ("-1", out), ("两", no), ("3%", no)),
        cells("percentages", "texts", "rate", ("93.5", "93.50"), ("93.5%", "93.50"), ("９３．５％", "93.50"), ("0", "0.00"),
            ("100%", "100.00"), ("100.01", out), ("102.88%", out), ("-1%", out), ("5%%", no), ("95‰", no), ("九成", no)),
        cells("fractions", "texts", "share", ("0.935", "93.50"), ("93.5%", "93.50"), ("1", "100.00"), ("1.01", out), ("-0.1", out),
            ("93.5", out)),
    ]  # fmt: skip


def _dates() -> list[Case]:
    no, ahead = R.BAD_DATE, R.FUTURE_DATE
    written = (
        "{d} 06:00", "{d}T06:00:00", "{d} 06:00:00.250", "{d} 6时", "{d} 6时0分", "{d} ０６：００", "{c} 06:00", "{d}T06:00:00+08:00",
        "{d}T06:00:00+0800", "{d} 06:00 ",
    )  # fmt: skip
    return [
        cells("moments_in_many_forms", "texts", "taken", *((form, "{d} 06:00:00") for form in written)),
        cells("moments_with_a_zone", "texts", "taken", ("{d}T00:00:00Z", "{d} 08:00:00"), ("{d}T01:00:00+09:00", "{d} 00:00:00"),
            ("{d}T00:00:00-05:00", "{d} 13:00:00"), ("{d}T06:00:00+25", no), ("{d} 06:00 CST", no)),
        cells("midnight", "texts", "taken", ("{d} 24:00", "{n} 00:00:00"), ("{d} 24:00:00", "{n} 00:00:00"), ("{d}", "{d} 00:00:00"),
            ("{d} 24时", "{n} 00:00:00"), ("{d} 24:01", no), ("{d} 25:00", no), ("{d} 23:60", no), ("{d} 12:00:61", no)),
        cells("dates_in_many_forms", "texts", "planned", *((form, "2016-03-07") for form in DATES)),
        cells("no_dates", "texts", "planned", *((form, no) for form in NO_DATES)),
        # A plan may lie ahead, also as far as a system writes "for ever".
        cells("plans_lie_ahead", "texts", "planned", ("2030-01-01", "2030-01-01"), ("2199-12-31", "2199-12-31"),
            ("9999-12-31", "9999-12-31")),
        cells("moments_in_the_future", "texts", "taken", ("2021-01-01 00:00", ahead), ("2099-12-31", ahead), ("2200-01-01", ahead),
            ("9999-12-31 24:00", no)),
        cells("moments_as_serials", "texts", "taken", ("36526.25", "2000-01-01 06:00:00"), ("1.5", no), ("36525", no)),
    ]  # fmt: skip


def _words() -> list[Case]:
    kept = [(cell, cell) for cell in HOSTILE]
    head = "时间,街道,表号,金额,说明\n"
    return [
        cells("hostile_notes", "texts", "note", *kept),
        cells("hostile_keys", "texts", "meter", *kept),
        cells("words_allowed", "texts", "status", ("正常", "正常"), (" 停用 ", "停用"), ("正　常", R.BAD_VALUE), ("完结", R.BAD_VALUE),
            ("正常 停用", R.BAD_VALUE), ("0", R.BAD_VALUE)),
        cells("yes_and_no", "texts", "open", ("是", "True"), ("否", "False"), ("1", "True"), ("Y", "True"), ("ＮＯ", "False"),
            ("也许", R.BAD_VALUE), ("2", R.BAD_VALUE)),
        cells("phones_are_hidden", "texts", "contact", ("张三 13812345678", "张三 138****5678"), ("李四", "李四"),
            ("8613812345678", "86138****5678"), ("024-12345678", "024-*******")),
        cells("notes_stay_as_they_are", "texts", "note", ("１２ＡＢ，。", "１２ＡＢ，。"), ("甲  乙", "甲  乙"),
            ("\u200b零宽", "\u200b零宽"), ("👨‍👩‍👧 𠮷", "👨‍👩‍👧 𠮷"), ("e\u0301", "e\u0301"), ("0123", "0123"), ("1.50", "1.50")),
        # Trimming alone is allowed: a heading of the second column never makes text of a number.
        taken("a_formula_in_every_cell", "texts", table("=1,=2,=3,=4,=5\n"), 0, R.BAD_NUMBER),
        taken("markup_in_every_heading", "texts", text("<b>x</b>,=cmd," + head + "<i>,=1,{d} 05:00,南湖街,m1,1,x\n"), 1),
    ]  # fmt: skip


CASES = [*_missing(), *_numbers(), *_dates(), *_words()]
