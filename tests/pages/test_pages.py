"""Each page as a reader meets it, over an invented snapshot, through the composition root."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.wording import Wording, refusal, told
from tests.pages.fake_snapshot import HOSTILE, WANTED, FakeSource

HOME = Path(__file__).resolve().parents[2]


def script(kind: str, home: str, var: str) -> None:
    """Run the product; executed by AppTest as a script of its own."""
    from pathlib import Path

    import app
    from data.settings import Settings
    from tests.pages.fake_snapshot import FakeSource

    app.run(Settings(Path(home), Path(var)), FakeSource(kind))


def visit(tmp_path: Path, page: str = "overview", kind: str = "full", **query: str) -> AppTest:
    """Open a page as a deep link would: by `to`, since AppTest cannot open an address."""
    st.cache_data.clear()
    st.cache_resource.clear()
    test = AppTest.from_function(script, args=(kind, str(HOME), str(tmp_path)), default_timeout=60)
    if page != "overview":
        test.query_params["to"] = page
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def text(test: AppTest) -> str:
    """Return all HTML that the page put out, without the style sheet."""
    return re.sub(r"<style>.*?</style>", "", "".join(block.proto.body for block in test.get("html")), flags=re.DOTALL)


class Outline(HTMLParser):
    """Gathers tags and the attributes that could run something."""

    def __init__(self, source: str) -> None:
        """Read the source."""
        super().__init__()
        self.tags: list[str] = []
        self.running: list[str] = []
        self.images: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append(tag)
        self.running += [name for name, _ in attrs if name.startswith("on")]
        self.images += [value or "" for name, value in attrs if name == "src"]


@pytest.mark.parametrize("page", ["overview", "sign", "feeds"])
@pytest.mark.parametrize("kind", ["full", "calm", "none", "bare", "hostile"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_has_a_face_for_every_snapshot(tmp_path: Path, page: str, kind: str, lang: str) -> None:
    """No page fails, none is empty, each carries title bar, marking and watermark."""
    test = visit(tmp_path, page, kind, lang=lang)
    shown = text(test)

    assert not test.exception
    assert "E-" not in re.sub(r"data:[^\"]*", "", shown)
    assert 'class="bar"' in shown
    assert 'class="wm"' in shown
    assert 'class="foot"' in shown


@pytest.mark.parametrize("page", ["overview", "sign", "feeds"])
def test_hostile_text_stays_text(tmp_path: Path, page: str) -> None:
    """Markup in file names and rows is shown as it is, and nothing of it runs."""
    outline = Outline(text(visit(tmp_path, page, "hostile")))

    assert "script" not in outline.tags
    assert outline.running == []
    assert all(image.startswith("data:image/svg+xml;base64,") for image in outline.images)
    if page == "feeds":
        assert HOSTILE[:9] not in text(visit(tmp_path, page, "hostile"))


@pytest.mark.parametrize(("lang", "others"), [("zh", "en"), ("en", "zh")])
def test_what_was_wanted_is_told_in_the_readers_language(tmp_path: Path, lang: str, others: str) -> None:
    """The feeds page says of every kind of fault and of a refused drop what should have stood there, in one language."""
    shown = text(visit(tmp_path, "feeds", lang=lang))
    here, elsewhere = Wording(lang), Wording(others)
    faults = [(told(phrase.kept, here), told(phrase.kept, elsewhere)) for phrase in WANTED.values()]

    assert [said for said, _ in faults if html.escape(here.say("feeds.wanted", wanted=said)) not in shown] == []
    assert [said for _, said in faults if elsewhere.say("feeds.wanted", wanted=said) in shown] == []
    assert refusal(here, "SCHEMA", here.say("wanted.phrase.no_header"), here.say("list.comma").join(("街道", "人次"))) in shown


def test_the_first_start_says_what_to_do(tmp_path: Path) -> None:
    """Before the first snapshot: where files go and which command makes the first snapshot; no level, no number."""
    shown = text(visit(tmp_path, kind="none"))

    assert f"{tmp_path}/inbox" in shown
    assert "cli.py refresh" in shown
    assert "lv-red" not in shown


def test_a_failure_is_one_sentence_with_an_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The reader sees an id and no trace; the log has the trace under the same id."""

    def fail(*_: object, **__: object) -> None:
        msg = "secret detail"
        raise RuntimeError(msg)

    monkeypatch.setattr(FakeSource, "latest_signs", fail)
    test = visit(tmp_path)
    shown = text(test)

    code = re.findall(r"E-\d{4}-[0-9a-f]{4}", shown)
    assert len(set(code)) == 1
    assert "secret detail" not in shown
    assert not test.exception
    assert code[0] in caplog.text


def test_the_gate_is_closed_to_other_hosts() -> None:
    """Without sign-in only the loopback address is served."""
    from pages.parts.gate import admit

    assert admit("http://localhost:8501/sign") is not None
    assert admit("http://127.0.0.1/") is not None
    assert admit("http://10.0.0.5:8501/") is None
    assert admit("http://citysigns.example/") is None
    assert admit("http://localhost:8501/sign", "localhost:8501") is not None
    assert admit("http://localhost:8501/sign", "[::1]:8501") is not None
    assert admit("http://localhost:8501/sign", "citysigns.example:8501") is None


def test_the_sign_page_follows_the_address(tmp_path: Path) -> None:
    """Indicator, entity and grain come from the address; the picked street is the one shown."""
    source = FakeSource()
    from data.settings import Settings

    settings = Settings(HOME, tmp_path)
    snapshot = source.open_snapshot(settings)
    wanted = source.indicators(settings, snapshot).iloc[-1]
    street = source.entities(settings, snapshot).query("entity_kind == @wanted.entity_kinds[1]").iloc[2]
    shown = text(visit(tmp_path, "sign", indicator=wanted["indicator"], entity=street["entity"], grain="week"))

    assert wanted["name_zh"] in shown
    assert street["name_zh"] in shown
    assert f"indicator={wanted['indicator']}" in shown or wanted["indicator"] in shown


def test_an_unknown_sign_is_said(tmp_path: Path) -> None:
    """What does not exist is named and replaced by the default."""
    assert "nothing_like_it" in text(visit(tmp_path, "sign", indicator="nothing_like_it"))


def test_a_late_sign_never_shows_an_old_value(tmp_path: Path) -> None:
    """A late sign has a dash, its own mark, and the feed that is missing."""
    source = FakeSource()
    from data.readings import EVERYTHING
    from data.settings import Settings
    from data.wording import Wording

    settings = Settings(HOME, tmp_path)
    frame = source.latest_signs(settings, source.open_snapshot(settings), EVERYTHING)
    late = frame[(frame["state"] == "late") & (frame["entity_kind"] == "district")]
    assert len(late)
    shown = text(visit(tmp_path, "sign", indicator=late.iloc[0]["indicator"]))

    assert '<div class="big quiet">—</div>' in shown
    assert Wording("zh").label("state", "late") in shown
