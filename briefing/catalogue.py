"""Writes the catalogue of signs as a document: by domain a table of what each sign is, and below it how each is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from briefing.phrases import absent
from data.wording import Wording

Record = dict[str, Any]
COLUMNS = ("name", "unit", "direction", "cadence", "kinds", "lines", "target", "owner", "pillar", "weight")
LEVELS = ("blue", "yellow", "orange", "red")


def catalogue_text(words: Wording, domains: Sequence[Record], indicators: Sequence[Record]) -> str:
    """Return the catalogue in Markdown; `domains` and `indicators` are records of DOMAIN_COLUMNS and INDICATOR_COLUMNS."""
    parts = [f"# {words.say('catalogue.title')}", words.say("catalogue.generated", count=len(indicators))]
    for domain in domains:
        own = [one for one in indicators if one["domain"] == domain["domain"]]
        if own:
            parts += [f"## {domain['letter']} {words.name(domain)}", _table(words, own), "\n".join(_counted(words, one) for one in own)]
    return "\n\n".join(parts) + "\n"


def _table(words: Wording, indicators: Sequence[Record]) -> str:
    heads = [words.say(f"catalogue.column.{name}") for name in COLUMNS]
    rows = [" | ".join(_cell(words, one, name) for name in COLUMNS) for one in indicators]
    return "\n".join(f"| {row} |" for row in [" | ".join(heads), " | ".join("---" for _ in COLUMNS), *rows])


def _cell(words: Wording, one: Record, name: str) -> str:
    match name:
        case "name":
            text = f"**{words.name(one)}** `{one['indicator']}`"
        case "direction":
            text = words.label("direction_short", one["direction"])
        case "cadence":
            text = words.label("grain", one["cadence"])
        case "kinds":
            text = words.say("list.comma").join(words.label("kind", kind) for kind in str(one["entity_kinds"]).split(";"))
        case "lines":
            text = " / ".join("–" if absent(one[level]) else f"{one[level]:g}" for level in LEVELS)
            text = "" if all(absent(one[level]) for level in LEVELS) else text
        case "weight" | "target":
            text = "" if absent(one[name]) else f"{one[name]:g}"
        case _:
            text = str(one[name] or "")
    return text.replace("|", "\\|")


def _counted(words: Wording, one: Record) -> str:
    """Return how a sign is counted, in one item of a list."""
    said = [f"`{one['formula']}`"]
    halves = [(key, one[f"{key}_{words.language}"]) for key in ("numerator", "denominator")]
    said += [f"{words.say(f'sign.row.{key}')} {label}" for key, label in halves if label]
    said += [str(one[key]) for key in ("reference", "note") if one[key]]
    return f"- {words.name(one)}{words.say('catalogue.counted')}{words.say('list.join').join(said)}"
