"""Turns a YAML file into a pydantic model, and pydantic's errors into problems with file and line."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data.problems import DefinitionError, Problem
from data.yamlfile import Place, YamlFile

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], source: YamlFile, place: Place = ()) -> Model:
    """Return the model of the value at `place`; raises DefinitionError with every problem."""
    content = source.content
    for key in place:
        content = content[key]
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise DefinitionError(_problem(source, place, detail) for detail in error.errors()) from error


def _problem(source: YamlFile, place: Place, detail: ErrorDetails) -> Problem:
    where = (*place, *(step for step in detail["loc"] if step != "[key]"))
    known = [length for length in range(len(where), -1, -1) if where[:length] in source.lines or not length]
    missing = detail["type"] == "missing"
    found = "nothing" if missing else _shown(detail["input"])
    wanted = "this key" if missing else detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        found, wanted = f"the unknown key {where[-1]!r}", "a key of the grammar (see cli.py schema)"
    return source.problem(where if missing else where[: known[0]] or where, found, wanted)


def _shown(value: object, most: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 1] + "…"
