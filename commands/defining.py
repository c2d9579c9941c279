"""Verbs for whoever defines a city: an empty one, the grammar of its files, a check of all of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel

from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, put, speaking

if TYPE_CHECKING:
    from data.settings import Settings
    from indicators.directory import City

app = typer.Typer(add_completion=False)


class Schema(StrEnum):
    """What `schema` can print."""

    FEED = "feed"
    INDICATOR = "indicator"
    CITY = "city"
    ANNOTATIONS = "annotations"
    SCHEME = "scheme"
    RULE = "rule"


@app.command()
def check(
    indicator: Annotated[list[str] | None, typer.Option(help="With --impact: only these.")] = None,
    proposal: Annotated[list[int] | None, typer.Option(help="As if these proposals were adopted: show proposals.")] = None,
    who: Annotated[str, typer.Option(help="With --export: who does it.")] = "",
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    impact: Annotated[
        bool, typer.Option("--impact", help="What changed definitions would do to a year of signs; nothing is adopted.")
    ] = False,
    export: Annotated[bool, typer.Option("--export", help="Write what was adopted at the desk into the files of the city.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Validate a whole city directory, run the examples of its indicators and rules; print every problem with file and line."""
    from data.adopted import composed, told, unplaced
    from data.boundaries import check_boundaries
    from data.desk.telling import load_telling
    from data.desk.terms import load_terms
    from data.register import load_reference
    from indicators.backtested import tried
    from indicators.directory import load
    from indicators.examples import prove
    from indicators.proposed import with_proposals

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        day = load_reference(settings).city.as_of(datetime.now(UTC)).date()
        known = {one.number: one for one in told(settings)}
        for number in proposal or []:
            if number not in known:
                raise WrongUseError("no_such_proposal", given=number, known=", ".join(map(str, known)) or "—")
        if export:
            _export(voice, settings, day, who, as_json=as_json)
            return
        check_boundaries(settings, load(settings).reference)  # what is wrong with a file itself is told by its own lines
        changes = with_proposals(settings, [known[number] for number in proposal or []], day)
        with composed(settings, changes) as judging:
            found = load(judging)
            load_telling(judging, load_terms(judging))
            facts = {
                "city": found.reference.city.city, "entities": len(found.reference.entities), "feeds": len(found.contracts),
                "indicators": len(found.catalogue.definitions), "schemes": len(found.schemes), "rules": len(found.rules),
                "drafts": len(found.rules) - len(tried(found.rules, found.trials)),
                "examples": prove(judging, found) + sum(len(rule.cases) for rule in found.rules.values()),
                "adopted": sum(what != "trial" for what, _ in changes), "definitions": found.fingerprint[:12],
            }  # fmt: skip
            if lost := unplaced(settings, changes):
                voice.say("unplaced", names=", ".join(name for _, name in lost))
            if impact:
                _show_impact(voice, settings, found, indicator or [], as_json=as_json)
            else:
                voice.report("checked", facts, as_json=as_json)


def _export(voice: Voice, settings: Settings, day: date, who: str, *, as_json: bool) -> None:
    """Write what is adopted into the files and note at the desk that it was: from then on the files alone say it."""
    from data.adopted import exported, told
    from data.desk.action import Entry
    from data.desk.adopting import decide, in_force, overlay, subject_of
    from data.desk.store import open_store
    from data.register import load_reference

    if not who.strip():
        raise WrongUseError("export_who")
    adopted, now = in_force(told(settings), day), datetime.now(UTC)
    if not adopted:
        voice.say("nothing_adopted")
        raise typer.Exit(Exit.NOTHING_DONE)
    files = exported(settings, overlay(adopted))
    at, store = load_reference(settings).city.as_of(now), open_store(settings)
    for one in adopted:
        said = {"proposal": one.number}
        decide(store, Entry("export", subject_of(one.what, one.name), who, "data", at, now, "", "check --export", said))
    names = [path.relative_to(settings.city_dir).as_posix() for path in files]
    voice.report("exported", {"count": len(adopted), "files": len(files), "names": names}, as_json=as_json)


def _show_impact(voice: Voice, settings: Settings, found: City, indicators: list[str], *, as_json: bool) -> None:
    """Print what the definitions would do to the signs of the current snapshot."""
    from briefing.facts import fact
    from data import defined
    from data.snapshots import open_snapshot
    from indicators.impact import impact

    opened = open_snapshot(settings)
    known = list(dict.fromkeys([*found.catalogue.definitions, *defined.definitions(settings, opened)["indicator"]]))
    for name in indicators:
        if name not in known:
            raise WrongUseError("no_indicator", given=name, known=", ".join(known))
    rows = impact(settings, opened, found, indicators).to_dict("records")
    voice.show("impact", [fact(row, opened.as_of.tzinfo) for row in rows], as_json=as_json)


@app.command()
def schema(what: Schema) -> None:
    """Print the JSON Schema that an editor can check a definition file with."""
    from data.annotations import Annotations
    from data.city import City
    from data.contract import Contract
    from indicators.definition import CatalogueFile
    from indicators.evaluation.scheme import Scheme
    from indicators.rule import RuleFile

    models: dict[Schema, type[BaseModel]] = {
        Schema.FEED: Contract, Schema.INDICATOR: CatalogueFile, Schema.CITY: City, Schema.ANNOTATIONS: Annotations,
        Schema.SCHEME: Scheme, Schema.RULE: RuleFile,
    }  # fmt: skip
    with speaking(Language.ZH, settings_of(None, None)):
        put([json.dumps(models[what].model_json_schema(), ensure_ascii=False, indent=2)])


@app.command()
def draft(
    sample: Path,
    feed: Annotated[str, typer.Option(help="What the feed is to be called.")] = "",
    city: CityOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """Propose a contract for a file: header, columns, types, units, key; doubts as comments."""
    from data.contracts import load_contracts
    from data.draft import NO_FEED
    from data.draft import draft as propose
    from data.phrase import kept
    from data.reasons import RefusedError
    from data.register import load_reference
    from data.wording import refusal, told

    settings = settings_of(city, None)
    with speaking(lang, settings) as voice, TemporaryDirectory() as scratch:
        reference = load_reference(settings)
        known = load_contracts(settings, reference)
        try:
            put([propose(sample, Path(scratch), reference, known, voice.words, feed or NO_FEED).rstrip("\n")])
        except RefusedError as error:
            why = refusal(voice.words, error.reason.value, told(kept(error.found), voice.words), told(error.wanted.kept, voice.words))
            raise OSError(0, why, str(sample)) from None


@app.command()
def init(directory: Path, lang: LangOption = Language.ZH) -> None:
    """Make an empty valid city directory."""
    from data.blank import write_blank_city

    with speaking(lang, settings_of(directory, None)) as voice:
        if directory.exists() and any(directory.iterdir()):
            raise WrongUseError("not_empty", directory=directory)
        written = write_blank_city(directory)
        voice.write("\n".join(str(path.relative_to(directory)) for path in written))
