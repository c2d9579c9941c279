"""The grammar of the files of a feed: their form, and where the period that a drop speaks of is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from data.grammar import Part
from data.patterns import own_names

Month = Annotated[int, Field(ge=1, le=12)]


class PeriodSource(Part):
    """Where the period of a drop is read: in its file name, in a title row above the header, or in the name of a sheet.

    Patterns are literal text with `{year} {month} {day} {quarter} {to_month} {to_day}`, `*` for anything, and further
    `{names}` whose text a column takes by `given`. `together` are months that are published as one.
    """

    source: Literal["name", "title", "sheet"] = Field(alias="from")
    patterns: tuple[str, ...] = Field(min_length=1)
    together: tuple[tuple[Month, Month], ...] = Field(default=(), description="months published as one: the last speaks for all")

    @field_validator("together")
    @classmethod
    def _first_to_last(cls, value: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        if any(first >= last for first, last in value):
            msg = "the first month before the last"
            raise ValueError(msg)
        return value

    @property
    def tokens(self) -> frozenset[str]:
        """The further names that every pattern holds."""
        return frozenset.intersection(*map(own_names, self.patterns))

    @property
    def some_tokens(self) -> frozenset[str]:
        """The further names that a pattern holds, though others may not."""
        return frozenset.union(*map(own_names, self.patterns))


class Files(Part):
    """The form of the files of a feed."""

    format: Literal["csv", "xlsx", "json", "jsonl", "parquet"]
    period: PeriodSource | None = None
    skip_sheets: tuple[str, ...] = Field(default=(), description="names of sheets that hold no rows, with * for anything")
    max_bytes: int = Field(default=0, ge=0, description="after expansion; 0 = the default of the format")
    rows_up_to: int = Field(default=20_000_000, gt=0)
