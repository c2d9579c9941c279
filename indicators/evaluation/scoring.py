"""Brings scores, and why they moved, up to the signs; a scheme whose figures and rules are as before is left as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import duckdb
import numpy as np
import pandas as pd

from data import warehouse
from data.register import Reference
from data.scored import MOVE_COLUMNS, POINT_COLUMNS, SCORE_COLUMNS, SENSITIVITY_COLUMNS, WHOLE
from indicators.definition import Catalogue
from indicators.evaluation.inputs import NUMBERS, Inputs, read_inputs
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.scores import epochs, point_frame, score_frame, sizes
from indicators.evaluation.sensitivity import sensitivity_frame
from indicators.evaluation.uncertainty import INTERVAL_COLUMNS, interval_frame
from indicators.evaluation.why import move_frame
from indicators.judgement import twelve_digits

_TEXTS = {
    "scheme", "entity_kind", "entity", "grain", "period", "node", "state", "grade", "capped_by", "listed", "against", "indicator", "factor",
}  # fmt: skip
_ROUNDED = ("coverage", "points", "anchors", "goalposts", "first", "first_error", "total", "total_error", "shift")
_FLAGS = {"due", "alarmed"}
_TABLES = {"scores": SCORE_COLUMNS, "moves": MOVE_COLUMNS, "points": POINT_COLUMNS, "sensitivity": SENSITIVITY_COLUMNS}


def rate(con: duckdb.DuckDBPyConnection, schemes: Mapping[str, Scheme], catalogue: Catalogue, reference: Reference) -> None:
    """Score every scheme of the city; what a scheme that is gone had said goes too."""
    for table, columns in _TABLES.items():
        con.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(f'{name} {_kind(name)}' for name in columns)})")
    for (gone,) in con.execute("SELECT DISTINCT scheme FROM scores").fetchall():
        if gone not in schemes:
            _forget(con, gone)
    for name, scheme in schemes.items():
        units = [entity.entity for entity in reference.of_kind(scheme.kind)]
        inputs = read_inputs(con, scheme, units, catalogue, reference.city.baseline)
        mark = _mark(scheme, inputs, catalogue, reference)
        if warehouse.fact(con, f"scored:{name}") != mark:
            _forget(con, name)
            for table, frame in scored(scheme, inputs, catalogue, reference).items():
                con.register("frame", frame)
                con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")
                con.unregister("frame")
            warehouse.keep_fact(con, f"scored:{name}", mark)


def scored(scheme: Scheme, inputs: Inputs, catalogue: Catalogue, reference: Reference) -> dict[str, pd.DataFrame]:
    """Return `scores`, `moves`, `points` and `sensitivity` of a scheme, with the columns of `data.scored`."""
    baseline = reference.city.baseline
    found = epochs(scheme, inputs, catalogue, baseline)
    large = ~(sizes(scheme, inputs) < scheme.min_n)
    sure = interval_frame(scheme, inputs, found, large, catalogue, baseline)
    scores = score_frame(scheme, inputs, found).merge(sure.assign(node=WHOLE), on=["entity", "start", "node"], how="left")
    unranked = scores["rank"].isna()
    scores.loc[unranked, ["rank_low", "rank_high", "band"]] = np.nan
    moves = move_frame(scheme, inputs, found, catalogue, baseline)
    frames = {
        "scores": scores.reindex(columns=list(SCORE_COLUMNS)),
        "moves": moves.reindex(columns=list(MOVE_COLUMNS)),
        "points": point_frame(scheme, inputs, found, catalogue, baseline),
        "sensitivity": sensitivity_frame(scheme, inputs, found, large, catalogue, baseline),
    }
    for frame in frames.values():
        for name in frame.columns.intersection(["score", *_ROUNDED, *INTERVAL_COLUMNS]):
            frame[name] = twelve_digits(frame[name].to_numpy(float))
    return frames


def _kind(name: str) -> str:
    whole = {"start": "TIMESTAMP", "version": "INTEGER"} | dict.fromkeys(_FLAGS, "BOOLEAN")
    return "VARCHAR" if name in _TEXTS else whole.get(name, "DOUBLE")


def _forget(con: duckdb.DuckDBPyConnection, scheme: str) -> None:
    for table in _TABLES:
        con.execute(f"DELETE FROM {table} WHERE scheme = ?", [scheme])


def _mark(scheme: Scheme, inputs: Inputs, catalogue: Catalogue, reference: Reference) -> str:
    """Return a hash of all that the scores of a scheme rest on."""
    digest = hashlib.sha256(repr((_TABLES, scheme.model_dump_json())).encode())
    digest.update(repr((inputs.indicators, inputs.units, inputs.starts, reference.city.baseline)).encode())
    for name in inputs.indicators:
        digest.update(catalogue.definitions[name].spec.model_dump_json().encode())
    for array in (*(inputs.numbers[name] for name in NUMBERS), inputs.due, inputs.version):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr(inputs.level.ravel().tolist()).encode())
    return digest.hexdigest()
