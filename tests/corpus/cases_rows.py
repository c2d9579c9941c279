"""Headers, titles, sums, repeats and keys: what stands around the cells."""

from __future__ import annotations

from data.reasons import RowReason as R
from tests.corpus.case import Case, cells, refused, rows, table, taken, text

HEAD = "时间,街道,表号,金额,说明\n"
LINE = "{d} 04:00,太原街街道,m0,4.25,平\n"
BAD = "{d} 01:00,南湖街道,good,666,坏\n"


def headed(name: str, head: str, *, skipped: int = 0, line: str = LINE) -> Case:
    """Return a case of a header that is understood."""
    return taken(name, "texts", text(head + line), 1, skipped=skipped, kept={"m0": {"amount": "4.25", "street": "S2", "note": "平"}})


def _headers() -> list[Case]:
    titles = "".join(f"样本区日报第{number}行\n" for number in range(1, 14))
    return [
        headed("headings_by_alias", "监测时间,所属街道,编号,金额(万元),说明\n"),
        headed("headings_in_full_width", "时间,街道,表号,金额（万元）,说明\n"),
        headed("headings_with_spaces", "时 间,街　道, 表号 ,\"金 额\n(万元)\",说\u200b明\n"),
        headed("headings_in_another_order", "说明,金额,表号,街道,时间\n", line="平,4.25,m0,太原街街道,{d} 04:00\n"),
        headed("a_column_too_many", "序号,时间,街道,表号,金额,说明\n", line="1,{d} 04:00,太原街街道,m0,4.25,平\n"),
        # Only headings that are read must stand there once.
        headed("unread_headings_twice", "时间,街道,表号,金额,说明,备用,备用\n", line="{d} 04:00,太原街街道,m0,4.25,平,,\n"),
        headed("blank_headings_twice", "时间,街道,表号,金额,说明,,\n", line="{d} 04:00,太原街街道,m0,4.25,平,,\n"),
        headed("a_heading_of_100000", f"时间,街道,表号,金额,说明,{'长' * 100_000}\n", line="{d} 04:00,太原街街道,m0,4.25,平,x\n"),
        headed("title_rows", "样本区街道日报（{d}）,,,,\n制表单位：示例部门,,,,\n" + HEAD, skipped=2),
        headed("a_title_of_one_cell", "样本区街道日报\n" + HEAD, skipped=1),
        headed("header_in_the_twelfth_row", titles[: titles.index("样本区日报第12行")] + HEAD, skipped=11),
        # The thirteenth row may still be the second one of a header of two.
        refused("header_in_the_fourteenth_row", "texts", text(titles + HEAD + BAD), "SCHEMA"),
        refused("a_heading_twice", "texts", text("时间,街道,表号,金额,金额,说明\n" + BAD.replace("666", "666,667")), "SCHEMA"),
        refused("a_heading_and_its_alias", "texts", text("时间,监测时间,街道,表号,金额,说明\n{d}," + BAD), "SCHEMA"),
        refused("a_key_heading_missing", "texts", text(HEAD.replace("街道", "片区") + BAD), "SCHEMA"),
        refused("the_date_heading_missing", "texts", text("街道,表号,金额,说明\n南湖街道,good,666,坏\n"), "SCHEMA"),
        refused("a_value_heading_missing", "texts", text("时间,街道,表号,说明\n{d} 01:00,南湖街道,good,坏\n"), "SCHEMA"),
        refused("no_header", "texts", text(BAD * 3), "SCHEMA"),
        refused("prose", "texts", text("各位领导：\n今日一切正常。\n此致\n敬礼\n"), "SCHEMA"),
        refused("headings_of_another_feed", "texts", text("评比日期,名次,得分,等级,评委,奖项,评语\n{d},1,9.5,甲,张,一,好\n"), "WRONG_FEED"),
        refused("headings_of_another_feed_json", "lines",
            text('{"评比日期":"{d}","名次":1,"得分":9,"等级":"甲","评委":"张","奖项":"一","评语":"好"}\n'), "WRONG_FEED"),
        refused("a_feed_that_is_none", "unheard_of", table(BAD), "UNKNOWN_FEED", "日报_{c}.csv"),
    ]  # fmt: skip


