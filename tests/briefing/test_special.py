"""A special briefing tells one sign or one alert, a bulletin who rose and who fell: in every form, with an address, and never a cause."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from briefing.document.content import Briefing, canonical
from briefing.document.issuing import composed, write_forms
from briefing.document.spell import said, spell_of
from briefing.document.subject import NoSubjectError, Subject
from commands.terminal import Exit
from data import readings
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from data.wording import Wording
from tests.briefing.month_city import LAST, MISSING, NOTHING, SLOW
from tests.briefing.told_city import worst_alert, write_told_city
from tests.briefing.written import said_by, shapes_of, texts_of
from tests.test_cli import run

WORDS = Wording("zh")
Golden = Callable[[str, str], None]
CAUSES = re.compile("由于|因为|导致|引起|造成|缘于|原因是|主因")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The city, its worst alert given to somebody."""
    where = write_told_city(tmp_path_factory.mktemp("told"))
    return where, open_snapshot(where)


def special(place: tuple[Settings, Snapshot], day: date = LAST, **subject: str) -> Briefing:
    """Return the special briefing of the morning after a day."""
    return composed(*place, "special", datetime.combine(day + timedelta(days=1), time(8)), subject=Subject(**subject))


@pytest.fixture(scope="module")
def told(place: tuple[Settings, Snapshot]) -> dict[str, Briefing]:
    """A share beyond its limits, missing, of nothing and of an area; a sign without limits; an alert; and the bulletin."""
    bulletin = datetime.combine(LAST + timedelta(days=1), time(8))
    return {
        "slow": special(place, max(SLOW), indicator="repairs_24h"), "missing": special(place, MISSING, indicator="repairs_24h"),
        "nothing": special(place, NOTHING, indicator="repairs_24h"), "street": special(place, indicator="repairs_24h", entity="G1001"),
        "watched": special(place, indicator="night_energy"), "alert": special(place, alert=worst_alert(place[0])),
        "bulletin": composed(*place, "evaluation", bulletin),
    }  # fmt: skip


def test_every_word_of_them(told: dict[str, Briefing], golden: Golden) -> None:
    """What is said, word for word."""
    golden("special_texts.txt", "\n\n".join(f"[{name}]\n{briefing.text()}" for name, briefing in told.items()) + "\n")


def test_no_cause_is_named(told: dict[str, Briefing]) -> None:
    """The data hold none; that is said in the conclusion."""
    for name, briefing in told.items():
        text = briefing.text().replace("数据未载明成因，本报不作原因判断。", "").replace("占比为算术分解，不说明原因", "")
        assert not CAUSES.search(text), name
    assert "不作原因判断" in told["slow"].sections[-1].paragraphs[0]


def test_what_is_missing_has_its_own_face(told: dict[str, Briefing]) -> None:
    """No drop, and nothing to divide by, are two things, and neither is a figure."""
    missing, nothing = (told[name].sections[0].paragraphs[0] for name in ("missing", "nothing"))
    assert "不沿用旧值" in missing
    assert "不沿用旧值" in nothing
    assert missing != nothing
    assert "不作判断" in told["missing"].sections[-1].paragraphs[0]


def test_every_figure_is_found_again(place: tuple[Settings, Snapshot], told: dict[str, Briefing]) -> None:
    """Each bound figure of a sign or score stands in the snapshot under its address."""
    where, snapshot = place
    count = 0
    for briefing in told.values():
        for one in briefing.bounds():
            if one.what != "sign" or not one.text or not one.period or one.field not in {"value", "numerator", "denominator", "n"}:
                continue
            row = readings.signs(where, snapshot, indicator=one.indicator, entity=one.entity, period=one.period).iloc[0]
            assert int(row["definition_version"]) == one.version
            if one.field == "value":
                assert one.text in {row["text"], "—"}
            elif re.fullmatch(r"[\d,.]+", one.text):
                assert float(one.text.replace(",", "")) == row[one.field]
            count += 1
    assert count > 40


def test_the_same_snapshot_says_the_same_again(place: tuple[Settings, Snapshot], told: dict[str, Briefing]) -> None:
    """Code and hash too, and each subject has its own."""
    assert special(place, max(SLOW), indicator="repairs_24h").hash == told["slow"].hash
    assert len({briefing.code for briefing in told.values()}) == len(told)


@pytest.mark.parametrize("name", ["slow", "alert", "bulletin"])
def test_each_form_holds_the_whole_text(told: dict[str, Briefing], name: str, tmp_path: Path) -> None:
    """PDF, HTML, DOCX and PPTX; nothing on a slide stands beyond its edge."""
    briefing = told[name]
    write_forms(tmp_path, briefing, WORDS)
    for form, text in texts_of(tmp_path, briefing.name).items():
        assert [part for part in said_by(briefing) if part not in text] == [], form
    assert all(shape.top + shape.height <= 7.5 * 914400 for shape in shapes_of(tmp_path, briefing.name))


