"""What charts promise, on small records."""

from __future__ import annotations

import base64
import re
import tomllib
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from charts.areabar import area_bar, bar_span
from charts.calendar_strip import DRAWN, strip
from charts.marks import STATES, mark_body, mark_of
from charts.markup import esc, image, svg
from charts.multiples import common_span, panel
from charts.palette import DARK, LEVELS, LIGHT, Palette
from charts.sparkline import runs, sparkline
from charts.tilemap import tilemap
from charts.trend import Line, Stop, nice_ticks, trend
from charts.zoom import zoom

HOME = Path(__file__).resolve().parents[2]
START = datetime(2016, 1, 1)


def luminance(colour: str) -> float:
    """Return relative luminance as in WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(colours: Palette) -> None:
    """Every text on its ground has a contrast of at least 4.5."""
    pairs = [
        (ink, ground)
        for ink in (colours.ink, colours.ink_2, colours.ink_3, colours.better, colours.worse)
        for ground in (colours.paper, colours.panel)
    ]
    pairs += [(colours.on(level), colours.fill(level)) for level in LEVELS] + [
        (colours.level_ink(level), colours.paper) for level in LEVELS
    ]

    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_theme_repeats_the_palette() -> None:
    """Streamlit's own widgets use the same colours."""
    theme = tomllib.loads((HOME / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        used = {value for key, value in theme[name].items() if str(value).startswith("#")}
        assert used <= {colours.paper, colours.panel, colours.ink, colours.accent, colours.rule}


def test_no_colour_is_named_elsewhere() -> None:
    """Only palette.py and config.toml name colours."""
    files = [
        *HOME.glob("charts/*.py"),
        *HOME.glob("pages/**/*.py"),
        *HOME.glob("pages/**/*.css"),
        *HOME.glob("pages/**/*.js"),
        *HOME.glob("briefing/*.py"),
        HOME / "app.py",
    ]
    named = [path.name for path in files if path.name != "palette.py" and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))]

    assert named == []


def test_each_mark_has_its_own_shape() -> None:
    """Without colour, no two marks look the same."""
    shapes = {mark: re.sub(r"#[0-9A-Fa-f]{6}", "", mark_body(mark, LIGHT)) for mark in (*LEVELS, *STATES)}

    assert len(set(shapes.values())) == len(shapes)
    assert all(ET.fromstring(svg(16, 16, body)) is not None for body in shapes.values())


def test_a_sign_without_level_shows_its_state() -> None:
    """A level wins; an unknown state is shown as not evaluated, never as normal."""
    assert mark_of("red", "ok") == "red"
    assert mark_of(None, "late") == "late"
    assert mark_of(None, "ok") == "not_evaluated"


def test_gaps_stay_gaps() -> None:
    """A missing value breaks the line."""
    assert [len(run) for run in runs([(0, 0), (1, 1), None, (3, 3)])] == [2, 1]
    assert sparkline([1, 2, None, 4, 5], LIGHT).count("<polyline") == 2


@pytest.mark.parametrize("values", [[], [None, None], [3.0], [2.0, 2.0]])
def test_a_sparkline_of_anything_is_a_picture(values: list[float | None]) -> None:
    """Nothing, one value and a flat line draw without failing."""
    assert ET.fromstring(sparkline(values, DARK)) is not None
    assert ET.fromstring(panel(values, common_span([values]), DARK, line=(1, "red"), ribbon=(0, 1))) is not None


def test_a_tile_escapes_what_it_shows() -> None:
    """Names are text."""
    tile = {"name": "<b>", "row": 0, "col": 0, "level": "red", "mark": "red", "word": "<i>", "note": "<u>", "value": "&", "target": 'a"b'}
    drawn = tilemap([tile], LIGHT)

    assert "<u>" not in drawn
    assert "&lt;u&gt;" in drawn
    assert 'a"b' not in drawn


def test_every_delivery_has_its_own_shape() -> None:
    """The states of a day can be told apart without colour."""
    shapes = {re.sub(r"#[0-9A-Fa-f]{6}", "", strip([state], LIGHT)) for state in DRAWN}

    assert len(shapes) == len(DRAWN)


def test_an_image_carries_its_words() -> None:
    """The alternative text is there and escaped; the document survives."""
    drawn = image(svg(1, 1, ""), '"<x>')

    assert esc('"<x>') in drawn
    assert base64.b64decode(re.findall(r"base64,([^\"]+)", drawn)[0]).startswith(b"<svg")


def points(values: list[float | None], state: str = "ok") -> list[dict[str, object]]:
    """Return records of a daily trend."""
    return [
        {"start": START + timedelta(days=place), "value": value, "text": str(value), "state": state, "level": "normal",
         "low": 1.0, "high": 3.0, "centre": None, "special": "", "tone": "",
                "before": None, "is_skipped": False, "name": f"d{place}", "hover": ""}
        for place, value in enumerate(values)
    ]  # fmt: skip


DATES = {"day": "%-m/%-d", "month": "%Y/%-m", "year": "%Y"}


