"""JSON and JSON lines: depth, what is no JSON, what is no record, and values of odd kinds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from data.reasons import RowReason as R
from tests.corpus.case import Build, Case, cells, refused, rows, taken, text

LINE = '{"时间":"{d} 04:00:00","街道":"太原街","表号":"m0","金额":4.25,"说明":"平"}'
BAD = '{"时间":"{d} 01:00:00","街道":"南湖街","表号":"good","金额":666,"说明":"坏"}'
KEPT = {"m0": {"amount": "4.25", "note": "平", "street": "S2"}}
DEEP = 100_000


def listed(*records: str) -> Build:
    """Return a JSON list of records written as they are."""
    return text("[" + ",".join(records) + "]")


def lined(*records: str) -> Build:
    """Return JSON lines written as they are."""
    return text("\n".join(records) + "\n")


def other(**changes: Any) -> str:
    """Return a second record with some of its values (as JSON) changed."""
    said = {"时间": '"{d} 05:00:00"', "街道": '"南湖街"', "表号": '"m1"', "金额": "1.5", "说明": '"x"'} | changes
    return "{" + ",".join(f'"{key}":{value}' for key, value in said.items()) + "}"


def both(name: str, accepted: int, faults: Sequence[R], *records: str, **kept: Any) -> list[Case]:
    """Return a case as JSON and one as JSON lines, beside a plain record."""
    makes = (("trees", listed), ("lines", lined))
    return [taken(f"{name}_{feed}", feed, make(LINE, *records), accepted, *faults, kept=kept or KEPT) for feed, make in makes]


def _forms() -> list[Case]:
    return [
        taken("json_with_bom", "trees", lambda day: b"\xef\xbb\xbf" + listed(LINE)(day), 1, kept=KEPT),
        taken("json_lines_with_bom", "lines", lambda day: b"\xef\xbb\xbf" + lined(LINE)(day), 1, kept=KEPT),
        taken("json_in_gbk", "trees", text(f"[{LINE}]", "gbk"), 1, kept=KEPT),
        taken("json_in_utf_16", "trees", text(f"[{LINE}]", "utf-16"), 1, kept=KEPT),
        taken("json_in_an_envelope", "trees", text('{"code":0,"message":"ok","data":[' + LINE + "]}"), 1, kept=KEPT),
        taken("json_in_two_envelopes", "trees", text('{"code":0,"data":{"total":1,"rows":[' + LINE + "]}}"), 1, kept=KEPT),
        taken("json_beside_another_list", "trees", text('{"bad":[{"code":1},{"code":2}],"data":[' + LINE + "]}"), 1, skipped=2, kept=KEPT),
        taken("json_lines_without_newline", "lines", text(LINE), 1, kept=KEPT),
        taken("json_lines_with_crlf", "lines", text(LINE + "\r\n\r\n" + other() + "\r\n"), 2, kept=KEPT),
        taken("json_lines_with_cr", "lines", text(LINE + "\r" + other() + "\r"), 2, kept=KEPT),
        taken("json_lines_with_a_line_separator", "lines", lined(LINE.replace("平", "甲\u2028乙\x85丙")), 1,
            kept={"m0": {"note": "甲\u2028乙\x85丙"}}),
        taken("json_lines_truncated", "lines", text(LINE + "\n" + BAD[:40]), 1, R.BAD_JSON, kept=KEPT),
        refused("json_truncated", "trees", text(f"[{BAD},{BAD[:40]}"), "CORRUPT"),
        refused("json_with_a_comma_too_many", "trees", text(f"[{BAD},]"), "CORRUPT"),
        refused("json_with_single_quotes", "trees", text(f"[{BAD}]".replace('"', "'")), "CORRUPT"),
        refused("json_with_a_comment", "trees", text(f"// 日报\n[{BAD}]"), "CORRUPT"),
        refused("json_then_rubbish", "trees", text(f"[{BAD}] x"), "CORRUPT"),
        refused("json_lines_for_json", "trees", lined(BAD, BAD), "CORRUPT"),
        refused("json_as_a_script", "trees", text(f"var data = [{BAD}];"), "CORRUPT"),
        refused("json_too_deep", "trees", text("[" * DEEP + "]" * DEEP), "CORRUPT|SCHEMA"),
        refused("json_too_deep_and_open", "trees", text('{"a":' * DEEP), "CORRUPT"),
        *(refused(f"json_scalar_{name}", "trees", text(value), "SCHEMA") for name, value in
          (("number", "42"), ("text", '"时间"'), ("null", "null"), ("true", "true"), ("object", "{}"), ("record", BAD), ("list",
          "[1,2,3]"))),
        # No heading can be found where no record is.
        refused("json_empty_list", "trees", text("[]"), "SCHEMA|EMPTY"),
        refused("json_list_of_lists", "trees", text('[["时间","街道","表号","金额","说明"],["{d} 01:00","南湖街","good",666,"坏"]]'),
            "SCHEMA"),
        refused("json_list_for_lines", "lines", listed(BAD, BAD), "SCHEMA"),
        refused("json_lines_of_scalars", "lines", lined("1", '"x"', "null"), "SCHEMA"),
        refused("json_lines_of_prose", "lines", text("今天一切正常。\n"), "SCHEMA"),
        refused("json_without_a_key", "trees", listed(BAD.replace("街道", "片区")), "SCHEMA"),
        refused("json_with_a_key_and_its_alias", "trees", listed(BAD.replace("{", '{"监测时间":"{d}",', 1)), "SCHEMA"),
        # A name that is no text would break whatever shows it.
        refused("json_without_a_key_but_a_surrogate", "trees", listed('{"\\ud800":1,"街道":"南湖街"}'), "SCHEMA"),
    ]  # fmt: skip


def _records() -> list[Case]:
    many = "9" * 5000
    wide = [
        json.dumps({f"列{row}_{place}": 1 for place in range(60)} | json.loads(LINE.replace("m0", f"m{row}")), ensure_ascii=False)
        for row in range(1500)
    ]
    return [
        *both("elements_that_are_no_records", 1, (R.BAD_JSON,) * 4, "5", "null", '"x"', "[1]"),
        taken(
            "json_lines_broken_among_good",
            "lines",
            lined(LINE, '{"时间":', other(), "}{", "[", "null", "NaN"),
            2,
            *(R.BAD_JSON,) * 5,
            kept=KEPT,
        ),
        taken("json_line_too_deep", "lines", lined(LINE, "[" * DEEP, '{"a":' * DEEP, other()), 2, R.BAD_JSON, R.BAD_JSON, kept=KEPT),
        taken("json_element_that_is_a_surrogate", "trees", listed(LINE, '"\\ud800"'), 1, R.BAD_JSON, kept=KEPT),
        # An empty object is a row without a key.
        *both("a_record_of_nothing", 1, (R.MISSING_KEY,), "{}"),
        *both("keys_in_another_order", 2, (), '{"说明":"x","金额":1.5,"表号":"m1","街道":"南湖街","时间":"{d} 05:00"}'),
        *both("keys_too_many", 2, (), other(序号="7", 经办='{"姓名":"张三"}', 标签='["a","b"]')),
        *both("keys_too_few", 2, (), '{"时间":"{d} 05:00","街道":"南湖街","表号":"m1"}', m1={"amount": None, "note": None}),
        # Which of two values is meant cannot be told.
        *both("a_key_twice_in_a_record", 1, (R.BAD_JSON,), other()[:-1] + ',"金额":2}'),
        # BAD_TYPE is for keys; a nested value where another column wants one of its own kind is told in the same way.
        *both("an_object_as_key", 1, (R.BAD_TYPE,), other(表号='{"id":1}')),
        *both("a_list_as_key", 1, (R.BAD_TYPE,), other(表号='["m1"]')),
        *both("an_object_as_street", 1, (R.BAD_TYPE,), other(街道='{"name":"南湖街"}')),
        *both("a_list_as_time", 1, (R.BAD_TYPE,), other(时间='["{d} 05:00"]')),
        *both("a_list_as_number", 1, (R.BAD_TYPE,), other(金额="[1]")),
        *both("an_object_as_number", 1, (R.BAD_TYPE,), other(金额='{"value":1}')),
        # Policy is silent on a nested value as text; it is no value of its own and no text either, but harms no key.
        *both("a_list_as_note", 2, (), other(说明='["甲","乙"]')),
        *both("a_surrogate_in_a_note", 1, (R.BAD_CHAR,), other(说明='"甲\\ud800乙"')),
        *both("a_surrogate_in_a_key", 1, (R.BAD_CHAR,), other(表号='"\\udfff"')),
        *both("a_surrogate_in_a_street", 1, (R.UNKNOWN_UNIT,), other(街道='"南湖\\ud800"')),
        *both("a_surrogate_in_a_number", 1, (R.BAD_NUMBER,), other(金额='"\\ud800"')),
        *both("a_surrogate_in_a_time", 1, (R.BAD_DATE,), other(时间='"\\ud800"')),
        *both("a_surrogate_in_an_unread_key", 2, (), other()[:-1] + ',"\\ud800":"\\ud800"}'),
        *both("a_pair_of_surrogates", 2, (), other(说明='"\\ud842\\udfb7"'), m1={"note": "𠮷"}),
        *both("a_nul_in_a_key", 1, (R.BAD_CHAR,), other(表号='"m\\u00001"')),
        # What no machine holds as a number is none; what only the contract does not allow is out of range.
        *both("an_integer_without_end", 1, (R.BAD_NUMBER,), other(金额="1" + "0" * 400 + "e900")),
        *both("an_integer_of_5000_digits", 1, (R.BAD_NUMBER,), other(金额=many)),
        *both("a_number_of_1e400", 1, (R.BAD_NUMBER,), other(金额="1e400")),
        taken("records_that_share_no_key", "trees", text("[" + ",".join(wide) + "]"), 1500),
    ]


def _values() -> list[Case]:
    no = R.BAD_NUMBER
    nan = float("nan")
    return [
        *(
            cells(
                f"numbers_as_they_are_{feed}",
                feed,
                "amount",
                (1.5, "1.50"),
                (7, "7.00"),
                ("1,5", "15.00"),
                (True, no),
                (None, None),
                (0, "0.00"),
                (-99, None),
                (nan, no),
                (float("inf"), no),
                (1e300, R.OUT_OF_RANGE),
                (1.005, no),
                (100000.5, R.OUT_OF_RANGE),
                ("", None),
            )
            for feed in ("trees", "lines")
        ),
        cells(
            "counts_as_they_are",
            "lines",
            "cases",
            (3, "3"),
            (3.0, "3"),
            (3.5, no),
            (-1, R.OUT_OF_RANGE),
            (2**53 + 1, no),
            ("2万", "20000"),
            (False, no),
        ),
        cells(
            "times_as_they_are",
            "trees",
            "taken",
            (None, R.MISSING_KEY),
            (41791.25, "2014-06-01 06:00:00"),
            (20140601, "2014-06-01 00:00:00"),
            (1451970000, R.BAD_DATE),
            (1451970000000, R.BAD_DATE),
            (True, R.BAD_DATE),
            (nan, R.BAD_DATE),
        ),
        cells("meters_as_they_are", "trees", "meter", (12, "12"), (12.0, "12"), (1.5, "1.5"), (10**20, str(10**20)), (None, R.MISSING_KEY)),
        cells("words_as_they_are", "lines", "open", (True, "True"), (False, "False"), (1, "True"), (0, "False"), (2, R.BAD_VALUE)),
        taken(
            "numbers_keep_their_decimals",
            "trees",
            rows("trees", ["{d} 04:00", "南湖街", "m0", 0.1, "x"], ["{d} 04:00", "南湖街", "m1", 99999.99, "x"]),
            2,
            kept={"m0": {"amount": "0.10"}, "m1": {"amount": "99999.99"}},
        ),
    ]


CASES = [*_forms(), *_records(), *_values()]
