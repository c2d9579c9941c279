"""Says a formula in words: columns by their headings, indicators by their names, functions by what they do."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from data.contract import Contract
from data.problems import CityMissingError, DefinitionError
from data.settings import Settings
from data.validation import validate
from data.wording import Wording
from data.yamlfile import read_yaml

SIGNS = {
    "Div": " ÷ ", "Mult": " × ", "Add": " + ", "Sub": " \N{MINUS SIGN} ",
    "LtE": "≤", "GtE": "≥", "Lt": "<", "Gt": ">", "Eq": "=", "NotEq": "≠",
}  # fmt: skip


def headings(settings: Settings, words: Wording, feed: str, table: str) -> dict[str, str]:
    """Return what a feed's table calls its columns; its headings are Chinese, so English keeps the codes."""
    path = settings.feeds_dir / f"{feed}.yaml"
    if words.language != "zh" or not path.exists():
        return {}
    try:
        tables = validate(Contract, read_yaml(path, settings.city_dir)).tables
    except (DefinitionError, CityMissingError, OSError):
        return {}
    columns = tables[table].columns if table in tables else {}
    return {name: column.heading[0] if column.heading else words.label("column", name) for name, column in columns.items()}


def spoken(words: Wording, formula: str, names: Mapping[str, str]) -> str:
    """Return a formula in words; what cannot be read stays as it is."""
    try:
        return _say(words, ast.parse(formula, mode="eval").body, names)
    except SyntaxError:
        return formula


def _say(words: Wording, node: ast.expr, names: Mapping[str, str]) -> str:
    def inner(part: ast.expr) -> str:
        return _say(words, part, names)

    match node:
        case ast.Name(id=name):
            return names.get(name, name)
        case ast.Constant(value=str() as text):
            return words.say("formula.text", text=text)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            given = [inner(arg) for arg in args]
            given += [words.label(f"formula.{one.arg}", ast.unparse(one.value)) for one in keywords]
            key = f"formula.call.{name}"
            listed = words.say("formula.comma").join(given)
            return words.say(key, args=listed) if words.has(key) else f"{name}({listed})"
        case ast.BinOp(left=left, op=op, right=right):
            return f"{inner(left)}{SIGNS.get(type(op).__name__, '?')}{inner(right)}"
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op).__name__ in SIGNS:
            return f"{inner(left)}{SIGNS[type(op).__name__]}{inner(right)}"
        case ast.BoolOp(op=op, values=values):
            return words.say(f"formula.{type(op).__name__.lower()}").join(inner(value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return words.say("formula.not", what=inner(operand))
    return ast.unparse(node)
