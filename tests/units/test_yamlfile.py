"""A YAML file that is read again is read as it lies there now, and what was read belongs to whoever read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.problems import DefinitionError
from data.yamlfile import read_yaml


def test_a_text_that_was_read_before_is_the_readers_own(tmp_path: Path) -> None:
    """Parsing is done once for a text; nobody sees what another one made of it, and a changed file is read anew."""
    file = tmp_path / "city.yaml"
    file.write_text("names: [甲, 乙]\n", encoding="utf-8")
    first, second = read_yaml(file, tmp_path), read_yaml(file, tmp_path.parent)
    first.content["names"].append("丙")

    assert {"names": ["甲", "乙"]} == second.content == read_yaml(file, tmp_path).content
    assert ("city.yaml", f"{tmp_path.name}/city.yaml") == (first.name, second.name)
    file.write_text("\nnames: [丁]\n", encoding="utf-8")
    assert (["丁"], 2) == (read_yaml(file, tmp_path).content["names"], read_yaml(file, tmp_path).line(("names", 0)))


def test_a_broken_text_is_told_each_time(tmp_path: Path) -> None:
    """A fault is not forgotten because it was told once."""
    file = tmp_path / "city.yaml"
    file.write_text("a: 1\na: 2\n", encoding="utf-8")

    for _ in range(2):
        with pytest.raises(DefinitionError, match=r"city\.yaml"):
            read_yaml(file, tmp_path)
