"""People are told by mail and by webhook what happened to alerts, through servers of our own; by whom the rota says is on duty."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from commands.terminal import Exit
from data.desk.duty import gaps, load_rota, on_duty
from data.problems import DefinitionError
from data.settings import Settings
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import NOW, tried
from tests.alerts.test_rules import city
from tests.golden.small_city import copied
from tests.test_cli import run

TELLING = """\
address: http://10.0.0.1:8501
rota: reference/duty.csv
channels:
  - {channel: room, name: {zh: 值班群}, url: TEST_ROOM}
  - {channel: mail, name: {zh: 邮件}, url: TEST_MAIL, personal: true}
tell:
  - {occasions: [fired], channels: [room]}
  - {occasions: [fired], channels: [mail], roles: [officer]}
  - {occasions: [dispatch], channels: [mail], unit: true}
contacts: {works: works@example.invalid}
limits: {within_hours: 2000}
"""
ROTA = """\
from,to,role,person,name,contact
2024-05-01T08:00,2024-05-20T08:00,officer,wang,王值班,wang@example.invalid
2024-05-01T08:00,2024-05-02T08:00,chief,li,李班长,li@example.invalid
"""


class Letters:
    """A mail server of our own: keeps who was written to, and title and text."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.got: list[tuple[str, str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the name that aiosmtpd calls
        """Take a letter."""
        letter = message_from_bytes(envelope.content)
        part = next(one for one in letter.walk() if one.get_content_type() == "text/plain")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        self.got.append((envelope.rcpt_tos[0], str(make_header(decode_header(letter["Subject"]))), payload.decode()))
        return "250 OK"


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the address of a server that takes JSON, and what it took."""
    got: list[dict[str, Any]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/", got
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A city whose rules speak, that tells people."""
    where = city(tmp_path_factory.mktemp("spoken"))
    (where.city_dir / "data/telling.yaml").write_text(TELLING, encoding="utf-8")
    (where.city_dir / "data/reference/duty.csv").write_text(ROTA, encoding="utf-8")
    tried(where, refresh(where, NOW).snapshot)
    refresh(where, NOW)
    return where


@pytest.fixture
def place(spoken: Settings, tmp_path: Path) -> Settings:
    """A copy of it, in which a test may act."""
    return copied(spoken, tmp_path)


