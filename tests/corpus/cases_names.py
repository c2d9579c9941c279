"""Names of drops: parts of a path, signs that a shell or a browser would act on, and periods that cannot be read."""

from __future__ import annotations

from tests.corpus.case import PLAIN, POISONED, Case, good, refused, rows, taken, text

BAD = text(POISONED)
PLAIN_DAY = rows("texts", PLAIN)
HOSTILE = {
    "above": "../日报.csv", "far_above": "../../../etc/passwd", "absolute": "/etc/passwd", "backslash": "..\\日报.csv",
    "drive": "C:\\日报.csv", "folder": "a/b.csv", "dots": "..", "hidden": ".日报.csv", "script": "<script>alert(1)</script>.csv",
    "image": "<img src=x onerror=alert(1)>.csv", "quote": 'a"b.csv', "apostrophe": "a'b.csv", "substitution": "$(reboot).csv",
    "variable": "${HOME}.csv", "backquote": "`reboot`.csv", "semicolon": "a;reboot;.csv", "bar": "a|reboot.csv", "ampersand": "a&b.csv",
    "redirection": "a>b.csv", "star": "*.csv", "question": "a?.csv", "newline": "a\nb.csv", "return": "a\rb.csv", "tab": "a\tb.csv",
    "nul": "a\x00.csv", "escape": "a\x1b[31m.csv", "delete": "a\x7f.csv", "right_to_left": "日报\u202evsc.exe",
    "surrogate": "日报\udcc8.csv",
}  # fmt: skip
PLAIN_NAMES = {
    "spaces": "日报 {c} 终稿.csv", "copy": "日报({c}) (2).csv", "chinese_brackets": "【样本】日报（{c}）.csv", "dots": "v1.2.日报.{c}.csv",
    "comma": "日报,{c}.csv", "percent": "日报%20{c}.csv", "signs": "日报{c}+@=.csv", "long": "长" * 200 + ".csv", "emoji": "日报😀.csv",
    "upper": "REPORT.CSV", "dash": "-rf.csv", "full_width": "日报＜{c}＞.csv",
}  # fmt: skip


def _periods() -> list[Case]:
    names = {
        "none": "日报.csv", "impossible": "日报_20160230.csv", "month_13": "日报_20161301.csv", "short": "日报_2016.csv",
        "other_word": "周报_{c}.csv", "more": "日报_{c}_终稿.csv", "dashes": "日报_{d}.csv", "other_extension": "日报_{c}.txt",
        "zeros": "日报_00000000.csv",
    }  # fmt: skip
    return [
        *(refused(f"period_{name}", "named", BAD, "BAD_NAME", file) for name, file in names.items()),
        taken("period_in_the_name", "named", rows("named", PLAIN), 1),
        taken("period_in_full_width", "named", rows("named", PLAIN), 1, file="日报＿{c}．csv"),
        # The same bytes for another period speak of another time: no duplicate.
        taken("period_of_another_day", "named", good("named", (1, "1.00"), (2, "2.00"), (3, "3.00")), 3, file="日报_20140101.csv", fresh=0),
    ]


CASES = [
    *(refused(f"name_{name}", "texts", BAD, "BAD_NAME", file) for name, file in HOSTILE.items()),
    *(taken(f"plain_name_{name}", "texts", PLAIN_DAY, 1, file=file) for name, file in PLAIN_NAMES.items()),
    *_periods(),
]
