"""Each page as a reader meets it, over an invented snapshot, through the composition root."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from charts.marks import mark_image
from charts.palette import palette
from data.periods import floor, step
from data.readings import EVERYTHING
from data.settings import Settings
from data.wording import Wording, refusal, told
from pages.parts.export import csv_bytes, sign_rows
from pages.parts.reading import Reading
from pages.parts.records import Records, plain
from tests.pages.fake_feeds import HOSTILE, WANTED
from tests.pages.fake_snapshot import FakeSource

HOME = Path(__file__).resolve().parents[2]
# Each AppTest looks through all that is installed for components; meanwhile nothing is installed.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


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
    test = AppTest.from_function(script, args=(kind, str(HOME), str(tmp_path)), default_timeout=300)
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


@pytest.mark.parametrize("page", ["overview", "sign", "hotline", "economy", "evaluation", "catalogue", "feeds"])
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


@pytest.mark.parametrize("page", ["overview", "sign", "hotline", "economy", "evaluation", "catalogue", "feeds"])
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
    """A receipt says of every kind of fault, and of a refused drop, what should have stood there, in one language."""
    here, elsewhere = Wording(lang), Wording(others)
    slip, shown = text(visit(tmp_path, "feeds", lang=lang, drop="D0000")), text(visit(tmp_path, "feeds", lang=lang, drop="D0003"))
    faults = [(told(phrase.kept, here), told(phrase.kept, elsewhere)) for phrase in WANTED.values()]

    assert [said for said, _ in faults if html.escape(here.say("feeds.wanted", wanted=said)) not in slip] == []
    assert [said for _, said in faults if elsewhere.say("feeds.wanted", wanted=said) in slip] == []
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
    catalogue, register = source.indicators(settings, snapshot), source.entities(settings, snapshot)
    wanted = catalogue[["street" in kinds for kinds in catalogue["entity_kinds"]]].iloc[-1]
    street = register[register["entity_kind"] == "street"].iloc[2]
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
    from data.settings import Settings
    from data.wording import Wording

    settings = Settings(HOME, tmp_path)
    frame = source.latest_signs(settings, source.open_snapshot(settings), EVERYTHING)
    late = frame[(frame["state"] == "late") & (frame["entity_kind"] == "district")]
    assert len(late)
    shown = text(visit(tmp_path, "sign", indicator=late.iloc[0]["indicator"]))

    assert '<div class="big quiet">—</div>' in shown
    assert Wording("zh").label("state", "late") in shown


@pytest.mark.parametrize("kind", ["full", "calm", "bare", "hostile"])
@pytest.mark.parametrize("query", [{"drop": "D0000"}, {"drop": "D0003"}, {"part": "departments"}, {"part": "send"}, {"feed": "hotline"}])
def test_every_part_of_the_feeds_page_has_a_face(tmp_path: Path, kind: str, query: dict[str, str]) -> None:
    """A receipt, a refused drop, departments, the forms and one feed, in every snapshot, without a failure and without markup."""
    test = visit(tmp_path, "feeds", kind, **query)
    shown = text(test)

    assert not test.exception
    assert "oops" not in shown
    assert 'class="foot"' in shown
    assert "<script" not in shown
    assert not (tmp_path / "inbox").exists()


def test_a_receipt_adds_up_and_hands_out_its_workbook(tmp_path: Path) -> None:
    """Rows = accepted + quarantined + skipped, what is still open, the covered days, and the workbook where there is one."""
    test = visit(tmp_path, "feeds", drop="D0000")
    shown = text(test)

    assert "310行 = 接收300 + 隔离8 + 跳过2" in shown
    assert "5行，已更正3行" in shown
    assert "2016年3月6日至2016年3月7日" in shown
    assert 1 == len(test.get("download_button"))
    assert 0 == len(visit(tmp_path, "feeds", drop="D0003").get("download_button"))


def test_what_is_withheld_has_its_own_word_and_mark(tmp_path: Path) -> None:
    """A figure of few persons is 已隐去 with a lock on its own page and in what is exported; no number of it stands anywhere."""
    place, source, words = Settings(HOME, tmp_path), FakeSource(), Wording("zh")
    reading = Reading(place, source, source.open_snapshot(place), EVERYTHING)
    records = Records(reading, words)
    signs = reading.frame("latest_signs")
    hidden = signs[(signs["state"] == "suppressed") & (signs["indicator"] == "relief_ontime")].head(1)
    shown = text(visit(tmp_path, "sign", indicator="relief_ontime", entity=str(hidden["entity"].iloc[0])))
    exported = csv_bytes(sign_rows(words, records, plain(hidden), records.catalogue["relief_ontime"])).decode("utf-8-sig")

    assert hidden[["value", "text", "numerator", "denominator", "n"]].isna().all(axis=None)
    assert words.label("state_note", "suppressed") in html.unescape(shown)
    assert mark_image("suppressed", palette("light"), words.label("state", "suppressed"), 15) in shown
    assert words.label("state", "suppressed") in exported
    assert words.label("reason", "few_persons") in exported


def test_an_unknown_drop_is_said(tmp_path: Path) -> None:
    """A kept address of a drop that this snapshot does not have leads to the calendar, and says so."""
    shown = text(visit(tmp_path, "feeds", drop="hotline-999999"))

    assert "没有批次“hotline-999999”" in shown
    assert 'class="calendar"' in shown


def test_a_feed_names_its_signs_and_a_sign_its_feed(tmp_path: Path) -> None:
    """Lineage both ways: from the feed to the pages of its signs, and back."""
    feed = text(visit(tmp_path, "feeds", feed="hotline"))
    sign = text(visit(tmp_path, "sign", indicator="hotline_connect"))

    assert "sign?indicator=hotline_connect" in feed
    assert "feeds?feed=hotline" in sign


def test_a_zero_report_is_handed_in_from_the_page(tmp_path: Path) -> None:
    """The form lays a drop into the inbox with the clock of the city; nothing else is written; the page says what happens next."""
    test = visit(tmp_path, "feeds", part="send", feed="safety")
    table = next(box for box in test.selectbox if box.label == "表")
    table.select("accidents").run()
    next(button for button in test.button if button.label == "报零报告").click().run()
    folder = tmp_path / "inbox" / "safety"
    line = json.loads((folder / "manifest.jsonl").read_text(encoding="utf-8"))

    came_in = floor(datetime.fromisoformat(line["arrived_at"]), "month")
    assert f"零报告_accidents_{step(came_in, 'month', -1):%Y-%m}.txt" == line["name"]
    assert ["inbox"] == [path.name for path in tmp_path.iterdir()]
    assert line["name"] in test.success[0].value
    assert "等待" in text(test)


def test_a_clerk_sends_only_what_is_of_the_own_department(tmp_path: Path) -> None:
    """A reader who stands for one department is offered its feeds, and no others."""
    from pages.parts.identity import Person

    clerk = Person("local", EVERYTHING, is_signed_in=True, departments=frozenset({"petitions"}))

    assert clerk.may_send("petitions")
    assert not clerk.may_send("safety")
    assert Person("local", EVERYTHING, is_signed_in=False).may_send("safety")
