"""What is wrong with a definition or an option is said in Chinese too: a closed list, found in the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from commands.group import language_of
from commands.terminal import Exit, Language
from data.problems import Problem
from data.wording import in_chinese, problem_text
from data.wording.definitions import sentences

ROOT = Path(__file__).parents[2]
GRAMMARS = (
    "annotations",
    "boundaries",
    "cadence",
    "city",
    "contract",
    "contracts",
    "cataloguing",
    "definition",
    "expression",
    "formula",
    "forms",
    "terms",
    "units",
    "register",
    "validation",
    "yamlfile",
    "aggregates",
    "attributes",
    "examples",
    "rule",
    "watching",
    "backtested",
    "scheme",
    "schemes",
    "study",
)
SAYING = {"Problem", "problem", "ExpressionError", "_FaultError"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _templates(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be, a slot for each value."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(value.value) if isinstance(value, ast.Constant) else "{}" for value in values)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_templates(body), *_templates(other))


def _said() -> set[str]:
    """Return every sentence that a grammar says of a wrong definition; keys, values and single codes are none."""
    found: set[str] = set()
    for path in (*(ROOT / "data").glob("*.py"), *(ROOT / "data" / "desk").glob("*.py"), *(ROOT / "indicators").rglob("*.py")):
        if path.stem not in GRAMMARS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in SAYING:
                    spoken = args if name == "ExpressionError" else args[-2:]
                case ast.Assign(targets=[ast.Name(id="msg" | "wanted")], value=value):
                    spoken = [value]
                case _:
                    continue
            found |= {text for one in spoken for text in _templates(one)}
    return {text for text in found if re.search(r"[A-Za-z]{2}.* |[a-z]{3} ", text)}


def test_every_sentence_of_a_grammar_is_there_in_chinese() -> None:
    """A message that is said and not in the list is named here; give it its line in data/wording/definitions.yaml."""
    missing = sorted(text for text in _said() if not CHINESE.search(in_chinese(text.replace("{}", "x1"))))

    assert [] == missing


@pytest.mark.parametrize("english", sorted(sentences()))
def test_a_sentence_keeps_its_values(english: str) -> None:
    """Whatever stands in the slots stands in the Chinese sentence too, each value once."""
    values = [f"v{place}" for place in range(english.count("{}"))]
    chinese = in_chinese(english.format(*values))

    assert sorted(values) == sorted(re.findall(r"v\d", chinese))


def test_a_problem_is_one_line_in_either_language() -> None:
    """File, line and place stay as they are; what is no sentence of the list is seen as it is."""
    problem = Problem("data/city.yaml", 3, "domains", "'x' twice", "weights that sum to 1, not 0.9")

    assert "data/city.yaml:3: domains: found 'x' twice, wanted weights that sum to 1, not 0.9" == problem_text(problem, "en")
    assert "data/city.yaml:3：domains：实际为 两次 'x'，应为 合计为 1 的权重，而不是 0.9" == problem_text(problem, "zh")
    assert "3.5" == in_chinese("3.5")


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["check", "--nope"], "没有选项 --nope", "No such option: --nope"),
        (["shw"], "没有命令 'shw'，是否指 'show'？", "No such command 'shw'"),
        (["explain"], "缺少参数 'indicator'", "Missing argument 'indicator'"),
        (["explain", "a", "b", "c", "d"], "多余的参数 d", "Got unexpected extra argument(s) (d)"),
        (["serve", "--port", "0"], "'--port' 的值无效：不小于 1", "Invalid value for '--port'"),
        (["show", "x"], "'what' 的值无效：'x' 不是以下之一：'signs'", "'x' is not one of 'signs'"),
        (["watch", "--every"], "选项 '--every' 须带一个值", "Option '--every' requires an argument."),
    ],
)
def test_wrong_words_are_one_sentence_in_the_readers_language(words: list[str], zh: str, en: str) -> None:
    """Code 2, no stack trace, no frame: the sentence stands alone on standard error."""
    for language, expected in (("zh", zh), ("en", en)):
        done = CliRunner().invoke(app, words, env={"CITY_LANG": language})

        assert (Exit.WRONG_USE, 1) == (done.exit_code, len(done.stderr.splitlines()))
        assert expected in done.stderr


def test_no_word_at_all_is_answered_with_the_help() -> None:
    """Whoever asks nothing sees the verbs."""
    done = CliRunner().invoke(app, [])

    assert Exit.WRONG_USE == done.exit_code
    assert "refresh" in done.output


def test_the_language_is_found_in_words_that_cannot_be_read() -> None:
    """The option before the environment, and Chinese where neither says a language."""
    assert Language.EN == language_of(["check", "--lang", "en", "--nope"], {})
    assert Language.EN == language_of(["--lang=en"], {"CITY_LANG": "zh"})
    assert Language.EN == language_of(["check"], {"CITY_LANG": "en"})
    assert Language.ZH == language_of(["check", "--lang", "fr"], {})
    assert Language.ZH == language_of([], {})
