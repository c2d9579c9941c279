"""A briefing says what its snapshot holds and nothing else: in every form, on every day, again and again the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from docx import Document

from briefing.document import paper, printing, slides, word
from briefing.document.composing import RefusedBriefingError
from briefing.document.content import Briefing
from briefing.document.issuing import composed, write_forms
from commands.terminal import Exit
from data import readings
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from data.wording import Wording
from tests.briefing.month_city import LAST, MISSING, NOTHING, SLOW, TEMPLATE, write_month_city
from tests.briefing.written import said_by, shapes_of, texts_of
from tests.test_cli import run

WORDS = Wording("zh")
DAYS = [LAST + timedelta(days=1) - timedelta(days=number) for number in range(29, -1, -1)]
OFFICE = shutil.which("soffice")
Golden = Callable[[str, str], None]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The city, refreshed."""
    where = write_month_city(tmp_path_factory.mktemp("month"))
    return where, open_snapshot(where)


def said_on(place: tuple[Settings, Snapshot], day: date) -> Briefing:
    """Return the briefing of the morning of a day."""
    return composed(*place, "daily", datetime.combine(day, time(8)))


@pytest.fixture(scope="module")
def month(place: tuple[Settings, Snapshot]) -> dict[date, Briefing]:
    """Thirty mornings."""
    return {day: said_on(place, day) for day in DAYS}


def test_thirty_mornings(month: dict[date, Briefing], golden: Golden) -> None:
    """What is said on each, word for word."""
    golden("daily_texts.txt", "\n\n".join(briefing.text() for briefing in month.values()) + "\n")


def test_no_sentence_says_the_same_of_other_facts(month: dict[date, Briefing]) -> None:
    """A sentence that stands there on more than three days is one without a figure, or its figures are the same."""
    seen: Counter[str] = Counter()
    facts: dict[str, set[frozenset[str]]] = {}
    for briefing in month.values():
        for section in briefing.sections:
            for sentence in (one for text in section.paragraphs for one in re.split("[。；]", text) if one):
                seen[sentence] += 1
                said = frozenset(one.text for one in section.bounds if one.text and one.text in sentence)
                facts.setdefault(sentence, set()).add(said)
    often = [sentence for sentence, count in seen.items() if count > 3]
    assert often, "some days are alike"
    assert [sentence for sentence in often if len(facts[sentence]) > 1] == []


def test_the_lead_names_the_worst(month: dict[date, Briefing]) -> None:
    """On the days of slow repairs it is red and comes first; on a calm day that is said."""
    for day in SLOW:
        lead = month[day + timedelta(days=1)].lead
        assert "红" in lead.split("；")[0]
    assert any("均在限内" in briefing.lead for briefing in month.values())


def test_what_is_missing_is_said_and_nothing_is_made_up(month: dict[date, Briefing]) -> None:
    """No drop is not zero, zero is not missing."""
    missing = month[MISSING + timedelta(days=1)].sections[2].paragraphs[0]
    assert "修复率" not in missing.replace("当日修复率：", "")
    nothing = month[NOTHING + timedelta(days=1)].sections[2]
    rows = {row[0].text: row[1].text for row in nothing.tables[0].rows}
    assert rows["当日修复率"] == "—"


def test_every_figure_is_found_again(place: tuple[Settings, Snapshot], month: dict[date, Briefing]) -> None:
    """Each bound figure of a sign stands, as it is printed, in what `show signs` prints of its address."""
    where, snapshot = place
    count = 0
    for briefing in list(month.values())[::2]:
        for one in briefing.bounds():
            if one.what != "sign" or not one.text or not one.period:
                continue
            frame = readings.signs(where, snapshot, indicator=one.indicator, entity=one.entity, period=one.period)
            row = frame.iloc[0]
            assert int(row["definition_version"]) == one.version
            if one.field == "value":
                assert one.text in {row["text"], "—"}
            elif one.field in {"numerator", "denominator", "n"}:
                assert float(one.text.replace(",", "")) == row[one.field]
            count += 1
    assert count > 100


def test_every_number_of_a_text_has_an_address(month: dict[date, Briefing]) -> None:
    """What is left of a paragraph without its figures and its day holds no number but counts of what is listed beside it."""
    for briefing in month.values():
        for section in briefing.sections:
            left = "".join(section.paragraphs)
            for one in sorted(section.bounds, key=lambda one: -len(one.text)):
                left = left.replace(one.text, "", 1) if one.text else left
            left = re.sub(r"\d+月\d+日|越限\d+项|未评价\d+项|等\d+项|n=\d+，不足\d+|低于\d+%|达到\d+件", "", left)
            assert not re.search(r"\d", left), left


