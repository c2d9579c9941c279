"""Says where each indicator comes from and what rests on it: tables and columns, inputs, derived ones; and its whole definition."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping

import pandas as pd

from data.contract import Contract
from indicators.definition import Catalogue, Definition


def definition_frame(catalogue: Catalogue, contracts: Mapping[str, Contract]) -> pd.DataFrame:
    """Return DEFINITION_COLUMNS of `data.defined`; lists are joined by `;`, `body` is the definition as JSON."""
    rows = []
    for one in catalogue.definitions.values():
        columns = list(dict.fromkeys(_columns(catalogue, contracts, one)))
        rows.append({
            "indicator": one.name,
            "body": json.dumps(one.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False),
            "inputs": ";".join(one.inputs),
            "derived": ";".join(name for name, other in catalogue.definitions.items() if one.name in other.inputs),
            "tables": ";".join(dict.fromkeys(column.rsplit(".", 1)[0] for column in columns)),
            "columns": ";".join(columns),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _columns(catalogue: Catalogue, contracts: Mapping[str, Contract], one: Definition) -> Iterator[str]:
    """Yield `feed.table.column` for what an indicator reads; of a derived one, what its inputs read."""
    if not one.spec.table:
        for name in one.inputs:
            yield from _columns(catalogue, contracts, catalogue.definitions[name])
        return
    feed, table = one.spec.feed_table
    known = contracts[feed].tables[table].columns
    named = [*_names(one.spec.formula), *one.spec.by]
    yield from (f"{feed}.{table}.{name}" for name in dict.fromkeys(named) if name in known)


def _names(formula: str) -> Iterator[str]:
    """Yield the names a formula speaks of, not the words of its texts."""
    yield from (one.id for one in ast.walk(ast.parse(formula, mode="eval")) if isinstance(one, ast.Name))
