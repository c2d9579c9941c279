"""Says in Chinese what logic says in English of a wrong definition or option: whole sentences of a closed list with their values."""

from __future__ import annotations

import re
from functools import cache

from data.problems import Problem
from data.wording.catalogue import HOME
from data.yamlfile import read_yaml

SLOT = "{}"


def problem_text(problem: Problem, language: str) -> str:
    """Return a problem as one line in a language."""
    if language != "zh":
        return str(problem)
    frame = str(read_yaml(HOME / "definitions.yaml", HOME).content["frame"])
    return frame.format(problem.file, problem.line, problem.where, in_chinese(problem.found), in_chinese(problem.wanted))


def in_chinese(text: str) -> str:
    """Return the sentence in Chinese, its values as they are; what is no sentence of the list stands for itself, so that it is seen."""
    for form, chinese in _forms():
        if found := form.fullmatch(text):
            return chinese.format(*map(in_chinese, found.groups()))
    return text


def sentences() -> dict[str, str]:
    """Return the closed list: English with a slot for each value, and the same in Chinese."""
    return {str(english): str(chinese) for english, chinese in read_yaml(HOME / "definitions.yaml", HOME).content["sentences"].items()}


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """The sentences as patterns, those that say most themselves first."""
    said = sorted(sentences().items(), key=lambda item: -len(item[0].replace(SLOT, "")))
    return [(re.compile("(.+?)".join(map(re.escape, english.split(SLOT))), re.DOTALL), chinese) for english, chinese in said]
