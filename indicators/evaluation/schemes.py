"""Reads the evaluation schemes of a city and checks them against its catalogue and its register."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pandas as pd

from data.problems import DefinitionError, Problem
from data.register import Reference
from data.scored import SCHEME_COLUMNS
from data.settings import Settings
from data.validation import validate
from data.yamlfile import Place, YamlFile, read_yaml
from indicators.definition import Catalogue
from indicators.evaluation.points import scale_of
from indicators.evaluation.scheme import Edition, Node, Scheme


def load_schemes(settings: Settings, reference: Reference, catalogue: Catalogue) -> dict[str, Scheme]:
    """Return the schemes by id; raises DefinitionError with every problem of every file."""
    problems: list[Problem] = []
    found: dict[str, Scheme] = {}
    for path in sorted(settings.schemes_dir.glob("*.yaml")):
        try:
            source = read_yaml(path, settings.city_dir)
            scheme = validate(Scheme, source)
        except DefinitionError as error:
            problems += error.problems
            continue
        if scheme.scheme in found:
            problems.append(source.problem(("scheme",), repr(scheme.scheme), "an id that no other scheme has"))
        found[scheme.scheme] = scheme
        problems += _check(scheme, source, reference, catalogue)
    if problems:
        raise DefinitionError(problems)
    return found


def _check(scheme: Scheme, source: YamlFile, reference: Reference, catalogue: Catalogue) -> list[Problem]:
    kinds = {entity.entity_kind for entity in reference.entities}
    if scheme.kind not in kinds:
        return [source.problem(("kind",), repr(scheme.kind), f"one of {', '.join(sorted(kinds))}")]
    problems = [
        source.problem(("sample", place), repr(name), "an indicator of the catalogue")
        for place, name in enumerate(scheme.sample)
        if name not in catalogue.definitions
    ]
    domains = {domain.domain for domain in reference.city.domains}
    for number, edition in enumerate(scheme.editions):
        for place, node in _nodes(("editions", number, "index"), edition.index):
            if node.name is None and node is not edition.index and place[-1] not in domains:
                problems.append(source.problem(place, "no name", "a name, since no domain of city.yaml is called so"))
            problems += [
                source.problem((*place, "signs", name), repr(name), wanted)
                for name in node.signs
                if (wanted := _wanted(scheme, edition, name, reference, catalogue))
            ]
    return problems


def _nodes(place: Place, node: Node) -> Iterator[tuple[Place, Node]]:
    yield place, node
    for name, child in node.nodes.items():
        yield from _nodes((*place, "nodes", name), child)


def _shares(path: str, node: Node) -> Iterator[tuple[str, float]]:
    """Yield each node's and sign's weight among its siblings by path, as it counts."""
    for name, share in zip([*node.nodes, *node.signs], node.shares(), strict=True):
        yield f"{path}/{name}", share
    for name, child in node.nodes.items():
        yield from _shares(f"{path}/{name}", child)


def _wanted(scheme: Scheme, edition: Edition, name: str, reference: Reference, catalogue: Catalogue) -> str:
    """Return what would be right where a sign cannot be scored; nothing where it can."""
    one = catalogue.definitions.get(name)
    if one is None:
        return "an indicator of the catalogue"
    if scheme.kind not in one.spec.grain:
        return f"a sign that is published for each {scheme.kind}, not for {', '.join(one.spec.grain)}"
    lines = one.spec.thresholds[-1] if one.spec.thresholds else None
    if scale_of(one.spec, lines, reference.city.baseline, edition.normalise) is None:
        return "a sign with a target and a red line, or with goalposts, by which it can be scored"
    return ""


def scheme_frame(schemes: Mapping[str, Scheme], reference: Reference) -> pd.DataFrame:
    """Return the schemes as readers see them (SCHEME_COLUMNS of `data.scored`)."""
    rows = []
    for name, scheme in schemes.items():
        body = scheme.model_dump(mode="json", by_alias=True) | {"names": node_names(scheme, reference)}
        for said, edition in zip(body["editions"], scheme.editions, strict=True):
            said["shares"] = dict(_shares("index", edition.index))
        rows.append(
            (name, scheme.name.zh, scheme.name.en or scheme.name.zh, scheme.kind, scheme.grain, json.dumps(body, ensure_ascii=False))
        )
    return pd.DataFrame(rows, columns=list(SCHEME_COLUMNS))


def node_names(scheme: Scheme, reference: Reference) -> Mapping[str, tuple[str, str]]:
    """Return (Chinese, English) of every node by path, of the newest edition that has it; the whole is called as its scheme."""
    said = {domain.domain: domain.name for domain in reference.city.domains}
    found = {}

    def visit(path: str, key: str, node: Node) -> None:
        label = node.name or said.get(key) or scheme.name
        found[path] = (label.zh, label.en or label.zh)
        for name, child in node.nodes.items():
            visit(f"{path}/{name}", name, child)

    for edition in scheme.editions:
        visit("index", "", edition.index)
    return found
