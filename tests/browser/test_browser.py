"""The product as a reader meets it: served by `cli.py serve`, seen in Chromium, over a small demonstration city."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from benchmarks.chromium import ELSEWHERE
from data import snapshots
from data.reasons import RowReason
from data.settings import Settings
from data.yamlfile import read_yaml
from tests.browser.conftest import FIRST, HOME, PAGES, Server, Visit, serving, start

pytestmark = pytest.mark.browser

NAMES = [
    one["name"]["zh"]
    for path in sorted((HOME / "indicators/catalogue").glob("*.yaml"))
    for one in read_yaml(path, HOME).content["indicators"]
]
MONTHS = re.compile(
    r"\b(Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|May|June?|July?|Aug(ust)?|Sept?(ember)?|Oct(ober)?|Nov(ember)?|Dec(ember)?)\b"
)
ENTRIES = ["总览", "体征", "街道", "热线与城管", "经济产业", "预警", "值班", "部门", "评估", "项目", "简报", "数据", "目录"]
CLOSED = "登录尚未启用"
MISSING = "Page not found"  # Streamlit's own box, in English


def is_framed(visit: Visit) -> bool:
    """Whether the title bar stands in sight, with the marking, the groups of the navigation, and in them every entry."""
    bar = visit.page.locator("header.bar")
    nav = bar.locator("nav")
    groups = nav.locator(":scope > a, button")
    return (
        bar.is_visible()
        and "演示数据" in bar.inner_text()
        and groups.all_inner_texts() == ["总览", "体征", "预警", "评估", "简报", "数据"]
        and all(group.is_visible() for group in groups.all())
        and nav.locator("a").all_text_contents() == ENTRIES
    )


def assert_no_trace(text: str) -> None:
    """No stack trace, no error face, no box of Streamlit's."""
    for sign in ("Traceback", "Error:", 'File "', "已记录编号", MISSING):
        assert sign not in text


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_right_after_a_start_ends_in_the_frame(fresh: dict[str, Server], visit: Visit, name: str) -> None:
    """The first request of a server is `/page?…`: nothing is shown at any moment without the title bar, and what was asked for is."""
    asked, said, shown = {
        "overview": ("", "总览", "今日要情"), "sign": ("?indicator=hotline_connect", "体征", "热线接通率"),
        "catalogue": ("?indicator=hotline_connect", "目录", "来龙去脉"), "feeds": ("?feed=hotline", "数据", "只看 F02"),
        "evaluation": ("?scheme=city_day", "评估", "各部分得分"), "alerts": ("?view=all", "预警", "处置队列"),
        "briefs": ("?view=weekly", "简报", "登记"), "duty": ("", "值班", "班志"), "works": ("", "项目", "按建设运营模式"),
        "area": ("", "街道", "得分与位次"), "hotline": ("", "热线与城管", "高频诉求"), "economy": ("", "经济产业", "四条慢线"),
        "units": ("", "部门", "在办预警"),
    }[name]  # fmt: skip
    text = visit.open(f"http://localhost:{fresh[name].port}/{name}{asked}")

    assert is_framed(visit)
    assert visit.page.locator("header.bar nav a.here").text_content() == said
    assert visit.page.evaluate("window.bare") == []
    assert visit.page.locator('[data-testid="stSidebarNav"]').count() == 0
    assert shown in text
    assert_no_trace(text)


@pytest.mark.parametrize("name", sorted(PAGES, key=lambda name: name not in FIRST))
def test_a_deep_link_stops_at_a_closed_gate(fresh: dict[str, Server], visit: Visit, name: str) -> None:
    """Asked for by a name that is not the loopback's, a page says so and shows no figure; the origin itself is let through.

    The gate stands before every page alike: some are the first thing that a server is asked for.
    """
    server = fresh[f"closed {name if name in FIRST else FIRST[0]}"]
    text = visit.open(f"http://{ELSEWHERE}:{server.port}/{name}")

    assert CLOSED in text
    assert visit.page.evaluate("window.bare") == []
    assert visit.page.locator("header.bar, table, .face, .trend, .js-plotly-plot, [data-testid='stSidebarNav']").count() == 0
    assert [word for word in (*NAMES, "演示数据", "数据截至", "快照") if word in text] == []
    assert re.search(r"\d", text.replace(CLOSED, "")) is None
    assert_no_trace(text)


