"""The verb that looks whether a machine and what it keeps are fit: fonts, browser, encoding, clock, disk, hashes, addresses."""

from __future__ import annotations

import locale
import sys
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from commands.options import HERE, CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, speaking

if TYPE_CHECKING:
    from data.health import Look

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Look whether this machine and what it keeps are fit, and say what is not; nothing is changed, 10 if something is wrong."""
    from data.health import FAULT, looks
    from data.register import load_reference

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        found = [*looks(settings, load_reference(settings), datetime.now(UTC)), _browser(), _encoding(), _addresses()]
        rows = [asdict(one) | {"said": voice.words.say(f"health.{one.look}.{one.state}", **one.facts)} for one in found]
        voice.show("doctor", rows, as_json=as_json)
        faults = sum(one.state == FAULT for one in found)
        if not as_json:
            voice.say("doctored", count=faults)
        if faults:
            raise typer.Exit(Exit.FINDINGS)


def _browser() -> Look:
    """Chromium starts, and draws the letters of the city's names with the fonts of a printed page."""
    from briefing.document.printing import NoBrowserError, browser, missing_fonts
    from data.health import FAULT, FINE, Look

    try:
        with browser() as running:
            wrong, version = missing_fonts(running), running.version
    except NoBrowserError as error:
        return Look("fonts", FAULT, {"version": "—", "wrong": error.strerror or "", "wanted": error.filename or ""})
    return Look("fonts", FAULT if wrong else FINE, {"version": version, "wrong": ", ".join(wrong), "wanted": "fonts-noto-cjk"})


def _encoding() -> Look:
    """Names of files and what is printed are UTF-8."""
    from data.health import FAULT, FINE, Look

    names, printed = sys.getfilesystemencoding(), locale.getencoding()
    is_fine = {names.lower().replace("-", ""), printed.lower().replace("-", "")} == {"utf8"}
    return Look("encoding", FINE if is_fine else FAULT, {"names": names, "printed": printed})


def _addresses() -> Look:
    """The dashboard tells nobody outside of its use, and listens on this machine alone."""
    from data.health import FAULT, FINE, Look

    said = tomllib.loads((HERE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    gathers, address = said.get("browser", {}).get("gatherUsageStats", True), said.get("server", {}).get("address", "")
    return Look(
        "addresses",
        FINE if not gathers and address in {"127.0.0.1", "localhost"} else FAULT,
        {"address": address or "*", "gathers": gathers},
    )
