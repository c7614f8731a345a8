"""A service's own database: named queries, transactions, one pool a process."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps
from psycopg_pool import ConnectionPool, PoolTimeout

from services.chassis import wire
from services.chassis.driver import require_cooperative_driver

Params = Mapping[str, Any]

# What comes and goes by itself: a server that does not answer, or that takes no changes for now, as after a failover
# or on a full disk. Nothing is wrong with what was asked of it.
AWAY = (psycopg.OperationalError, ReadOnlySqlTransaction, PoolTimeout)

_QUERY = re.compile(r"^-- name: (\w+)\n((?:--.*\n)+)", re.MULTILINE)

set_json_dumps(wire.dumps)


def load_queries(package: str) -> dict[str, str]:
    """Read every `queries.sql` of a package and every file of its folders `queries`.

    Each query begins with `-- name: the_name`, then a comment line of what it does, then the SQL.

    Raises:
        ValueError: a name stands twice.
    """
    root = Path(str(files(package)))
    sources = sorted(
        path for path in root.rglob("*.sql") if path.name == "queries.sql" or path.parent.name == "queries"
    )
    parts = [part for source in sources for part in _QUERY.split(source.read_text("utf-8"))[1:]]
    queries: dict[str, str] = {}
    for name, _comment, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if name in queries:
            raise ValueError(f"{package}: query {name} stands twice")
        queries[name] = text.strip()
    return queries


TO_CHANGE = re.compile(r"lock_.*|.*_to_change")
# Fewer columns are a lock and nothing that is locked.
SOMETHING = 3


class Store:
    """Named queries on one connection. Services derive theirs, with a method for each thing they need."""

    def __init__(self, connection: psycopg.Connection[DictRow], queries: Mapping[str, str]) -> None:
        """Use a connection, in whatever transaction it is."""
        self._connection = connection
        self._queries = queries
        # What the first thing was that this transaction holds in order to change it; see `services/chassis/trail.py`.
        self.before: Mapping[str, Any] | None = None

    def row(self, query: str, **params: Any) -> DictRow | None:
        """Return the first row of a query, None when there is none."""
        return self._noted(query, self._connection.execute(self._queries[query], params).fetchone())

    def rows(self, query: str, **params: Any) -> list[DictRow]:
        """Return all rows of a query."""
        found = self._connection.execute(self._queries[query], params).fetchall()
        self._noted(query, found[0] if len(found) == 1 else None)
        return found

    def value(self, query: str, **params: Any) -> Any:
        """Return the first column of the first row; None when there is no row."""
        found = self.row(query, **params)
        return next(iter(found.values())) if found else None

    def ask(self, query: str, **params: Any) -> Callable[[], DictRow | None]:
        """Send a query and return what gives its first row, once, None when there is none.

        In a transaction it travels with the next query that is read: one round trip for both.
        """
        cursor = self._connection.execute(self._queries[query], params)
        return lambda: self._noted(query, cursor.fetchone())

    def _noted(self, query: str, row: DictRow | None) -> DictRow | None:
        """Keep what a query gives that locks one thing before it is changed: by its name `lock_…` or `…_to_change`."""
        if self.before is None and row is not None and len(row) >= SOMETHING and TO_CHANGE.fullmatch(query):
            self.before = row
        return row

    def run(self, query: str, **params: Any) -> None:
        """Run a query whose result nobody reads.

        In a transaction it travels with the next query that is read, or with the commit: a fault of it is raised
        there. Use `changed` or `row` where the fault or the count matters here.
        """
        self._connection.execute(self._queries[query], params)

    def changed(self, query: str, **params: Any) -> int:
        """Run a query and return how many rows it touched."""
        cursor = self._connection.execute(self._queries[query], params)
        if self._connection.pgconn.pipeline_status:
            # Only a fetch waits for results, and a statement that gives no rows cannot be fetched from.
            self.row("ping")
        return cursor.rowcount

    def run_many(self, query: str, rows: Sequence[Params]) -> None:
        """Run a query once for each row, in one round trip."""
        if rows:
            with self._connection.cursor() as cursor:
                cursor.executemany(self._queries[query], rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what follows one transaction; inside of one, a part of it that can be undone alone."""
        connection = self._connection
        if connection.pgconn.pipeline_status:
            with connection.pipeline() as pipeline:
                # Until then libpq does not know that a transaction is open.
                pipeline.sync()
                with connection.transaction():
                    yield
        else:
            with _in_one_transaction(connection):
                yield


# Whoever works with a part of a store works with the whole.
S = TypeVar("S", bound=Store, covariant=True)


