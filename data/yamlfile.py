"""Reads a YAML file into plain values and remembers the line of every key and item.

It knows nothing of what the file means.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from data.problems import DefinitionError, Problem

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlFile:
    """`content` is plain dicts, lists and scalars; `lines` maps the path of a key to its line, from 1."""

    name: str
    content: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of its nearest parent that has one."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def problem(self, place: Place, found: str, wanted: str) -> Problem:
        """Return a problem at `place`, with the dotted path as its name."""
        return Problem(self.name, self.line(place), ".".join(map(str, place)) or "file", found, wanted)


def read_yaml(path: Path, root: Path) -> YamlFile:
    """Read `path`; its name in messages is relative to `root`.

    Raises DefinitionError when the file is not YAML, repeats a key or is not UTF-8.
    """
    name = path.relative_to(root).as_posix()
    try:
        content, lines = _parsed(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise DefinitionError([Problem(name, line, "YAML", str(error.problem), "well-formed YAML")]) from error
    except UnicodeDecodeError as error:
        raise DefinitionError([Problem(name, 1, "encoding", "bytes that are not UTF-8", "UTF-8")]) from error
    return YamlFile(name, deepcopy(content), lines)


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Any, dict[Place, int]]:
    """Return content and lines. Kept, because parsing is most of reading a city, and a refresh and a server read it more than once."""
    lines: dict[Place, int] = {}
    return _plain(YAML(typ="rt", pure=True).load(text), (), lines), lines


def _plain(node: Any, place: Place, lines: dict[Place, int]) -> Any:
    """Strip ruamel's containers while noting the line of each entry."""
    if isinstance(node, CommentedMap):
        for key in node:
            lines[(*place, key)] = node.lc.key(key)[0] + 1
        return {key: _plain(value, (*place, key), lines) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            lines[(*place, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*place, index), lines) for index, value in enumerate(node)]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    return node
