"""Parquet: broken files, odd types, and columns that say nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.reasons import RowReason as R
from tests.corpus.case import HEADINGS, POISON, Build, Case, cells, on, raw, refused, rows, taken
from tests.corpus.forged import changed, cut
from tests.corpus.forms import parquet

BAD = rows("columns", POISON)


def columns(count: int = 1, **changes: Callable[[date], Any] | pa.Array) -> Build:
    """Return a file of some plain rows at 04:00 and after, with some of its columns changed."""

    def build(day: date) -> bytes:
        said: dict[str, pa.Array] = {
            "taken": pa.array([f"{day} 04:{place:02d}:00" for place in range(count)]), "street": pa.array(["南湖街"] * count),
            "meter": pa.array([f"m{place}" for place in range(count)]), "amount": pa.array([1.5] * count), "note": pa.array(["平"] * count),
        }  # fmt: skip
        said |= {name: change(day) if callable(change) else change for name, change in changes.items()}
        return parquet({HEADINGS.get(name, name): column for name, column in said.items()})

    return build


def moments(kind: pa.DataType, hour: int = 6) -> Callable[[date], pa.Array]:
    """Return a column of one moment of the case's day."""
    return lambda day: pa.array([datetime(day.year, day.month, day.day, hour)]).cast(kind)


def amount(name: str, values: list[Any], kind: pa.DataType, expected: str | None) -> Case:
    """Return a case of an amount of some type."""
    return taken(name, "columns", columns(amount=pa.array(values, kind)), 1, kept={"m0": {"amount": expected}})


def said_twice(day: date) -> bytes:
    """Return a file with two columns of one name."""
    target = io.BytesIO()
    names = [*HEADINGS.values(), "金额"]
    values = [*(pa.array([on(day, cell)]) for cell in POISON), pa.array(["667"])]
    pq.write_table(pa.Table.from_arrays(values, names=names), target)
    return target.getvalue()


def nothing(_: date) -> bytes:
    """Return a file without columns."""
    target = io.BytesIO()
    pq.write_table(pa.table({}), target)
    return target.getvalue()


def not_utf8(day: date) -> bytes:
    """Return a file whose texts are not what Parquet says that texts are."""
    return changed(columns(note=pa.array(["abcdefgh"])), b"abcdefgh", b"\xff\xfe\x80\x81defg")(day)


def grouped(day: date) -> bytes:
    """Return a file whose rows lie in several groups."""
    return parquet(pq.read_table(io.BytesIO(columns(6)(day))).to_pydict(), row_group_size=2)


def _broken() -> list[Case]:
    return [
        refused("parquet_truncated", "columns", cut(BAD, 0.6), "CORRUPT"),
        refused("parquet_without_its_end", "columns", cut(BAD, 0.99), "CORRUPT"),
        refused("parquet_only_its_mark", "columns", raw(b"PAR1"), "CORRUPT"),
        refused("parquet_of_two_marks", "columns", raw(b"PAR1PAR1"), "CORRUPT"),
        refused("parquet_encrypted", "columns", lambda day: BAD(day)[:-4] + b"PARE", "CORRUPT"),
        refused("parquet_with_a_long_footer", "columns", lambda day: BAD(day)[:-8] + b"\xff\xff\xff\x7fPAR1", "CORRUPT"),
        refused("parquet_with_a_wrong_footer", "columns", lambda day: BAD(day)[:-300] + bytes(292) + BAD(day)[-8:], "CORRUPT"),
        refused("parquet_with_wrong_pages", "columns", lambda day: BAD(day)[:4] + bytes(200) + BAD(day)[204:], "CORRUPT"),
        refused("parquet_for_json", "trees", BAD, "UNSUPPORTED_TYPE"),
        refused("parquet_of_no_columns", "columns", nothing, "SCHEMA"),
        refused("parquet_of_other_columns", "columns", lambda _: parquet({"甲": pa.array([1])}), "SCHEMA"),
        refused("parquet_with_a_column_twice", "columns", said_twice, "SCHEMA"),
        refused("parquet_with_texts_of_no_encoding", "columns", not_utf8, "CORRUPT|ENCODING"),
        refused("arrow_for_parquet", "columns", raw(b"ARROW1\x00\x00" + bytes(100) + b"ARROW1"), "UNSUPPORTED_TYPE"),
        taken("parquet_of_no_rows", "columns", columns(0), 0),
    ]


def _times() -> list[Case]:
    six, utc = "{d} 06:00:00", "{d} 14:00:00"
    kinds: Mapping[str, tuple[pa.DataType, str]] = {
        "seconds": (pa.timestamp("s"), six), "micro": (pa.timestamp("us"), six), "nano": (pa.timestamp("ns"), six),
        "utc": (pa.timestamp("us", "UTC"), utc),
        "utc_nano": (pa.timestamp("ns", "UTC"), utc), "zone": (pa.timestamp("us", "Asia/Shanghai"), utc), "date": (pa.date32(),
        "{d} 00:00:00"),
        "date64": (pa.date64(), "{d} 00:00:00"),
    }  # fmt: skip
    odd = pa.array([1_450_000_000_000_000_001], pa.timestamp("ns"))
    never = pa.array([2**62, 0, -(2**62)], pa.timestamp("us"))
    return [
        *(taken(f"parquet_times_{name}", "columns", columns(taken=moments(kind)), 1, kept={"m0": {"taken": expected}}) for name, (kind,
            expected) in kinds.items()),
        taken("parquet_times_with_a_nanosecond", "columns", columns(taken=odd), 1, kept={"m0": {"taken": "2015-12-13 09:46:40"}}),
        taken("parquet_times_beyond_all_years", "columns", columns(3, taken=never), 0, R.BAD_DATE, R.BAD_DATE, R.BAD_DATE),
        taken("parquet_times_of_day", "columns", columns(taken=pa.array([time(6)])), 0, R.BAD_DATE),
        taken("parquet_durations", "columns", columns(taken=pa.array([timedelta(hours=6)])), 0, R.BAD_DATE),
        refused("parquet_times_in_an_unknown_zone", "columns", columns(taken=moments(pa.timestamp("us", "Mars/Olympus"))), "CORRUPT"),
        taken("parquet_times_all_null", "columns", columns(2, taken=pa.nulls(2)), 0, R.MISSING_KEY, R.MISSING_KEY),
        taken("parquet_times_in_the_future", "columns", columns(taken=pa.array([datetime(2030, 1, 1, tzinfo=UTC)])), 0, R.FUTURE_DATE),
    ]  # fmt: skip


