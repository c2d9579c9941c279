"""What may lie in the inbox beside plain files: names in other encodings, links, pipes, folders; none of it stops a claim."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data import journal, warehouse
from data.contracts import load_contracts
from data.dropname import MANIFEST
from data.ingest import Ingest
from data.register import load_reference
from data.settings import Settings
from data.taken import Taken
from tests.corpus.city import write_city

ZONE = ZoneInfo("Asia/Shanghai")
GOOD = "时间,街道,表号,金额,说明\n2016-01-01 01:00,南湖街道,good,1,好\n".encode()
# Names as a file server leaves them: bytes.
REFUSED = (b"a;b.csv", b"<script>.csv", b"a\nb.csv", b"$(reboot).csv", "报表<1>.csv".encode("gbk"))
TAKEN = (b"=cmd.csv", b"-rf.csv", "日报 (2).csv".encode(), b"x" * 251 + b".csv", b"a.CSV")
# No UTF-8, but a plain name to the department that sent it: read as GBK or sent back, as long as nothing else is harmed.
EITHER = ("日报.csv".encode("gbk"), b"\xff\xff.csv")


def taken(settings: Settings) -> dict[str, str]:
    """Claim and take what waits; return the state of each drop by its name."""
    reference = load_reference(settings)
    contracts = load_contracts(settings, reference)
    claimed = journal.claim(settings, ZONE)
    found: dict[str, str] = {}

    def progress(drop: Taken) -> None:
        found[drop.arrival.file] = drop.state.value

    with warehouse.open_warehouse(settings, reference, contracts) as con:
        Ingest(con, settings, reference, contracts).take_all(claimed, datetime(2020, 1, 1), progress)
    assert len(journal.arrivals(settings)) == len(claimed)
    return found


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city with an inbox for the feed of texts, and one plain file in it."""
    write_city(tmp_path)
    settings = Settings(tmp_path, tmp_path / "var")
    (settings.inbox / "texts").mkdir(parents=True)
    put(settings, b"plain.csv", GOOD)
    return settings


def put(settings: Settings, name: bytes, content: bytes) -> Path:
    """Put a file into the inbox under a name given in bytes."""
    path = settings.inbox / "texts" / os.fsdecode(name)
    path.write_bytes(content)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    return path


@pytest.mark.parametrize("name", [*REFUSED, *TAKEN, *EITHER], ids=ascii)
def test_a_name_never_stops_a_claim(city: Settings, name: bytes) -> None:
    """A name that cannot be written down, or must not be, is sent back; the file beside it is taken."""
    put(city, name, GOOD.replace(b",1,", b",2,"))

    found = taken(city)

    assert found.pop("plain.csv") == "taken"
    assert len(found) == 1
    assert name in EITHER or list(found.values()) == ["refused" if name in REFUSED else "taken"]
    assert list((city.inbox / "texts").iterdir()) == []


def test_what_is_no_file_stays_where_it_is(city: Settings, tmp_path: Path) -> None:
    """A folder, a pipe and a link to nothing are passed over, and so is a link to what lies outside the inbox."""
    folder = city.inbox / "texts"
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD.replace("南湖街道".encode(), b"secret"))
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "nothing.csv").symlink_to(tmp_path / "not_there.csv")
    (folder / "outside.csv").symlink_to(secret)

    assert taken(city) == {"plain.csv": "taken"}
    assert secret.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"[1,2]\n{}\n\x00", b'{"file": "plain.csv", "arrived_at": "9999-99-99"}\n', b"{" * 100_000], ids=len
)
def test_a_broken_manifest_never_stops_a_claim(city: Settings, content: bytes) -> None:
    """Where the list of arrivals cannot be read, a file's own time counts."""
    put(city, MANIFEST.encode(), content)

    assert taken(city) == {"plain.csv": "taken"}
    assert {arrival.arrived_at for arrival in journal.arrivals(city)} == {datetime.fromtimestamp(1_500_000_000, UTC)}
