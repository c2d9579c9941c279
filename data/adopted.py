"""Lays the changes that people have adopted at the desk over the files of a city: the definitions that are in force.

The files stay as they are; a refresh reads a copy of them in which the adopted keys are written, so that what is in force has one
form, one hash and one place in the archive. `exported` writes the same text into the city itself.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, tzinfo
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter

from data import definitions
from data.desk.adopting import Overlay, Proposal, in_force, overlay, proposals
from data.desk.store import DeskUnavailableError, store_if_there
from data.settings import Settings
from data.snapshots import replace_text

LISTS = {"indicator": "indicators", "rule": "rules"}  # what a definition is -> the key of the list that holds it
TRIALS = "backtests"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def told(settings: Settings, zone: tzinfo = UTC) -> list[Proposal]:
    """Return every proposal of the desk as it stands, its moments in `zone`; raises DeskUnavailableError."""
    store = store_if_there(settings)
    return proposals(store.actions(), zone) if store else []


@contextmanager
def as_adopted(settings: Settings, day: date, *, is_refresh: bool = False) -> Iterator[Settings]:
    """Yield settings whose city directory holds what is in force on `day`: the city's own where nothing was adopted.

    While the desk cannot be reached, what it said at the last refresh holds on: only a refresh keeps that, readers ask of other days.
    """
    try:
        changes = overlay(in_force(told(settings), day))
        if is_refresh:
            _remember(settings, changes)
    except DeskUnavailableError:
        changes = _remembered(settings)
    with composed(settings, changes) as judging:
        yield judging


@contextmanager
def composed(settings: Settings, changes: Overlay) -> Iterator[Settings]:
    """Yield settings whose city directory is a copy with these changes written into it; the city's own without any."""
    if not changes:
        yield settings
        return
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.var_dir, prefix=".definitions-") as directory:
        for path in definitions.files(settings):
            target = Path(directory) / path.relative_to(settings.city_dir)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        then = replace(settings, city_dir=Path(directory))
        for path, text in rewritten(then, changes).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield then


def rewritten(settings: Settings, changes: Overlay) -> dict[Path, str]:
    """Return the files of the city that these changes touch, with their new text; comments and order of the rest stay.

    A change of a definition that no file holds is left out: `unplaced` names it.
    """
    found: dict[Path, str] = {}
    for path, what, tree in _trees(settings):
        touched = [one for one in tree[LISTS[what]] if (what, one.get(what)) in changes]
        for one in touched:
            _change(one, changes[what, one[what]])
        if touched:
            found[path] = _text(tree)
    trials = {name: body for (what, name), body in changes.items() if what == "trial"}
    return found | {settings.rules_dir / TRIALS / f"{name}.yaml": _text(dict(body)) for name, body in trials.items()}


def unplaced(settings: Settings, changes: Overlay) -> list[tuple[str, str]]:
    """Return what was adopted for definitions that no file of the city holds any more."""
    known = {(what, str(one.get(what))) for _, what, tree in _trees(settings) for one in tree[LISTS[what]]}
    return [one for one in changes if one[0] in LISTS and one not in known]


def exported(settings: Settings, changes: Overlay) -> list[Path]:
    """Write the changes into the city's own files and return which; each is replaced as a whole. Raises OSError."""
    files = rewritten(settings, changes)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, text)
    return sorted(files)


def _trees(settings: Settings) -> Iterator[tuple[Path, str, Any]]:
    """Yield the files that hold definitions, what they hold, and their content; what is wrong in one is told of by who reads it."""
    for folder in (settings.catalogue_dir, settings.rules_dir):
        for path in sorted(folder.glob("*.yaml")):
            try:
                tree = _yaml().load(path.read_text(encoding="utf-8"))
            except (YAMLError, UnicodeDecodeError):
                continue
            for what, items in LISTS.items():
                if isinstance(tree, dict) and isinstance(tree.get(items), list):
                    yield path, what, tree


def _change(one: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if value is None:
            one.pop(name, None)
        else:
            one[name] = _with_days(value)


def _with_days(value: Any) -> Any:
    """Return what JSON holds as YAML would: a day is a day and no text."""
    if isinstance(value, Mapping):
        return {name: _with_days(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_days(one) for one in value]
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value


def _yaml() -> YAML:
    """Return a reader and writer that leaves what it does not touch as people wrote it."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width, yaml.preserve_quotes = 140, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Explicit
    return yaml


def _text(tree: Any) -> str:
    stream = StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue()


class _Explicit(RoundTripRepresenter):
    """Writes null as a word: an empty place looks forgotten."""


_Explicit.add_representer(type(None), lambda writer, _: writer.represent_scalar("tag:yaml.org,2002:null", "null"))


def _remember(settings: Settings, changes: Overlay) -> None:
    """Keep what is adopted, for while the desk is away; nothing is written where nothing ever was."""
    path = settings.adopted_file
    if changes or path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, json.dumps([[*key, body] for key, body in changes.items()], ensure_ascii=False))


def _remembered(settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    path = settings.adopted_file
    return {(what, name): body for what, name, body in json.loads(path.read_text("utf-8"))} if path.is_file() else {}
