"""Keeps the actions: in SQLite beside the snapshots, or in PostgreSQL by URL, on one code path.

Writers stand in one queue, so that each row rests on the one before it; readers wait for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, insert, inspect, make_url, select
from sqlalchemy.exc import DBAPIError

from data.desk.action import Action, Entry, Head, chained
from data.desk.schema import ACTIONS, MESSAGES, MIGRATIONS, Migration, bring_forward, version_of
from data.settings import Settings

PATIENCE_SECONDS = 30  # so long a writer waits for those before it
_QUEUE = 0x6465736B  # PostgreSQL's advisory lock of those who write: "desk"
_FEW = 400  # beyond so many subjects it is sooner to read them all
OWN_SUBJECT = "M{:06d}"  # what people found gets the number of the action that opened it
Admit = Callable[[Entry, Sequence[Action]], None]


class DeskUnavailableError(OSError):
    """Raised when the desk's database cannot be reached, or others held it for too long."""


class BackupNeededError(Exception):
    """Raised for a PostgreSQL desk of an older version: it is brought forward only once somebody says that a dump was made."""


class Store:
    """An open desk. Made by `open_store`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine whose tables are there."""
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @property
    def url(self) -> str:
        """Where the desk is, without a password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open the desk for reading; raises DeskUnavailableError."""
        with _told(self._engine), self._engine.begin() as con:
            yield con

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the desk for writing, behind those who write already; all of it or nothing is on the disk afterwards."""
        with _told(self._writer), self._writer.begin() as con:
            _stand_in_queue(con)
            yield con

    def has_outbox(self) -> bool:
        """Whether the desk is new enough to hold messages."""
        with self.reading() as con:
            return inspect(con).has_table(MESSAGES.name)

    def head(self) -> Head:
        """Return the last number and the hash of its row."""
        with self.reading() as con:
            return _head(con)

    def actions(self, subjects: Iterable[str] | None = None, upto: int | None = None) -> list[Action]:
        """Return what was done, in order: about these subjects or about all, up to a number or to now."""
        query = select(*(ACTIONS.c[one.name] for one in fields(Action))).order_by(ACTIONS.c.number)
        wanted = None if subjects is None else set(subjects)
        if wanted is not None and len(wanted) <= _FEW:
            query = query.where(ACTIONS.c.subject.in_(wanted))
        if upto is not None:
            query = query.where(ACTIONS.c.number <= upto)
        with self.reading() as con:
            found = [Action(*row) for row in con.execute(query)]
        return found if wanted is None else [action for action in found if action.subject in wanted]

    def append(self, entry: Entry, admit: Admit) -> Action:
        """Add what somebody does and return its row, on the disk before this returns.

        `admit` sees what was done to the subject so far, while nobody else can write, and raises what it refuses with;
        then nothing is added. An entry without a subject opens one. Raises DeskUnavailableError.
        """
        with self.writing() as con:
            head = _head(con)
            subject = entry.subject or OWN_SUBJECT.format(head.number + 1)
            query = select(*(ACTIONS.c[one.name] for one in fields(Action))).where(ACTIONS.c.subject == subject)
            admit(entry, [Action(*row) for row in con.execute(query.order_by(ACTIONS.c.number))])
            action = chained(entry, subject, head)
            con.execute(insert(ACTIONS).values(asdict(action)))
        return action


def open_store(settings: Settings, migrations: Sequence[Migration] = MIGRATIONS, *, backed_up: bool = False) -> Store:
    """Open the desk of a run-time directory, made where there is none and brought forward where it is older.

    SQLite is copied before it is brought forward; of PostgreSQL somebody must say so (`backed_up`). Raises
    BackupNeededError, DeskNewerError, DeskUnavailableError.
    """
    if not settings.desk_url:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = _engine(settings)
    with _told(engine):
        with engine.begin() as con:
            now = version_of(con)
        if now != migrations[-1].version:
            with engine.execution_options(writes=True).begin() as con:
                _stand_in_queue(con)
                now = version_of(con)  # others may have done it while we waited
                if 0 < now < migrations[-1].version:
                    _keep_copy(engine, settings, now, backed_up=backed_up)
                bring_forward(con, migrations)
    return Store(engine)


def store_if_there(settings: Settings) -> Store | None:
    """Return the desk of a run-time directory, None where nobody has done anything yet; nothing is made."""
    if not settings.desk_url and not settings.desk_file.is_file():
        return None
    engine = _engine(settings)
    with _told(engine), engine.begin() as con:
        return Store(engine) if version_of(con) else None


def head_of(settings: Settings) -> Head | None:
    """Return how far the desk has come, for the manifest of a snapshot; None where there is no desk."""
    store = store_if_there(settings)
    return store.head() if store else None


def _engine(settings: Settings) -> Engine:
    """Return an engine that keeps no connection; a read begins a read, a write takes the file at once and not half way."""
    url = make_url(settings.desk_url or f"sqlite:///{settings.desk_file}")
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        msg = f"DESK_URL: found {url.drivername}, wanted postgresql or sqlite"
        raise ValueError(msg)
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"timeout": PATIENCE_SECONDS} if url.get_backend_name() == "sqlite" else {}
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_file)
        event.listen(engine, "begin", _begin_in_file)
    return engine


def _prepare_file(connection: Any, _: object) -> None:
    """Have a file on the disk with each commit and readers beside a writer; transactions begin as `_begin_in_file` says."""
    connection.isolation_level = None
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_in_file(con: Connection) -> None:
    con.exec_driver_sql("BEGIN IMMEDIATE" if con.get_execution_options().get("writes") else "BEGIN")


def _stand_in_queue(con: Connection) -> None:
    """Wait for those who write; in a file, BEGIN IMMEDIATE has done so."""
    if con.dialect.name == "postgresql":
        con.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        con.execute(select(func.pg_advisory_xact_lock(_QUEUE)))


def _head(con: Connection) -> Head:
    row = con.execute(select(ACTIONS.c.number, ACTIONS.c.hash).order_by(ACTIONS.c.number.desc()).limit(1)).first()
    return Head(*row) if row else Head()


def _keep_copy(engine: Engine, settings: Settings, version: int, *, backed_up: bool) -> None:
    """Copy a file as it is, by a second connection, while nobody else writes."""
    if engine.dialect.name == "postgresql":
        if not backed_up:
            raise BackupNeededError
        return
    with engine.connect() as con:
        target = settings.desk_file.with_name(f"desk.v{version}.sqlite")
        raw = con.connection.driver_connection
        assert raw is not None
        with closing(type(raw)(target)) as copy:
            raw.backup(copy)


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Raise what goes wrong with the database, and not with what is done, as one error of the house."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        raise DeskUnavailableError(0, reason, engine.url.render_as_string(hide_password=True)) from error