def test_the_same_snapshot_says_the_same_again(place: tuple[Settings, Snapshot], month: dict[date, Briefing]) -> None:
    """Hash and code too; another day has another."""
    day = DAYS[-1]
    assert said_on(place, day).hash == month[day].hash
    assert len({briefing.code for briefing in month.values()}) == len(month)


def test_each_form_holds_the_whole_text(month: dict[date, Briefing], tmp_path: Path) -> None:
    """PDF, HTML, DOCX and PPTX: every paragraph, every row; the printed page has no fault and its text can be copied."""
    briefing = month[DAYS[-1]]
    written = write_forms(tmp_path, briefing, WORDS)
    assert {Path(name).suffix for name in written.files} == {".pdf", ".png", ".html", ".docx", ".pptx"}
    for form, text in texts_of(tmp_path, briefing.name).items():
        assert [part for part in said_by(briefing) if part not in text] == [], form
    drawn = [shape for shape in shapes_of(tmp_path, briefing.name) if shape.has_chart]
    pictures = Document(str(tmp_path / f"{briefing.name}.docx")).inline_shapes
    assert len(drawn) == len(pictures) == sum(len(section.charts) for section in briefing.sections)
    assert all(one.width <= word.ROOM for one in pictures)
    assert "http" not in (tmp_path / "daily-2024-05-08.html").read_text(encoding="utf-8").replace("http://www.w3.org", "")


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui libreoffice-impress-nogui)"
)
def test_an_office_opens_what_can_be_edited(month: dict[date, Briefing], tmp_path: Path) -> None:
    """LibreOffice draws the document and the slides; every paragraph and cell is on its pages."""
    briefing = month[DAYS[-1]]
    write_forms(tmp_path, briefing, WORDS)
    for form in ("docx", "pptx"):
        file, home = tmp_path / f"{briefing.name}.{form}", f"-env:UserInstallation=file://{tmp_path}/office"
        done = subprocess.run(
            [str(OFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        assert b"Error" not in done.stderr
        text = re.sub(r"\s", "", printing.text_of(file.with_suffix(".pdf").read_bytes()))
        assert [part for part in said_by(briefing) if part not in text] == [], form


def test_what_does_not_fit_is_a_fault() -> None:
    """A table that is wider than the page, as any text that is cut."""
    wide = '<div style="width:200px"><table style="width:400px"><tr><td>x</td></tr></table></div>'
    with printing.browser() as running:
        assert printing.pdf(running, wide, "<span></span>")[1] == ["cut:x"]
        assert printing.pdf(running, wide.replace("400px", "200px"), "<span></span>")[1] == []


def test_a_table_prints_as_many_rows_as_it_claims(month: dict[date, Briefing]) -> None:
    """And says how many it leaves out."""
    for briefing in month.values():
        for table in (table for section in briefing.sections for table in section.tables):
            assert table.claimed == len(table.rows)
            assert paper._table(table).count("<tr") == table.claimed + bool(table.rows)


def test_no_red_alert_is_left_out_of_a_table(month: dict[date, Briefing]) -> None:
    """However few rows a table may have; and the value beside a level is the one that gave it."""
    told = 0
    for briefing in month.values():
        (table,) = briefing.sections[1].tables
        red = [row for row in table.rows if row[0].mark == "red"]
        assert len(red) == sum(int(count) for count in re.findall(r"红(\d+)", "".join(briefing.sections[1].paragraphs)))
        assert all(float(row[3].text.rstrip("%")) < 30 for row in red if row[4].text == "低于30%")
        told = max(told, len(red))
    assert told > 2


def test_text_of_a_feed_is_text(month: dict[date, Briefing]) -> None:
    """Whatever a name holds, no form makes markup of it."""
    section = replace(month[DAYS[-1]].sections[0], paragraphs=("<script>alert(1)</script>\u202e=cmd|x",))
    evil = replace(month[DAYS[-1]], sections=(section,))
    assert "<script" not in paper.html(evil, WORDS)
    assert word.docx(evil, WORDS)
    assert slides.pptx(evil, WORDS)


def test_a_key_feed_that_did_not_come_is_said_or_stops_it(place: tuple[Settings, Snapshot]) -> None:
    """As the template says."""
    where, snapshot = place
    path = where.city_dir / "data/briefings/strict.yaml"
    for how in ("say", "refuse"):
        text = TEMPLATE.replace("briefing: daily", "briefing: strict")
        text = text.replace("feeds: [repairs], otherwise: say", f"feeds: [meters, none], otherwise: {how}")
        path.write_text(text, encoding="utf-8")
        later = replace(snapshot, definitions="0" * 64)
        if how == "say":
            made = composed(where, later, "strict", datetime(2024, 5, 9, 8))
            assert made.faults
            assert made.faults[0] in paper.html(made, WORDS)
        else:
            with pytest.raises(RefusedBriefingError):
                composed(where, later, "strict", datetime(2024, 5, 9, 8))
    path.unlink()


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ sign('no_sign').value }}", "{% if %}", "{{ ''.__class__.__mro__ }}"])
def test_a_text_that_cannot_be_has_its_line(place: tuple[Settings, Snapshot], text: str) -> None:
    """Unknown names, unknown signs, broken Jinja, and what reaches behind the facts."""
    where, snapshot = place
    path = where.city_dir / "data/briefings/wrong.yaml"
    path.write_text(
        TEMPLATE.replace("briefing: daily", "briefing: wrong").replace('lead: "{{ headline }}"', f'lead: "{text}"'), encoding="utf-8"
    )
    with pytest.raises(DefinitionError) as caught:
        composed(where, replace(snapshot, definitions="0" * 64), "wrong", datetime(2024, 5, 9, 8))
    path.unlink()
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("data/briefings/wrong.yaml", 10)


def test_from_draft_to_issue_and_back(tmp_path: Path) -> None:
    """Drafted, edited, approved by somebody else, issued once, verified by code and by file; a correction says what changed."""
    where = write_month_city(tmp_path)
    at = ["--form", "html"]
    assert run(where, "brief", "draft", "daily", "--who", "张三").exit_code == 0
    number = json.loads(run(where, "brief", "list", "--json").stdout)["number"]
    (tmp_path / "text").write_text("经核实，运行平稳。", encoding="utf-8")
    assert run(where, "brief", "edit", str(number), "overall", str(tmp_path / "text"), "--who", "王五").exit_code == 0
    assert run(where, "brief", "edit", str(number), "nothing", str(tmp_path / "text"), "--who", "王五").exit_code == Exit.WRONG_USE
    assert run(where, "brief", "issue", str(number), "--who", "李四", *at).exit_code == Exit.NOTHING_DONE, "not approved"
    assert run(where, "brief", "approve", str(number), "--who", "王五").exit_code == Exit.NOTHING_DONE, "who edited it"
    assert run(where, "brief", "approve", str(number), "--who", "李四").exit_code == 0
    assert run(where, "brief", "issue", str(number), "--who", "李四", *at).exit_code == 0
    assert run(where, "brief", "issue", str(number), "--who", "李四", *at).exit_code == Exit.NOTHING_DONE, "once"
    (file,) = (where.briefings / f"daily-2024-05-08-{number}").glob("*.html")
    assert "经核实，运行平稳。" in file.read_text(encoding="utf-8")
    code = json.loads(run(where, "brief", "list", "--json").stdout)["code"]
    for what in (code, code.lower(), str(file)):
        told = run(where, "brief", "verify", what, "--json")
        assert (told.exit_code, json.loads(told.stdout)["same"]) == (0, True), told.output
    file.write_text(file.read_text(encoding="utf-8").replace("平稳", "异常"), encoding="utf-8")
    assert run(where, "brief", "verify", str(file)).exit_code == Exit.FINDINGS
    assert run(where, "brief", "draft", "daily", "--who", "张三", "--corrects", str(number)).exit_code == 0
    last = json.loads(run(where, "brief", "list", "--json").stdout.splitlines()[-1])
    assert last["corrects"] == number
    assert any("经核实" in change for change in last["changes"])
    assert run(where, "brief", "approve", str(last["number"]), "--who", "李四").exit_code == 0
    assert run(where, "brief", "issue", str(last["number"]), "--who", "李四", *at).exit_code == 0
    assert run(where, "brief", "verify", code).exit_code == Exit.FINDINGS, "corrected since"
    assert run(where, "audit", "verify").exit_code == 0
