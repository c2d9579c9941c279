"""What the tests on real files share: the published answers, and each city after one refresh."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.real_city import RealCity, real_data, refreshed

Answers = dict[tuple[str, str], float | str]
Real = Callable[[str], RealCity]


@pytest.fixture(scope="session")
def answers() -> Answers:
    """The published answers, by data set and id."""
    known = json.loads((real_data() / "answers.json").read_text(encoding="utf-8"))
    return {(one["dataset"], one["id"]): one["value"] for one in known}


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the real files."""
    return real_data()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """`real("roads")` is that city, refreshed when it is first asked for."""
    cities: dict[str, RealCity] = {}

    def of(city: str) -> RealCity:
        if city not in cities:
            cities[city] = refreshed(city, tmp_path_factory.mktemp(city))
        return cities[city]

    return of
