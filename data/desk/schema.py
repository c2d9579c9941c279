"""The tables of a desk and how they come from one version to the next, forward only; SQLite and PostgreSQL alike.

The rows of `actions` are what is hashed: text, so that both databases hold the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, func, inspect, select

METADATA = MetaData()
ACTIONS = Table(
    "actions", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False), Column("recorded_at", String(40), nullable=False),
    Column("who", Text, nullable=False), Column("role", Text, nullable=False), Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("subject", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False), Column("payload", Text, nullable=False),
    Column("previous", String(64), nullable=False, unique=True), Column("hash", String(64), nullable=False),
)  # fmt: skip
MESSAGES = Table(
    "messages", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False), Column("key", String(300), nullable=False, unique=True),
    Column("alert", Text, nullable=False, index=True), Column("occasion", Text, nullable=False), Column("level", Text, nullable=False),
    Column("channel", Text, nullable=False), Column("recipient", Text, nullable=False), Column("contact", Text, nullable=False),
    Column("title", Text, nullable=False), Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("written_at", String(40), nullable=False), Column("due_at", String(40), nullable=False),
    Column("claimed_at", String(40), nullable=False), Column("gone_at", String(40), nullable=False),
    Column("tries", Integer, nullable=False), Column("fault", Text, nullable=False),
)  # fmt: skip
VERSIONS = Table("versions", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))

# Nobody changes what was done. REPLACE removes rows without a trigger for DELETE, so a number must also follow the last one.
_SQLITE = (
    "CREATE TRIGGER actions_stay BEFORE UPDATE ON actions BEGIN SELECT RAISE(ABORT, 'actions are only ever added'); END",
    "CREATE TRIGGER actions_last BEFORE DELETE ON actions BEGIN SELECT RAISE(ABORT, 'actions are only ever added'); END",
    (
        "CREATE TRIGGER actions_follow BEFORE INSERT ON actions WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM actions)"
        " BEGIN SELECT RAISE(ABORT, 'actions have no gaps'); END"
    ),
)
_POSTGRESQL = (
    "CREATE FUNCTION actions_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'actions are only ever added'; END $$",
    (
        "CREATE FUNCTION actions_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM actions) THEN RAISE EXCEPTION 'actions have no gaps'; END IF;"
        " RETURN NEW; END $$"
    ),
    "CREATE TRIGGER actions_stay BEFORE UPDATE OR DELETE ON actions FOR EACH ROW EXECUTE FUNCTION actions_stay()",
    "CREATE TRIGGER actions_whole BEFORE TRUNCATE ON actions FOR EACH STATEMENT EXECUTE FUNCTION actions_stay()",
    "CREATE TRIGGER actions_follow BEFORE INSERT ON actions FOR EACH ROW EXECUTE FUNCTION actions_follow()",
)


class DeskNewerError(Exception):
    """Raised for a desk that a newer version of this program has brought forward."""

    def __init__(self, found: int, known: int) -> None:
        """Keep the version of the desk and the newest one that this program knows."""
        self.found, self.known = found, known
        super().__init__(f"the desk is of version {found}, this program knows {known}")


@dataclass(frozen=True, slots=True)
class Migration:
    """The tables that one step forward makes, and its statements by database."""

    version: int
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, _SQLITE, _POSTGRESQL, (ACTIONS, VERSIONS)),
    Migration(2, tables=(MESSAGES,)),
)


def version_of(con: Connection) -> int:
    """Return the version of a desk, 0 where there is none yet."""
    if not inspect(con).has_table(VERSIONS.name):
        return 0
    return con.scalar(select(func.max(VERSIONS.c.version))) or 0


def bring_forward(con: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take the steps that are still to be taken, within the transaction of the connection; raises DeskNewerError."""
    now = version_of(con)
    if now > migrations[-1].version:
        raise DeskNewerError(now, migrations[-1].version)
    for step in migrations:
        if step.version <= now:
            continue
        METADATA.create_all(con, tables=step.tables)
        for statement in step.sqlite if con.dialect.name == "sqlite" else step.postgresql:
            con.exec_driver_sql(statement)
        con.execute(VERSIONS.insert().values(version=step.version))