class Database(Generic[S]):
    """The pool of a process and the store class that works on it. Opens no connection until it is used."""

    def __init__(
        self,
        store: type[S],
        queries: Mapping[str, str],
        *,
        url: str,
        size: int = 16,
        timeout: float = 3.0,
        plan_once: bool = False,
    ) -> None:
        """Describe a database.

        Args:
            store: the service's store class.
            queries: its queries by name; the chassis's own are added.
            url: PostgreSQL connection URI of the service's own role.
            size: most connections of this process; at least the number of its workers.
            timeout: seconds to wait for a free connection.
            plan_once: a statement is planned once a connection, whatever its parameters: for many short statements
                that read by an index. PostgreSQL would plan those with lists for each use anew.
        """
        require_cooperative_driver()
        self._store = store
        self._queries = {**load_queries("services.chassis"), **queries}
        self._url, self._size, self._timeout, self._plan_once = url, size, timeout, plan_once
        self._opened: ConnectionPool[psycopg.Connection[DictRow]] | None = None
        self._opening = Lock()

    @property
    def _pool(self) -> ConnectionPool[psycopg.Connection[DictRow]]:
        """The pool, opened by its first use: one, although many may be the first at the same time."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> ConnectionPool[psycopg.Connection[DictRow]]:
        return ConnectionPool(
            self._url,
            kwargs={
                "row_factory": dict_row,
                "autocommit": True,
                "application_name": _application_name(),
                # At once: psycopg forgets only of the first use that a pipeline failed before a statement was prepared.
                "prepare_threshold": 0,
            },
            min_size=1,
            max_size=self._size,
            timeout=self._timeout,
            max_idle=300,
            configure=_plan_once if self._plan_once else None,
            reconnect_timeout=10,
            check=None,
            open=True,
        )

    @contextmanager
    def autocommit(self) -> Iterator[S]:
        """Give a store whose every statement is a transaction of its own."""
        with self._pool.connection() as connection, _given_up_if_read_only(connection):
            yield self._store(connection, self._queries)

    @contextmanager
    def transaction(self) -> Iterator[S]:
        """Give a store inside one transaction, committed at the end, rolled back by an exception.

        It is a pipeline: see `Store.run`. COPY and notifications need a connection of their own.
        """
        with (
            self._pool.connection() as connection,
            _given_up_if_read_only(connection),
            _in_one_transaction(connection),
        ):
            yield self._store(connection, self._queries)

    def connect(self) -> psycopg.Connection[DictRow]:
        """Return a connection of its own, outside the pool, in autocommit; for the relay."""
        return psycopg.connect(
            self._url, row_factory=dict_row, autocommit=True, application_name=_application_name()
        )

    @property
    def queries(self) -> Mapping[str, str]:
        """All named queries, the chassis's and the service's."""
        return self._queries

    def ping(self) -> None:
        """Ask the database for an answer.

        Raises:
            psycopg.Error: it gives none.
        """
        with self.autocommit() as store:
            store.row("ping")

    def drop_broken(self) -> None:
        """Throw away idle connections that are dead, as all are after the server was away."""
        if self._opened is not None:
            self._opened.check()

    def close(self) -> None:
        """Close the pool if it was ever opened."""
        if self._opened is not None:
            self._opened.close()


@contextmanager
def _given_up_if_read_only(connection: psycopg.Connection[DictRow]) -> Iterator[None]:
    """Close a connection that may not write: it stays so for its life, while a new one finds who takes changes."""
    try:
        yield
    except ReadOnlySqlTransaction:
        connection.close()
        raise


def _plan_once(connection: psycopg.Connection[DictRow]) -> None:
    connection.execute("SET plan_cache_mode = force_generic_plan")


@contextmanager
def _in_one_transaction(connection: psycopg.Connection[DictRow]) -> Iterator[None]:
    """Make a block one transaction in psycopg's pipeline mode.

    By hand: `connection.transaction()` waits for the answer to BEGIN, and again before COMMIT.
    """
    try:
        with connection.pipeline():
            connection.execute("BEGIN")
            yield
            connection.execute("COMMIT")
    except BaseException:
        _undo(connection)
        raise


def _undo(connection: psycopg.Connection[DictRow]) -> None:
    """Roll back what a failed pipeline left open; a connection that cannot is closed, and its pool drops it."""
    try:
        if connection.pgconn.pipeline_status:
            connection.close()
        else:
            connection.rollback()
    except psycopg.Error:
        connection.close()


def _application_name() -> str:
    return f"hallflow-{os.getpid()}"