def _amounts() -> list[Case]:
    no = R.BAD_NUMBER
    return [
        amount("parquet_amount_decimal", [Decimal("1.50")], pa.decimal128(20, 2), "1.50"),
        amount("parquet_amount_decimal_of_many_zeros", [Decimal("1.5")], pa.decimal128(38, 20), "1.50"),
        amount("parquet_amount_decimal256", [Decimal("1.5")], pa.decimal256(60, 10), "1.50"),
        amount("parquet_amount_float32", [0.1], pa.float32(), "0.10"),
        amount("parquet_amount_float16", [1.5], pa.float16(), "1.50"),
        amount("parquet_amount_int8", [7], pa.int8(), "7.00"),
        amount("parquet_amount_text", ["１.5万"], pa.string(), "1.50"),
        amount("parquet_amount_dictionary", ["1.5"], pa.dictionary(pa.int32(), pa.string()), "1.50"),
        amount("parquet_amount_all_null", [None], pa.null(), None),
        cells("parquet_amounts_that_are_none", "columns", "amount", (float("nan"), no), (float("inf"), no), (float("-inf"), no),
            (-1.0, R.OUT_OF_RANGE), (None, None), (1e300, R.OUT_OF_RANGE)),
        taken("parquet_amount_uint64", "columns", columns(amount=pa.array([2**64 - 1], pa.uint64())), 0, R.OUT_OF_RANGE),
        taken("parquet_amount_boolean", "columns", columns(amount=pa.array([True])), 0, no),
        taken("parquet_amount_list", "columns", columns(2, amount=pa.array([[1.5], []])), 0, R.BAD_TYPE, R.BAD_TYPE),
        taken("parquet_amount_struct", "columns", columns(amount=pa.array([{"v": 1.5}])), 0, R.BAD_TYPE),
        taken("parquet_amount_date", "columns", columns(amount=pa.array([date(2016, 1, 1)])), 0, no),
    ]  # fmt: skip


def _others() -> list[Case]:
    street = {"m0": {"street": "S1", "amount": "1.50"}}
    binary = {name: pa.array([text.encode()]) for name, text in (("street", "南湖街"), ("note", "平"))}
    names = {"string_view": pa.string_view(), "large_string": pa.large_string(), "dictionary": pa.dictionary(pa.int8(), pa.string())}
    compressions = ("snappy", "gzip", "zstd", "brotli", "lz4", "none")
    plain = {heading: pa.array([cell]) for heading, cell in zip(HEADINGS.values(), ("{d} 04:00", "南湖街", "m0", "1.5", "平"), strict=True)}

    def packed(compression: str) -> Build:
        return lambda day: parquet(
            {name: pa.array([on(day, column[0].as_py())]) for name, column in plain.items()}, compression=compression
        )

    return [
        *(
            taken(f"parquet_street_{name}", "columns", columns(street=pa.array(["南湖街"]).cast(kind)), 1, kept=street)
            for name, kind in names.items()
        ),
        *(taken(f"parquet_in_{one}", "columns", packed(one), 1, kept=street) for one in compressions),
        # Older writers leave out that the bytes are text; what is UTF-8 is meant as text.
        taken("parquet_texts_as_bytes", "columns", columns(**binary), 1, kept={"m0": {"street": "S1", "note": "平"}}),
        taken("parquet_meter_integer", "columns", columns(meter=pa.array([12])), 1, kept={"12": {"amount": "1.50"}}),
        taken("parquet_meter_struct", "columns", columns(meter=pa.array([{"id": 1}])), 0, R.BAD_TYPE),
        taken("parquet_meter_list", "columns", columns(meter=pa.array([["m0"]])), 0, R.BAD_TYPE),
        taken("parquet_meter_map", "columns", columns(meter=pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32()))), 0, R.BAD_TYPE),
        taken(
            "parquet_unread_nested",
            "columns",
            columns(标签=pa.array([{"a": [{"b": 1}]}]), 多=pa.array([[[1]]]), 空=pa.nulls(1)),
            1,
            kept=street,
        ),
        taken("parquet_note_all_null", "columns", columns(2, note=pa.nulls(2)), 2, kept={"m0": {"note": None}}),
        taken("parquet_nul_in_a_key", "columns", columns(meter=pa.array(["m\x000"])), 0, R.BAD_CHAR),
        taken("parquet_row_groups", "columns", grouped, 6),
    ]


CASES = [*_broken(), *_times(), *_amounts(), *_others()]