def test_an_alert_reaches_the_room_and_whoever_is_on_duty_once(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign, place, figure, owner, due time and address are in it; a second run tells nobody anything."""
    letters = Letters()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    post = Controller(letters, hostname="127.0.0.1", port=port, decode_data=False)
    post.start()
    try:
        with webhook() as (room, got):
            monkeypatch.setenv("TEST_ROOM", room)
            monkeypatch.setenv("TEST_MAIL", f"mailto://127.0.0.1:{port}?from=citysigns@example.invalid&to={{contact}}")
            first = run(place, "notify", "--json")
            assert first.exit_code == 0, first.output
            said = json.loads(first.output)
            assert said["written"] == said["sent"] > 0
            again = json.loads(run(place, "notify", "--json").output)
            assert (again["written"], again["sent"]) == (0, 0)
    finally:
        post.stop()
    alerts = [json.loads(line) for line in run(place, "show", "alerts", "--json").output.splitlines()]
    fired = {one["alert"] for one in alerts if one["fired_at"]}
    messages = [json.loads(line) for line in run(place, "show", "messages", "--json").output.splitlines()]
    assert {one["alert"] for one in messages if one["channel"] == "room"} == fired
    assert {to for to, _, _ in letters.got} == {"wang@example.invalid"}, "the chief is off duty"
    text = "\n".join(one["title"] + one["message"] for one in got)
    for one in alerts:
        assert one["alert"] not in fired or (one["entity_name"] in text and (one["text"] or "") in text)
    assert "http://10.0.0.1:8501/alerts?alert=" in text or "条预警消息" in text
    assert any("预警" in title for _, title, _ in letters.got)


def test_the_unit_that_gets_an_alert_is_told(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispatch is a letter to the unit, with the reason."""
    monkeypatch.setenv("TEST_ROOM", "")
    alert = json.loads(run(place, "show", "alerts", "--json").output.splitlines()[0])["alert"]
    for words in (("confirm",), ("dispatch", "--set", "unit=works", "--reason", "请今日处置")):
        done = run(place, "act", alert, *words, "--who", "甲", "--role", "chief")
        assert done.exit_code == 0, done.output
    told = run(place, "notify", "--dry-run", "--json")
    (letter,) = [one for one in map(json.loads, told.output.splitlines()) if one["occasion"] == "dispatch"]
    assert (letter["contact"], letter["recipient"]) == ("works@example.invalid", "市政处")
    assert "请今日处置" in letter["body"]
    assert run(place, "show", "messages", "--json").output.strip() == "", "a dry run writes nothing"


def test_a_server_that_refuses_is_tried_again(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said stands beside the message."""
    monkeypatch.delenv("TEST_MAIL", raising=False)
    with webhook(500) as (room, _):
        monkeypatch.setenv("TEST_ROOM", room)
        done = run(place, "notify", "--json")
    assert done.exit_code == Exit.FINDINGS
    said = json.loads(done.stdout)
    assert said["sent"] == 0
    assert said["again"] > 0
    assert said["without"] == ["mail"]
    faults = [json.loads(line)["fault"] for line in run(place, "show", "messages", "--json").output.splitlines()]
    assert any("500" in fault for fault in faults)


def test_a_silenced_alert_tells_nobody(place: Settings) -> None:
    """Nor does one that is folded into the alert of its feed."""
    before = run(place, "notify", "--dry-run", "--json").output.splitlines()
    for alert in {json.loads(line)["alert"] for line in before}:
        assert (
            run(
                place, "act", alert, "silence", "--who", "甲", "--role", "chief", "--reason", "检修", "--set", "until=2024-06-01T00:00"
            ).exit_code
            == 0
        )
    assert before
    assert run(place, "notify", "--dry-run", "--json").output.strip() == ""


def test_a_city_without_the_file_tells_nobody(place: Settings) -> None:
    """And says so."""
    (place.city_dir / "data/telling.yaml").unlink()
    assert run(place, "notify").exit_code == Exit.NOTHING_DONE


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("roles: [officer]", "roles: [cook]", "cook"),
        ("channels: [room]", "channels: [roof]", "roof"),
        ("occasions: [dispatch]", "occasions: [sneeze]", "occasions"),
        ("url: TEST_ROOM", "url: https://secret", "url"),
    ],
)
def test_what_is_wrong_with_it_has_its_line(place: Settings, old: str, new: str, says: str) -> None:
    """The file is checked as all definitions are."""
    path = place.city_dir / "data/telling.yaml"
    path.write_text(TELLING.replace(old, new), encoding="utf-8")
    for verb in (("notify",), ("check",)):
        done = run(place, *verb)
        assert done.exit_code == Exit.DEFINITIONS_WRONG, done.output
        assert "telling.yaml" in done.output
        assert says in done.output


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("2024-05-02T08:00,2024-05-01T08:00,officer,a,甲,", "to"),
        ("soon,2024-05-01T08:00,officer,a,甲,", "from"),
        ("2024-05-01T08:00,2024-05-02T08:00,cook,a,甲,", "role"),
        ("2024-05-01T08:00,2024-05-02T08:00,officer,,甲,", "person"),
        ("2024-05-01T08:00,2024-05-02T08:00,officer", "columns"),
    ],
)
def test_a_line_of_the_rota_that_cannot_be_is_named(tmp_path: Path, line: str, where: str) -> None:
    """With file, line, what was found and what was wanted."""
    path = tmp_path / "duty.csv"
    path.write_text(ROTA + line + "\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_rota(path, tmp_path, {"officer", "chief"})
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.where) == ("duty.csv", 4, where)


def test_the_rota_says_who_is_on_duty_and_when_nobody_is(tmp_path: Path) -> None:
    """The end of a shift is no part of it."""
    path = tmp_path / "duty.csv"
    path.write_text(ROTA, encoding="utf-8")
    rota = load_rota(path, tmp_path, {"officer", "chief"})
    assert [one.person for one in on_duty(rota, datetime(2024, 5, 2, 7, 59))] == ["li", "wang"]
    assert [one.person for one in on_duty(rota, datetime(2024, 5, 2, 8, 0))] == ["wang"]
    start, end = datetime(2024, 5, 1), datetime(2024, 5, 3)
    assert gaps(rota, "chief", start, end) == [(start, datetime(2024, 5, 1, 8)), (datetime(2024, 5, 2, 8), end)]
    assert gaps(rota, "officer", datetime(2024, 5, 2), end) == []
