"""A page file may hold imports and functions only, and ends by sending a deep link to the gate.

Streamlit runs `pages/x.py` by itself on the first deep link after a start; whatever stands at top level would then be
shown without a gate.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[1] / "pages"
FILES = [path for path in sorted(PAGES.glob("*.py")) if path.name != "__init__.py"]
CLOSED = 'if __name__ == "__main__":\n    st.switch_page("app.py", query_params={{**st.query_params.to_dict(), "to": "{page}"}})'


def leaks(source: str, page: str) -> list[str]:
    """Return every statement that a deep link to this page would run, with its line."""
    redirect = ast.dump(ast.parse(CLOSED.format(page=page)).body[0])
    statements = ast.parse(source).body
    found = []
    if not statements or ast.dump(statements[-1]) != redirect:
        found.append("it does not end with the redirect")
    for place, statement in enumerate(statements[:-1]):
        if not _is_harmless(statement, first=place == 0):
            found.append(f"line {statement.lineno}: {type(statement).__name__} runs when the file is opened")
    return found


def _is_harmless(statement: ast.stmt, *, first: bool) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant(value=str())):
            return first
        case ast.FunctionDef(decorator_list=[], args=ast.arguments(defaults=[], kw_defaults=[])):
            return True
    return False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_deep_link_shows_nothing_before_the_gate(path: Path) -> None:
    """Every page file is closed."""
    assert leaks(path.read_text(encoding="utf-8"), path.stem) == []


GOOD = '"""Doc."""\nimport streamlit as st\ndef render():\n    st.write(1)\n' + CLOSED.format(page="x")


@pytest.mark.parametrize(
    "source",
    [
        "",
        GOOD.replace('"to": "x"', '"to": "y"'),
        GOOD.replace("def render", "st.write(2)\ndef render"),
        GOOD.replace("def render", "TODAY = 1\ndef render"),
        GOOD.replace("def render", "@st.fragment\ndef render"),
        GOOD.replace("render()", "render(a=st.write(2))"),
        GOOD.replace("def render", "class Page:\n    st.write(2)\ndef render"),
        GOOD.replace("def render", "with st.container():\n    pass\ndef render"),
        GOOD.replace("def render", "'shown'\ndef render"),
        GOOD + "\nst.write(3)",
    ],
)
def test_the_check_sees_open_forms(source: str) -> None:
    """Calls, assignments, decorators, defaults, classes, blocks, bare text and a wrong redirect are all named."""
    assert leaks(GOOD, "x") == []
    assert leaks(source, "x") != []


def test_pages_are_short() -> None:
    """A page is a table of contents: 150 lines at most."""
    assert [path.name for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 150] == []


def test_only_one_style_sheet_and_no_test_ids() -> None:
    """CSS lives in one file and does not aim at Streamlit's test ids."""
    sheets = [path.relative_to(PAGES).as_posix() for path in PAGES.rglob("*.css")]
    assert sheets == ["parts/style.css"]
    assert "data-testid" not in (PAGES / "parts/style.css").read_text(encoding="utf-8")
