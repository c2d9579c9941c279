"""The grammar of a feed contract: what one department promises to send, as pydantic models.

This half only reads and validates `data/feeds/*.yaml`; running a contract on a drop belongs to `ingest`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from data.cadence import Cadence, Volume
from data.expression import Expression, ExpressionError, parse
from data.filesource import Files
from data.grammar import ClockTime, Label, Name, Part
from data.outlines import OUTLINE, SQUARE_METRES

GIVEN = ("period", "period_end", "sheet", "file", "row")


class Relative(Part):
    """Words that stand for a date: so many days after the date of another column of the row."""

    to: str
    words: dict[str, int] = Field(min_length=1, description="the words, and how many days after that date each one means")


class Column(Part):
    """One column of a table: where it stands in the file, what it holds, what it may hold."""

    heading: tuple[str, ...] = Field(default=(), description="the heading and its known aliases")
    name: Label | None = None
    type: Literal["text", "integer", "number", "percent", "date", "timestamp", "entity", "boolean"]
    optional: bool = Field(default=False, description="the heading may be absent")
    unit: str = ""
    decimals: int | None = Field(default=None, ge=0, le=9, description="given: stored exactly as DECIMAL")
    range: tuple[float | None, float | None] | None = None
    allowed: tuple[str, ...] = ()
    missing: tuple[str, ...] = Field(default=(), description="tokens of this column that mean missing, besides the usual")
    blank: float | None = Field(default=None, description="what a blank cell means; default: missing")
    scale: Literal["points", "fraction"] = "points"
    relative: Relative | None = Field(default=None, description="words that count from another date of the row")
    parts: dict[Literal["year", "month", "day", "hour", "minute"], str] = Field(default_factory=dict)
    format: str = Field(
        default="", description="strptime pattern of a form outside the policy, such as %d/%m/%Y; of a number: mm:ss, geojson"
    )
    ending: Literal["", "hour", "day"] = Field(default="", description="the time closes its period: stored as the start")
    ahead: int | None = Field(default=0, description="days a date may lie ahead of arrival; null: a plan, any")
    kind: str = Field(default="", description="entity kind of a reference")
    within: str = Field(default="", description="the column that must contain this area")
    unknown: Literal["fault", "unassigned"] = Field(default="fault", description="what a name is that the register does not know")
    mask: tuple[Literal["phone", "name"], ...] = ()
    given: str = Field(
        default="", description="not a cell but a fact of the drop: period, period_end, sheet, file, row, a name of the pattern"
    )
    units: dict[str, float] = Field(default_factory=dict, description="further units, and how much of `unit` one of each is")
    unit_from: str = Field(default="", description="the column that says which of `units` the number of its row counts in")
    reads: dict[str, str] = Field(default_factory=dict, description="cells that mean something here, and what; any other is missing")
    zone: Literal["", "ignore"] = Field(default="", description="ignore: the printed zone is wrong, the time is local")
    above: tuple[str, ...] = Field(default=(), description="tokens that repeat the cell above; an empty one for a blank cell")
    derive: str = Field(default="", description="expression over the other columns")
    grade: int | None = Field(default=None, ge=1, le=4)
    share: Literal["", "unconditional", "conditional", "withheld"] = ""

    @field_validator("heading", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("range", mode="after")
    @classmethod
    def _ordered(cls, value: tuple[float | None, float | None] | None) -> tuple[float | None, float | None] | None:
        if value and value[0] is not None and value[1] is not None and value[0] > value[1]:
            msg = "the lower end first"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        areas = ", ".join(SQUARE_METRES)
        for is_wrong, wanted in (
            ((self.type == "entity") != bool(self.kind), "kind with type entity, and only there"),
            (self.unknown != "fault" and self.type != "entity", "unknown with type entity, and only there"),
            (self.unit_from and not self.units, "units, because unit_from chooses among them"),
            (self.reads and self.type != "text", "reads with type text, since what a cell means is a text"),
            (self.format == OUTLINE and (self.type != "number" or self.unit not in SQUARE_METRES), f"a number and a unit of {areas}"),
            (self.relative and self.type != "date", "relative with type date, and only there"),
        ):
            if is_wrong:
                raise ValueError(wanted)
        return self


class Check(Part):
    """A rule between the columns of one row; a row for which it is false is INCONSISTENT."""

    rule: str
    says: Label


class Outage(Part):
    """A condition under which the values of some columns are no readings: they become missing, the row stays."""

    when: str
    columns: tuple[str, ...] = Field(min_length=1)


class Wide(Part):
    """A table whose headings are values: each cell under one of `headings` becomes a record of its own.

    The heading goes into the column `into`, the cell into the column `value`.
    """

    headings: tuple[str, ...] = Field(min_length=1, description="headings, with * for anything")
    into: str
    value: str


class Table(Part):
    """One table of a feed: what a row is, its key, its time axis, and what a drop covers."""

    name: Label
    kind: Literal["events", "readings", "states"]
    key: tuple[str, ...] = Field(min_length=1)
    time: str = Field(description="the column whose value places the row in time")
    area: tuple[str, ...] = Field(default=(), description="the columns that place the row, finest first")
    covers: Literal["time", "period", "register"] = Field(description="the times listed, the period of the drop, or all up to its end")
    cadence: Cadence | None = Field(default=None, description="when a drop of it is due; default: that of the feed")
    volume: Volume = Volume()
    corrections: int | None = Field(default=None, ge=0, description="days in which a record may still be changed; default: ever")
    every: Literal["", "hour", "day", "month"] = Field(default="", description="the interval of readings")
    day_from: ClockTime = Field(default="00:00", description="when the day begins that its dates name")
    valid_for: int = Field(default=0, ge=0, description="days that a state holds")
    sheet: str = Field(default="", description="the sheets that may hold it, with * for anything")
    unit_row: bool = Field(default=False, description="a row of units stands under the header")
    zero: tuple[str, ...] = Field(default=("零报告", "无", "本期无"), min_length=1, description="words that say: nothing in this period")
    wide: Wide | None = None
    where: str = Field(default="", description="a condition; rows for which it is false are skipped")
    columns: dict[Name, Column] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
    outages: tuple[Outage, ...] = ()
    personal: bool = False

    @property
    def takes_zero(self) -> bool:
        """Whether a 零报告 makes sense: no row is zero only for events, and only where a drop covers a period."""
        return self.kind == "events" and self.covers == "period"

    @model_validator(mode="after")
    def _zero_fits(self) -> Table:
        if self.zero != Table.model_fields["zero"].default and not self.takes_zero:
            msg = "zero with kind events and covers period, and only there"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _names_known(self) -> Table:
        outages = tuple(name for outage in self.outages for name in outage.columns)
        melted = (self.wide.into, self.wide.value) if self.wide else ()
        chosen = tuple(column.unit_from for column in self.columns.values() if column.unit_from)
        uses = (
            ("key", self.key),
            ("time", (self.time,)),
            ("area", self.area),
            ("outage", outages),
            ("wide", melted),
            ("unit_from", chosen),
        )
        for use, names in uses:
            for name in names:
                if name not in self.columns:
                    msg = f"{use} {name!r} is not a column"
                    raise ValueError(msg)
        if self.columns[self.time].type not in {"date", "timestamp"}:
            msg = f"time column {self.time!r} of type date or timestamp"
            raise ValueError(msg)
        for name in self.area:
            if self.columns[name].type != "entity":
                msg = f"area column {name!r} of type entity"
                raise ValueError(msg)
        for name, column in self.columns.items():
            base = self.columns.get(column.relative.to) if column.relative else None
            if column.relative and (base is None or base.type not in {"date", "timestamp"}):
                msg = f"relative of {name!r}: to a column of type date or timestamp"
                raise ValueError(msg)
            if not (column.heading or column.parts or column.derive or column.given or name in melted):
                msg = f"column {name!r} with a heading, parts, given or derive"
                raise ValueError(msg)
        if self.cadence and self.cadence.each and not self.column_of(self.cadence.each):
            msg = f"cadence each {self.cadence.each!r} is the kind of no entity column"
            raise ValueError(msg)
        texts = [check.rule for check in self.checks] + [self.where] * bool(self.where)
        texts += [outage.when for outage in self.outages]
        texts += [column.derive for column in self.columns.values() if column.derive]
        for text in texts:
            self._check_expression(text)
        return self

    def column_of(self, kind: str) -> str:
        """Return the first column that holds entities of a kind, or nothing."""
        return next((name for name, column in self.columns.items() if column.kind == kind), "")

    def _check_expression(self, text: str) -> None:
        try:
            unknown = parse(text).names - set(self.columns)
        except ExpressionError as error:
            raise ValueError(str(error)) from error
        if unknown:
            msg = f"{text!r} names {', '.join(sorted(unknown))}, which is no column"
            raise ValueError(msg)


class Contract(Part):
    """A whole feed."""

    feed: Name
    code: str
    name: Label
    department: str
    system: str = ""
    data_class: str = Field(alias="class")
    grade: int = Field(ge=1, le=4)
    share: Literal["unconditional", "conditional", "withheld"]
    owner: str
    source: Literal["department", "desk"] = Field(
        default="department", description="desk: the product itself reports so what people did about alerts, one file a day"
    )
    since: date
    version: int = Field(ge=1)
    cadence: Cadence
    files: Files
    tables: dict[Name, Table] = Field(min_length=1)

    @model_validator(mode="after")
    def _period_known(self) -> Contract:
        if not self.files.period and any(table.covers != "time" for table in self.tables.values()):
            msg = "files.period, because a table covers a period"
            raise ValueError(msg)
        each = self.cadence.each
        if each and (without := [name for name, table in self.tables.items() if not table.cadence and not table.column_of(each)]):
            msg = f"cadence each {each!r} with an entity column of that kind in {', '.join(without)}, or a cadence of its own there"
            raise ValueError(msg)
        source = self.files.period
        for name, table in self.tables.items():
            for of, column in table.columns.items():
                tokens = (source.some_tokens if column.heading else source.tokens) if source else frozenset()
                if column.given and column.given not in {*GIVEN, *tokens}:
                    msg = f"given of {name}.{of}: one of {', '.join(sorted({*GIVEN, *tokens}))}"
                    raise ValueError(msg)
                if column.given in {"period", "period_end"} and not self.files.period:
                    msg = f"files.period, because {name}.{of} is given by it"
                    raise ValueError(msg)
        return self

    def cadence_of(self, table: str) -> Cadence:
        """Return when a drop of a table is due."""
        return self.tables[table].cadence or self.cadence


def expression(text: str) -> Expression:
    """Parse a rule of a contract that validation has already accepted."""
    return parse(text)
