"""The wide lane for large delimited files: DuckDB reads typed columns at full speed."""

from __future__ import annotations
from contextlib import contextmanager
from dataclasses import dataclass

@dataclass
class Head:
    encoding: str
    sheet: object

def fits(path, limit):
    return False
def read_head(path): ...
@contextmanager
def read(*a):
    yield None