def _skipped() -> list[Case]:
    two = LINE + "{d} 05:00,南湖街道,m1,1.75,平\n"
    sums = "合计,,,6.00,\n"
    people = ["制表人：张三", "填报人:李四,,,,", "审核人：王五,,,,", "注：数据来自平台", "备注：无,,,,", "注,,,,"]
    return [
        taken("a_sum_row", "texts", table(two + sums), 2, skipped=1),
        taken("a_sum_row_that_is_wrong", "texts", table(two + "合计,,,7.00,\n"), 2, skipped=1, control="7"),
        taken("sums_of_all_kinds", "texts", table(LINE + "小计,,,4.25,\n总计,,,4.25,\n全区,,,4.25,\n合 计：,,,4.25,\n"), 1, skipped=4),
        taken("nothing_but_a_sum", "texts", table(sums), 0, skipped=1),
        taken("a_bad_row_twice", "texts", table(LINE + "昨天,南湖街道,m1,1,x\n" * 2), 1, R.BAD_DATE, skipped=1),
        taken("a_part_sum_in_the_middle", "texts", table(LINE + "小计,,,4.25,\n{d} 05:00,南湖街道,m1,1,x\n" + sums), 2, skipped=2),
        # The worked contract has the date first and the street second: a sum stands where the street would.
        taken("a_sum_beside_its_date", "texts", table(two + "{d} 23:00,合计,,6.00,\n{d} 23:00,小计,,6.00,\n"), 2, skipped=2),
        taken("a_sum_below_a_number", "texts", text("序号," + HEAD + "1," + LINE + "2,合计,,,4.25,\n"), 1, skipped=1),
        taken("people_who_signed", "texts", table(LINE + "\n".join(people) + "\n"), 1, skipped=len(people)),
        taken(
            "words_like_a_footer",
            "texts",
            text("说明,时间,街道,表号,金额\n注意防汛,{d} 04:00,南湖街道,m0,1\n合计划,{d} 05:00,南湖街道,m1,1\n"),
            2,
        ),
        taken("rows_twice", "texts", table(LINE * 3 + BAD.replace("good", "m1")), 2, skipped=2),
        # F4 skips repeats; the printed form repeats its header on each page.
        taken("the_header_again", "texts", table(LINE + HEAD + "{d} 05:00,南湖街道,m1,1,x\n"), 2, skipped=1),
        taken(
            "a_sum_in_a_workbook",
            "books",
            rows("books", ["{d} 04:00", "南湖街道", "m0", 4.25, "x"], ["合计", None, None, 4.25, None]),
            1,
            skipped=1,
        ),
        taken("rows_twice_json", "trees", rows("trees", *[["{d} 04:00", "南湖街道", "m0", 4.25, "x"]] * 2), 1, skipped=1),
        taken("rows_twice_parquet", "columns", rows("columns", *[["{d} 04:00", "南湖街道", "m0", 4.25, "x"]] * 2), 1, skipped=1),
        taken(
            "a_sum_in_json", "lines", rows("lines", ["{d} 04:00", "南湖街道", "m0", 4.25, "x"], ["合计", "", "", 4.25, ""]), 1, skipped=1
        ),
    ]


def _keys() -> list[Case]:
    same = "{d} 05:00,南湖街道,m1,1.50,x\n"
    return [
        taken("a_key_twice", "texts", table(LINE + same + same.replace("1.50", "1.60")), 1, R.DUPLICATE_CONFLICT, R.DUPLICATE_CONFLICT),
        taken("a_key_three_times", "texts", table(LINE + same * 2 + same.replace("1.50", "1.60")), 1, R.DUPLICATE_CONFLICT,
            R.DUPLICATE_CONFLICT, skipped=1),
        # The same values written in another way are a repeat.
        taken("a_key_twice_in_other_words", "texts", table(LINE + same + "{d} 05:00:00,南湖街,m1 ,1.5,x\n"), 2, skipped=1),
        taken("keys_of_other_streets", "texts", table(same + same.replace("南湖街道", "太原街")), 2),
        taken("a_key_twice_json", "trees", rows("trees", ["{d} 05:00", "南湖街", "m1", 1, "x"], ["{d} 05:00", "南湖街", "m1", 2, "x"]), 0,
            R.DUPLICATE_CONFLICT, R.DUPLICATE_CONFLICT),
        taken("no_time", "texts", table(LINE + ",南湖街道,m1,1,x\n"), 1, R.MISSING_KEY),
        taken("no_street", "texts", table(LINE + "{d} 05:00,—,m1,1,x\n"), 1, R.MISSING_KEY),
        taken("no_meter", "texts", table(LINE + "{d} 05:00,南湖街道,暂无,1,x\n"), 1, R.MISSING_KEY),
        taken("nothing_but_a_note", "texts", table(LINE + ",,,,只有说明\n"), 1, R.MISSING_KEY),
        taken("closed_before_opened", "texts", text("办结时间," + HEAD + "{d} 03:00," + LINE + "{d} 06:00," + same), 1, R.INCONSISTENT),
        taken("two_faults_in_a_row", "texts", table(LINE + "昨天,南湖街道,m1,若干,x\n"), 1, R.BAD_NUMBER),
        cells("streets_by_alias", "texts", "street", ("南湖街", "S1"), ("南湖街道办事处", "S1"), ("太原街", "S2"), (" 南湖街道　", "S1"),
            ("南\u200b湖街\ufeff道", "S1"), ("S1", "S1")),
        cells("streets_unknown", "texts", "street", ("无此街道", R.UNKNOWN_UNIT), ("南湖", R.UNKNOWN_UNIT), ("太原", R.UNKNOWN_UNIT),
            ("样本区", R.UNKNOWN_UNIT), ("南湖社区", R.UNKNOWN_UNIT), ("'; DROP TABLE ledger; --", R.UNKNOWN_UNIT)),
        # R4: a community that is blank, unknown or of another street is stored as 未归属, not quarantined.
        cells("communities", "texts", "community", ("北站社区", "C2"), ("", None), ("无此社区", None), ("南湖社区", None)),
    ]  # fmt: skip


CASES = [*_headers(), *_skipped(), *_keys()]
