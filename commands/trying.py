"""The verb that tries an alert rule on the past."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Language, WrongUseError, given, put, speaking

app = typer.Typer(add_completion=False)
_YEAR = timedelta(days=365)


@app.command()
def backtest(
    rule: str,
    start: Annotated[str | None, typer.Option("--from", help="First day (default: a year before the last).")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day (default: that of the snapshot).")] = None,
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    keep: Annotated[bool, typer.Option("--store", help="Keep it beside the rules, in place of the one kept before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what a rule would have raised over a span of published signs: each alert, and how much noise that is."""
    from briefing.facts import fact
    from data.snapshots import open_snapshot
    from indicators.backtest import backtest as work
    from indicators.backtested import store, trial_of
    from indicators.directory import load_in_force

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        found = load_in_force(settings, opened.as_of.date())
        rules = found.rules
        if rule not in rules:
            raise WrongUseError("no_rule", given=rule, known=", ".join(rules))
        last = given(date.fromisoformat, end, "bad_day") if end else opened.as_of.date()
        first = given(date.fromisoformat, start, "bad_day") if start else last - _YEAR
        if first > last:
            raise WrongUseError("bad_span", first=first, last=last)
        told = work(settings, opened, found.catalogue, rules[rule], first, last)
        alerts = [fact(row, opened.as_of.tzinfo) for row in told.alerts.to_dict("records")]
        usual, busy = told.busiest
        trial = trial_of(told, opened.id)
        before = found.trials.get(rule)
        is_draft = before is None or before.digest != told.digest
        if keep or is_draft:
            store(settings, trial)
        facts = {
            "rule": told.rule, "version": told.version, "first": told.first.isoformat(), "last": told.last.isoformat(), "signs": told.signs,
            "count": len(alerts), "flaps": told.flaps, "median_days": told.median_days, "median_a_day": usual, "busy_a_day": busy,
            "at_night": told.at_night, "events": told.events, "caught": told.caught, "lead_days": told.lead_days, "snapshot": opened.id,
            "stored": keep or is_draft, "before": before.model_dump(mode="json") if before else None,
        }  # fmt: skip
        if as_json:
            put([json.dumps(facts | {"alerts": alerts}, ensure_ascii=False)])
            return
        voice.show("backtest", alerts, as_json=False)
        voice.say("backtested", **facts | {"median_days": "—" if told.median_days is None else round(told.median_days, 1)})
        if before:
            voice.say("backtest_before", **before.model_dump(mode="json"))
        voice.say("backtest_stored" if facts["stored"] else "backtest_seen")
