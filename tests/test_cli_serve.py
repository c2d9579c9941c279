"""`serve` ends when it is told to and leaves nothing behind; a taken port is said before anything long begins."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from data.blank import write_blank_city

ROOT = Path(__file__).parents[1]
SERVE = [sys.executable, "cli.py", "serve"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty city."""
    directory = tmp_path_factory.mktemp("serve") / "city"
    write_blank_city(directory)
    return directory


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Return whether a new server could have the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def taken_port() -> Iterator[int]:
    """Yield a port that somebody else listens on."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def await_answer(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers by plain HTTP."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    pytest.fail(f"no answer on port {port} (exit {server.poll()})")


def open_page(port: int) -> socket.socket:
    """Open the connection that a page in a browser holds as long as it is shown."""
    page = socket.create_connection(("127.0.0.1", port), timeout=10)
    asked = (
        "GET /_stcore/stream HTTP/1.1",
        f"Host: localhost:{port}",
        f"Origin: http://localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        "\r\n",
    )
    page.sendall("\r\n".join(asked).encode())
    assert page.recv(200).startswith(b"HTTP/1.1 101")
    return page


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(city: Path, tmp_path: Path, told: signal.Signals) -> None:
    """SIGTERM from a service manager, SIGINT from Ctrl-C: the port is free again, nobody is left, the end is a good one."""
    port = free_port()
    command = [*SERVE, "--port", str(port), "--city", str(city), "--var", str(tmp_path)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        await_answer(port, server)
        page = open_page(port)
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        server.send_signal(told)
        code = server.wait(30)
        page.close()
        _, left = psutil.wait_procs(family, timeout=5)

        assert code == 0
        assert left == []
        assert is_free(port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def test_a_kill_leaves_nobody_behind(city: Path, tmp_path: Path) -> None:
    """Even where nothing can be cleaned up."""
    port = free_port()
    command = [*SERVE, "--port", str(port), "--city", str(city), "--var", str(tmp_path)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        await_answer(port, server)
        watch = psutil.Process(server.pid).children()
        server.kill()
        server.wait(30)
        _, left = psutil.wait_procs(watch, timeout=15)

        assert is_free(port)
        assert [len(watch), left] == [1, []]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def test_a_drop_that_comes_while_it_serves_is_taken_in(city: Path, tmp_path: Path) -> None:
    """Nobody has to run a refresh beside it: the server's watch sees the drop; with `--no-watch` there is none."""
    port = free_port()
    command = [*SERVE, "--port", str(port), "--city", str(city), "--var", str(tmp_path)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        await_answer(port, server)
        folder = tmp_path / "inbox" / "nobody"
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("a\n1\n", encoding="utf-8")
        until = time.monotonic() + 60
        while not (tmp_path / "snapshots" / "current.json").is_file() and time.monotonic() < until:
            time.sleep(0.2)

        assert (tmp_path / "archive" / "journal.jsonl").is_file()
        assert (tmp_path / "snapshots" / "current.json").is_file()
        assert list(folder.iterdir()) == []
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "端口 {port} 已被占用；请换一个，例如：make run PORT={other}"),
        ("en", "port {port} is in use; choose another one, for example: make run PORT={other}"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_taken_port_is_one_sentence(city: Path, tmp_path: Path, language: str, sentence: str, more: list[str]) -> None:
    """Exit 4, and what to do about it."""
    with taken_port() as port:
        command = [*SERVE, "--port", str(port), "--city", str(city), "--var", str(tmp_path), "--lang", language, *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert (4, "") == (done.returncode, done.stdout)
    assert done.stderr.splitlines() == [sentence.format(port=port, other=port + 1)]


def test_a_dry_run_serves_nothing(city: Path, tmp_path: Path) -> None:
    """It looks and ends; a city that is not there is told as well."""
    port = free_port()
    fine, nowhere = (
        subprocess.run(
            [*SERVE, "--dry-run", "--port", str(port), "--city", str(place), "--var", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        )
        for place in (city, tmp_path / "nowhere")
    )  # fmt: skip

    assert (0, "", "") == (fine.returncode, fine.stdout, fine.stderr)
    assert nowhere.returncode == 4
    assert is_free(port)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_run_tells_a_taken_port_before_the_refresh(city: Path, tmp_path: Path) -> None:
    """Nobody waits minutes for a refresh whose pages cannot be served."""
    inbox = tmp_path / "var" / "inbox" / "lamps"
    inbox.mkdir(parents=True)
    (inbox / "waiting.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with taken_port() as port:
        command = ["make", "run", f"PORT={port}", f"CITY_DIR={city}", f"CITY_VAR={tmp_path / 'var'}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode != 0
    assert f"端口 {port} 已被占用" in done.stderr
    assert "Error 4" in done.stderr
    assert [path.name for path in inbox.iterdir()] == ["waiting.csv"]
    assert not (tmp_path / "var" / "archive").exists()