def test_the_desk_is_told(place: tuple[Settings, Snapshot], told: dict[str, Briefing]) -> None:
    """Who has the alert, and what was done in order of time, rules and people."""
    desk = told["alert"].sections[4]
    rows = [[cell.text for cell in row] for row in desk.tables[0].rows]
    assert "市政处" in desk.paragraphs[0]
    assert [row[1] for row in rows if row[2] == "甲"] == ["确认", "派遣"]
    assert any(row[2] == "系统按规则" for row in rows)


def test_shares_sum_to_the_whole(told: dict[str, Briefing]) -> None:
    """What the areas add is what is missing from the city."""
    table = told["slow"].sections[2].tables[0]
    assert sum(int(row[5].text) for row in table.rows) == sum(
        int(whole) - int(part) for part, whole in (row[3].text.split("/") for row in table.rows)
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "wanted"), ({"indicator": "none"}, "no_sign"), ({"indicator": "repairs_24h", "entity": "X"}, "no_entity"),
        ({"alert": "X"}, "no_alert"),
    ],
)  # fmt: skip
def test_a_subject_that_is_not_there(place: tuple[Settings, Snapshot], given: dict[str, str], why: str) -> None:
    """Says what is not there; and a daily takes none."""
    with pytest.raises(NoSubjectError) as caught:
        special(place, **given)
    assert caught.value.why == why
    with pytest.raises(NoSubjectError):
        composed(*place, "daily", datetime(2024, 5, 9, 8), subject=Subject(indicator="repairs_24h"))


def test_what_came_later_leaves_older_hashes_alone(place: tuple[Settings, Snapshot], told: dict[str, Briefing]) -> None:
    """A briefing of the whole city says nothing of a subject, and hashes as before there were any."""
    assert '"subject"' not in canonical(composed(*place, "daily", datetime(2024, 5, 9, 8)))
    assert '"subject"' in canonical(told["alert"])
    assert replace(told["alert"], subject="x").hash != told["alert"].hash


def rows_of(levels: str) -> list[dict[str, object]]:
    """Return days with a level each: n, y, r; `.` no data, `e` nothing to divide by, `o` out of season."""
    known, unjudged = {"n": "normal", "y": "yellow", "r": "red"}, {".": "no_data", "e": "not_evaluated", "o": "out_of_season"}
    return [
        {"grain": "day", "start": datetime(2024, 5, day), "level": known.get(letter), "state": unjudged.get(letter, "ok"),
         "reason": "empty" if letter == "e" else None}
        for day, letter in enumerate(levels, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ("nnyyr", "自5月3日起3日在限外（红1、黄2）"), ("ny.er", "自5月2日起2日在限外（红1、黄1），其间2日未评级"),
        ("yyn", "5月3日起在限内，此前一次评级在限外"), ("nny", "5月3日起在限外，此前一次评级在限内"),
        ("yoyy", "自5月3日起2日在限外（黄2）"),
        ("nnn", "自5月1日起3日在限内"), ("n..", "最近一次评级为5月1日（正常）"), ("...", "此前没有评过级"), ("", "此前没有评过级"),
        ("y", "5月1日在限外，此前没有评级"), ("oy", "5月2日在限外，此前没有评级"),
    ],
)  # fmt: skip
def test_since_when(levels: str, words: str) -> None:
    """A day without a level hides nothing of what lies around it; another season ends the count."""
    rows = rows_of(levels)
    assert said(WORDS, spell_of(rows), rows) == words


def test_numbers_run_and_a_correction_keeps_its_own(tmp_path: Path) -> None:
    """First, second; a dropped one is given again; what corrects the first is the first."""
    where = write_told_city(tmp_path)
    sign = ["--indicator", "repairs_24h"]

    def draft(*more: str) -> tuple[int, str]:
        done = run(where, "brief", "draft", "special", "--who", "张三", *more, "--json")
        assert done.exit_code == 0, done.output
        number = json.loads(done.stdout)["number"]
        return number, run(where, "brief", "read", str(number)).stdout.splitlines()[1]

    first, one = draft(*sign)
    second, two = draft(*sign, "--entity", "G1001")
    assert (one, two) == ("第1期", "第2期")
    assert run(where, "brief", "drop", str(second), "--who", "张三").exit_code == 0
    assert draft("--alert", worst_alert(where))[1] == "第2期"
    assert draft("--corrects", str(first))[1] == "第1期", "and it is about the same"
    assert run(where, "brief", "approve", str(first), "--who", "李四").exit_code == 0
    assert run(where, "brief", "issue", str(first), "--who", "李四", "--form", "html").exit_code == 0
    (file,) = where.briefings.glob(f"*-{first}/*.html")
    assert run(where, "brief", "verify", str(file), "--json").exit_code == 0
    assert run(where, "brief", "make", "special").exit_code == Exit.WRONG_USE
    assert run(where, "brief", "make", "daily", *sign).exit_code == Exit.WRONG_USE
    assert run(where, "brief", "make", "special", *sign, "--alert", "X").exit_code == Exit.WRONG_USE
    assert run(where, "brief", "make", "special", "--entity", "G1001").exit_code == Exit.WRONG_USE
    assert run(where, "brief", "compare", str(first), str(second)).exit_code == Exit.WRONG_USE, "about something else"