def test_far_limits_are_named_not_drawn() -> None:
    """A limit far outside the values would flatten them; it is returned to be said in words."""
    lines = [Line(3.5, "blue", "near"), Line(80, "red", "far")]
    drawn, outside = trend(points([1, 2, 3]), lines, LIGHT, axis="x")
    figure, also = zoom(points([1, 2, 3]), lines, LIGHT, axis="x", dates=DATES)

    assert [line.label for line in outside] == [line.label for line in also] == ["far"]
    assert "near</span>" in drawn
    assert "far" not in drawn
    assert [note.text for note in figure.layout.annotations] == ["near", "x"]


def curves(drawn: str) -> list[str]:
    """Return the lines of a trend, each as its points."""
    documents = [base64.b64decode(code).decode() for code in re.findall(r'class="curve"[^>]*base64,([^"]+)', drawn)]
    return re.findall(r'<polyline points="([^"]+)"', "".join(documents))


def test_a_small_sample_has_its_mark_and_is_unjoined() -> None:
    """Small samples carry the mark of their state and no line runs through them."""
    rows = [*points([1, 2]), *points([3], "small_sample")]
    drawn, _ = trend(rows, [], LIGHT, axis="x")
    figure, _ = zoom(rows, [], LIGHT, axis="x", dates=DATES)

    assert drawn.count('class="pt"') == 3
    assert drawn.count(image(svg(14, 14, mark_body("small_sample", LIGHT, 14)), "")[:-1]) == 1
    assert [len(curve.split()) for curve in curves(drawn)] == [2]
    assert any(trace.marker.symbol == "circle-open-dot" for trace in figure.data)
    line = next(trace for trace in figure.data if trace.mode == "lines" and trace.fill is None)
    assert list(line.y)[-1] is None


def test_a_gap_breaks_the_line_of_a_trend() -> None:
    """A missing value is not bridged; its place still says what it is."""
    drawn, _ = trend(points([1, 2, None, 4, 5, 6]), [], LIGHT, axis="x")

    assert [len(curve.split()) for curve in curves(drawn)] == [2, 3]
    assert drawn.count('class="hit"') == 6
    assert drawn.count('class="pt"') == 5


def test_where_data_stop_is_drawn() -> None:
    """The plum line says since when nothing came, and no old value stands at the end."""
    stop = Stop(START + timedelta(days=1), "stopped")
    drawn, _ = trend(points([1, 2, None]), [], LIGHT, axis="x", stop=stop)
    figure, _ = zoom(points([1, 2, None]), [], LIGHT, axis="x", dates=DATES, stop=stop)

    assert '<span class="stop" style="left:50.00%"><b>stopped</b></span>' in drawn
    assert 'class="now"' not in drawn
    assert any(note.text == "stopped" for note in figure.layout.annotations)


def test_dates_are_written_by_us() -> None:
    """No tick is left to Plotly's English: at every zoom its format is ours; the trend uses the names of the periods."""
    drawn, _ = trend(points([1.0] * 20), [], LIGHT, axis="x")
    figure, _ = zoom(points([1.0] * 20), [], LIGHT, axis="x", dates=DATES)

    named = re.findall(r'class="note x[^>]*>(\w+)<', drawn)
    assert named[0] == "d19"
    assert set(named) <= {f"d{place}" for place in range(20)}
    stops = figure.layout.xaxis.tickformatstops
    assert [stop.value for stop in stops] == list(DATES.values())
    assert stops[0].dtickrange[0] is None
    assert stops[-1].dtickrange[1] is None


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 46), (81.9, 100.2), (0.001, 0.0042), (-3, 3), (5, 120_000), (99.99, 100)])
def test_ticks_are_round_and_few(low: float, high: float) -> None:
    """Three to eight ticks, inside the range, and each is written exactly."""
    ticks, digits = nice_ticks(low, high)

    assert 3 <= len(ticks) <= 8
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    assert all(abs(round(tick, digits) - tick) < 1e-9 * max(1, abs(tick)) for tick in ticks)


@pytest.mark.parametrize("values", [[3.0], [None, 3.0, None], [2.0, 2.0], [0.0, 0.0]])
def test_a_trend_of_little_is_still_a_trend(values: list[float | None]) -> None:
    """One value and a flat line draw without failing."""
    assert 'class="plot"' in trend(points(values), [Line(2.5, "red", "r")], DARK, axis="x", ceiling=100)[0]


def test_bars_begin_at_zero_on_one_axis_and_keep_the_limits_near_them() -> None:
    """A value below zero runs to the left; a limit far beyond every bar does not squeeze them."""
    assert bar_span([10.0, 20.0], [22.0, 80.0]) == pytest.approx((0, 22 * 1.04))
    assert bar_span([-5.0, 10.0])[0] == pytest.approx(-5 * 1.04)
    assert bar_span([]) == (0.0, 1.0)

    span = (-10.0, 30.0)
    bars = [re.findall(r'<rect x="([\d.]+)" y="7" width="([\d.]+)"', area_bar(value, span, [(20, "blue")], LIGHT, width=200))[0]
            for value in (20.0, -10.0)]  # fmt: skip
    assert bars == [("50.0", "100.0"), ("0.0", "50.0")]
    assert LIGHT.blue_ink in area_bar(1.0, span, [(20, "blue"), (90, "red")], LIGHT)
    assert LIGHT.red_ink not in area_bar(1.0, span, [(20, "blue"), (90, "red")], LIGHT)
