"""Tries a change of a definition before anybody may adopt it: read, checked, its examples run; a rule is tried on the last year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from data.adopted import composed, told
from data.desk.acting import RefusedError
from data.desk.adopting import Proposal, in_force, overlay
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.backtest import backtest
from indicators.backtested import trial_of
from indicators.directory import City, load
from indicators.examples import prove
from indicators.impact import impact

YEAR = timedelta(days=365)


def tried_change(settings: Settings, snapshot: Snapshot, what: str, name: str, changes: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return the payload of a proposal: `changes` with the version that follows, `effective` and, of a rule, its `trial`.

    Raises RefusedError for a definition that is not there or a change that changes nothing, DefinitionError with file and line for
    one that no definition may hold, or under which an example does not come out.
    """
    adopted = in_force(told(settings), max(day, snapshot.as_of.date()))
    with composed(settings, overlay(adopted)) as now:
        before = version_of(load(now), what, name)
    said = dict(changes) if "version" in changes else dict(changes) | {"version": before["version"] + 1}
    with composed(settings, overlay(adopted) | {(what, name): _over(adopted, what, name) | said}) as then:
        city = load(then)
        after = version_of(city, what, name)
        if after | {"version": 0} == before | {"version": 0}:
            raise RefusedError("no_change", {"name": name})
        prove(then, city)
        payload: dict[str, Any] = {"changes": said, "effective": day.isoformat()}
        if what == "rule":
            last = snapshot.as_of.date()
            trial = trial_of(backtest(then, snapshot, city.catalogue, city.rules[name], last - YEAR, last), snapshot.id)
            payload["trial"] = trial.model_dump(mode="json")
        return payload


def impact_of(settings: Settings, snapshot: Snapshot, what: str, name: str, payload: Mapping[str, Any], day: date) -> pd.DataFrame:
    """Return what a change that was tried would do to a year of signs (IMPACT_COLUMNS of `indicators.impact`)."""
    adopted = in_force(told(settings), max(day, snapshot.as_of.date()))
    with composed(settings, overlay(adopted) | {(what, name): _over(adopted, what, name) | dict(payload["changes"])}) as then:
        return impact(settings, snapshot, load(then))


def with_proposals(settings: Settings, chosen: list[Proposal], day: date) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what would be in force on `day` with these proposals adopted on top."""
    return overlay([*in_force(told(settings), day), *chosen])


def version_of(city: City, what: str, name: str) -> dict[str, Any]:
    """Return a definition by the keys of its grammar; raises RefusedError where there is none of that name."""
    if what == "indicator" and name in city.catalogue.definitions:
        return city.catalogue.definitions[name].spec.model_dump(mode="json")
    if what == "rule" and name in city.rules:
        return city.rules[name].model_dump(mode="json")
    known = city.catalogue.definitions if what == "indicator" else city.rules
    raise RefusedError("no_definition", {"name": name, "known": ", ".join(known)})


def _over(adopted: list[Proposal], what: str, name: str) -> dict[str, Any]:
    return overlay(adopted).get((what, name), {})