def test_a_stranger_origin_gets_no_session(site: str, visit: Visit) -> None:
    """Without the setting, a page of another name cannot even open a session: nothing of ours is drawn."""
    visit.page.goto(f"http://{ELSEWHERE}:{urlsplit(site).port}/")
    visit.page.wait_for_timeout(1500)

    text = visit.page.inner_text("body")
    assert [word for word in (*NAMES, "演示数据", "数据截至") if word in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_later_on_opens_its_page(site: str, visit: Visit, name: str) -> None:
    """A bookmark works on a server that has had visits, too, and nothing English comes up."""
    text = visit.open(f"{site}/{name}")

    assert is_framed(visit)
    assert_no_trace(text)


def test_the_overview_says_what_when_and_from_what(city: Settings, site: str, visit: Visit) -> None:
    """Every domain by its Chinese name, the mark, the clock and the snapshot; no English month."""
    text = visit.open(site)
    rows = visit.page.locator("table.signs td.name.b").all_inner_texts()

    assert len(rows) == 10
    assert [domain["name"]["zh"] for domain in read_yaml(HOME / "data/city.yaml", HOME).content["domains"]] == rows
    assert "演示数据" in text
    assert "数据截至" in text
    assert "2016年3月7日 08:00" in text
    assert snapshots.open_snapshot(city).id in text
    assert MONTHS.findall(text) == []
    assert_no_trace(text)


def test_a_chart_is_drawn_here_and_in_chinese(site: str, visit: Visit) -> None:
    """On a sign that has a past the axis names no English month, and nothing is fetched from elsewhere (every visit checks that)."""
    text = visit.open(f"{site}/sign?indicator=hotline_volume&grain=month")
    axis = " ".join(visit.page.locator(".trend .x").all_text_contents())
    assert visit.page.locator(".trend .hit .pt").count() > 0
    assert visit.page.locator(".js-plotly-plot").count() == 0

    visit.page.locator(".seg a", has_text="细看").click()
    visit.settled(".js-plotly-plot .xtick text")
    zoomed = " ".join(visit.page.locator(".js-plotly-plot .xtick text").all_text_contents())

    assert is_framed(visit)
    assert "view=zoom" in visit.page.url
    assert "月" in axis
    assert "月" in zoomed
    assert MONTHS.findall(zoomed) == []
    assert MONTHS.findall(f"{text} {axis}") == []
    assert any(address.startswith("ws:") for address in visit.asked)
    assert visit.hosts() <= {"localhost", "127.0.0.1"}
    assert_no_trace(text)


def test_from_the_overview_to_a_sign_and_back(site: str, visit: Visit) -> None:
    """A click on a name opens its sign in the same session; the bar's link and the browser's button lead back."""
    visit.open(site)
    wires = sum(address.startswith("ws:") for address in visit.asked)
    for back in ("bar", "button"):
        row = visit.page.locator("table.signs td.name:not(.b) a").first
        name = row.inner_text()
        row.click()
        text = visit.settled(".face")
        assert visit.page.locator(".face .title").inner_text() == name
        assert urlsplit(visit.page.url).path == "/sign"
        assert_no_trace(text)

        if back == "bar":
            visit.page.locator("header.bar nav a", has_text="总览").click()
        else:
            visit.page.go_back()
        text = visit.settled("table.signs")
        assert visit.page.locator(".face").count() == 0
        assert is_framed(visit)
        assert_no_trace(text)
    assert sum(address.startswith("ws:") for address in visit.asked) == wires


def test_a_receipt_shows_quarantined_rows_with_their_reasons(site: str, visit: Visit) -> None:
    """From the quarantine to a drop: each row shown has a reason code of the closed list, its line and its own text."""
    visit.open(f"{site}/feeds")
    visit.page.locator("table.held tr[data-go]", has_text="待更正").first.click()
    text = visit.settled(".slip")
    rows = visit.page.locator("table.faults tr.l").all_inner_texts()

    assert rows
    codes = [re.findall(r"（([A-Z_]+)）", row) for row in rows]
    assert all(found and set(found) <= set(RowReason) for found in codes)
    assert all("应为" in row and "第" in row for row in rows)
    assert "SHA-256" in text
    assert "下载退回表" in text
    assert_no_trace(text)


def test_a_file_and_a_zero_report_go_into_the_inbox(city: Settings, browser: Browser, tmp_path: Path) -> None:
    """A clerk uploads a file twice and reports zero: three drops lie in the inbox as they were given, and the page says they wait.

    A name with a path in it is never one: the browser and the server keep its last part.
    """
    var = tmp_path / "var"
    shutil.copytree(city.var_dir, var)
    rows = tmp_path / "城管案件_20160112.csv"
    rows.write_bytes("任务号\n".encode("gb18030"))
    with serving(start(var)) as (server,):
        page = browser.new_context(locale="zh-CN").new_page()
        visit = Visit(page)
        visit.open(f"http://localhost:{server.port}/feeds?part=send&feed=urban_cases")
        for given in range(1, 3):
            with page.expect_file_chooser() as chooser:
                page.locator(".stFileUploader section button").first.click()
            chooser.value.set_files(rows)
            page.locator(".stFileChip").first.wait_for()
            page.get_by_role("button", name="送入收件箱").click()
            page.locator("table.ledger td", has_text="等待").nth(given - 1).wait_for()
            page.locator(".stFileChip").first.wait_for(state="detached")
            visit.settled("header.bar")
        page.get_by_role("button", name="报零报告").click()
        page.get_by_text("零报告_cases").first.wait_for()
        text = visit.settled("header.bar")
        page.context.close()
    folder = var / "inbox" / "urban_cases"
    laid = sorted(path.name.partition("-")[2] for path in folder.iterdir() if path.name != "manifest.jsonl")

    assert ["城管案件_20160112.csv", "城管案件_20160112.csv", "零报告_cases_2016-03-06.txt"] == laid
    assert {"任务号\n".encode("gb18030")} == {path.read_bytes() for path in folder.glob("*城管案件*")}
    assert text.count("等待") >= 3
    assert_no_trace(text)


def test_the_overview_fits_the_screen_of_the_duty_room(site: str, visit: Visit) -> None:
    """At 1920x1080 nothing scrolls."""
    visit.open(site)

    high, seen = visit.page.evaluate("(() => {const m = document.querySelector('[data-testid=\"stMain\"]'); "
                                     "return [m.scrollHeight, m.clientHeight]})()")  # fmt: skip
    assert high <= seen + 2
    assert seen >= 1000


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_screen(site: str, visit: Visit, name: str) -> None:
    """In both languages and at both sizes nothing lies beyond the right edge, and no other machine is asked."""
    for lang in ("zh", "en"):
        visit.open(f"{site}/{'' if name == 'overview' else name}?lang={lang}")
        for width, height in ((1920, 1080), (1366, 768)):
            visit.page.set_viewport_size({"width": width, "height": height})
            visit.page.wait_for_timeout(300)
            wide, seen = visit.page.evaluate("(() => {const m = document.querySelector('[data-testid=\"stMain\"]'); "
                                             "return [m.scrollWidth, m.clientWidth]})()")  # fmt: skip
            assert wide <= seen, (lang, width)
    assert visit.hosts() <= {"localhost", "127.0.0.1"}


def test_before_the_first_data_it_says_what_to_do(fresh: dict[str, Server], visit: Visit) -> None:
    """An empty run-time directory: the steps, the feeds that wait, and no figure."""
    text = visit.open(f"http://localhost:{fresh['empty'].port}/")

    assert is_framed(visit)
    assert "系统已装好，还没有数据" in text
    assert "尚无数据" in text
    assert "快照 无" in text
    assert "12345 工单" in text
    assert visit.page.locator("table.signs, .face").count() == 0
    assert_no_trace(text)


def test_an_occupied_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Exit 4, one line that names the port and what to do, no trace."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "cli.py", "serve", "--port", str(port), "--var", str(tmp_path)],
            cwd=HOME,
            check=False,
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert done.returncode == 4
    assert done.stderr.splitlines() == [f"端口 {port} 已被占用；请换一个，例如：make run PORT={port + 1}"]
    assert "Traceback" not in done.stdout + done.stderr
