"""A database that another test has used is as a fresh one is, or it is not handed on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests import spare
from tests.servers import PostgresServer

# What a test might leave behind that is no row.
LEFT = {
    "a column": "ALTER TABLE outbox ADD made int",
    "a function": "CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a constraint": "ALTER TABLE outbox ADD CONSTRAINT made CHECK (true)",
    "a trigger that is off": "ALTER TABLE personal_accesses DISABLE TRIGGER USER",
    "an index that is gone": "DROP INDEX commands_created_at",
    "a right": "GRANT SELECT ON outbox TO PUBLIC",
    "statistics": "ANALYZE relay",
}
FACT = "INSERT INTO outbox (type, body, created_at) VALUES ('made', '{}', now()) RETURNING id"


@dataclass(frozen=True)
class Used:
    """A database of ticketing for its administrator, and what it was like before it was used."""

    dsn: str
    fresh: dict[str, Any]

    def ask(self, question: str) -> Any:
        """Return the one value of a statement's one row."""
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]

    def run(self, statement: str) -> None:
        """Run what has no answer."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute(statement.encode())

    def empty(self) -> bool:
        """Make it what it was, and say whether it is."""
        return spare.empty(self.dsn, self.fresh)


@pytest.fixture
def used(postgres_server: PostgresServer) -> Iterator[Used]:
    """A database that is this test's alone."""
    name, _ = postgres_server.clone("ticketing")
    dsn = urlunsplit(urlsplit(postgres_server.dsn)._replace(path=f"/{name}"))
    yield Used(dsn, spare.origin(dsn))
    postgres_server.drop(name)


def test_rows_numbers_and_places_begin_again(used: Used) -> None:
    assert used.ask(FACT) == 1
    used.run("UPDATE relay SET position = 7")
    assert used.empty()
    assert used.ask("SELECT count(*) FROM outbox") == 0
    assert used.ask("SELECT position FROM relay") == 0
    assert used.ask(FACT) == 1


def test_a_number_that_was_drawn_and_taken_back_is_drawn_again(used: Used) -> None:
    with psycopg.connect(used.dsn) as connection:
        connection.execute(FACT)
        connection.rollback()
    assert used.empty()
    assert used.ask(FACT) == 1


def test_tables_that_were_added_go(used: Used) -> None:
    used.run("CREATE TABLE made (id int PRIMARY KEY)")
    assert used.empty()
    assert used.ask("SELECT to_regclass('made') IS NULL")


def test_who_still_sits_in_it_is_sent_away_with_the_locks_held(used: Used) -> None:
    with psycopg.connect(used.dsn) as sitting:
        sitting.execute("LOCK TABLE outbox")
        assert used.empty()
        with pytest.raises(psycopg.OperationalError):
            sitting.execute("SELECT 1")


@pytest.mark.parametrize("statement", LEFT.values(), ids=LEFT)
def test_what_has_another_shape_is_given_up(used: Used, statement: str) -> None:
    used.run(statement)
    assert not used.empty()
