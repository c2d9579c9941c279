"""People who come at once are all served: a small size of `benchmarks.crowd`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

import app
from benchmarks import crowd, sites
from benchmarks.person import FAULT


def test_everybody_gets_a_finished_page(tmp_path: Path) -> None:
    """Three people open the overview, click about, and two pages are asked for again: every run ends, none with an exception."""
    sites.make_city(tmp_path, date(2016, 1, 1), date(2016, 1, 8))
    rows = crowd.measure(people=3, seconds=4, reruns=2, pause=(0.1, 0.5), pages=("overview", "feeds"), var=tmp_path)
    together, first, again, *pages = rows

    assert together["finished"] == 3 * crowd.ROUNDS
    assert first["finished"]
    assert again["finished"]
    assert [row["finished"] for row in pages] == [2, 2]
    assert [row["faults"] for row in rows] == [[]] * len(rows)


def test_every_page_is_measured() -> None:
    """The benchmark finds the pages where they lie; app.py names the same."""
    assert set(sites.PAGES) == set(app.PAGES)


def test_an_error_is_known_by_its_face() -> None:
    """The product catches what goes wrong and says so; a client that looked for exceptions only would call that a page."""

    def broken() -> None:
        from data.wording import Wording
        from pages.parts import faces

        faces.error(Wording("zh"), "E-0000")

    (shown,) = AppTest.from_function(broken).run().get("html")

    assert FAULT in shown.proto.body
