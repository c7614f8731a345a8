"""Statements of a transaction travel together; their faults are those of the statements, and leave nothing behind."""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import psycopg
import pytest
from psycopg import errors as pg

from services.chassis import clock
from services.chassis.commands import run_once
from services.chassis.db import Database, Store
from services.chassis.errors import KeyReused, NotFound
from tests.waiting import DEADLINE_S

QUERIES = {
    "make": "CREATE TABLE things (id integer PRIMARY KEY, size integer CHECK (size > 0))",
    "defer": "CREATE TABLE parts (thing integer REFERENCES things DEFERRABLE INITIALLY DEFERRED)",
    "add": "INSERT INTO things VALUES (%(id)s, %(size)s)",
    "add_part": "INSERT INTO parts VALUES (%(thing)s)",
    "grow": "UPDATE things SET size = size + 1 WHERE id = %(id)s",
    "grow_all": "UPDATE things SET size = size + 1",
    "count": "SELECT count(*) AS things FROM things",
    "sizes": "SELECT id, size FROM things ORDER BY id",
    "size_of": "SELECT size FROM things WHERE id = %(id)s",
    "plan_mode": "SHOW plan_cache_mode",
    "who": "SELECT pg_backend_pid() AS pid",
    "leave": "SELECT pg_terminate_backend(pg_backend_pid())",
}


@pytest.fixture(params=[2])
def things(database: Callable[[str], str], request: pytest.FixtureRequest) -> Iterator[Database[Store]]:
    """Give a database by a pool of two connections, or of as many as the test says."""
    base = Database(Store, QUERIES, url=database("cases"), size=request.param, timeout=DEADLINE_S)
    with base.autocommit() as store:
        store.run("make")
        store.run("defer")
    yield base
    base.close()


def _count(base: Database[Store]) -> int:
    with base.autocommit() as store:
        return int(store.value("count"))


def test_a_fault_of_a_statement_that_nobody_reads_is_raised_by_the_next_that_is_read(
    things: Database[Store],
) -> None:
    with things.transaction() as store:
        store.run("add", id=1, size=1)
    with pytest.raises(pg.UniqueViolation), things.transaction() as store:
        store.run("add", id=1, size=1)
        store.run("add", id=2, size=1)
        store.value("count")
    assert _count(things) == 1


@pytest.mark.parametrize("behind", [0, 1, 30])
def test_a_fault_that_comes_with_the_commit_fails_the_transaction_by_its_own_name(
    things: Database[Store], behind: int
) -> None:
    with pytest.raises(pg.CheckViolation), things.transaction() as store:
        store.run("add", id=1, size=0)
        for each in range(behind):
            store.run("add", id=2 + each, size=1)
    assert _count(things) == 0


def test_a_fault_of_the_commit_itself_fails_a_command(things: Database[Store]) -> None:
    def effect(store: Store) -> str:
        store.run("add_part", thing=7)
        return "done"

    with pytest.raises(pg.ForeignKeyViolation):
        run_once(things, "c-1", "mark", effect, at=clock.now())
    done = run_once(things, "c-1", "mark", lambda store: "again", at=clock.now())
    assert (done.body, done.replayed) == ("again", False)


def test_a_repeat_is_undone_and_gets_the_first_answer(things: Database[Store]) -> None:
    def add(store: Store) -> str:
        store.run("grow_all")
        store.run("add", id=store.value("count"), size=1)
        return "added"

    assert not run_once(things, "c-1", "mark", add, at=clock.now()).replayed
    again = run_once(things, "c-1", "mark", add, at=clock.now())
    assert (again.body, again.replayed) == ("added", True)
    with things.autocommit() as store:
        assert store.rows("sizes") == [{"id": 0, "size": 1}]


def _add_one(store: Store) -> str:
    store.run("add", id=1, size=1)
    return str(store.value("count"))


def _refuse(store: Store) -> str:
    raise NotFound


@pytest.mark.parametrize("effect", [_add_one, _refuse])
def test_a_repeat_whose_effect_fails_by_now_gets_the_first_answer(
    things: Database[Store], effect: Callable[[Store], str]
) -> None:
    run_once(things, "c-1", "mark", _add_one, at=clock.now())
    again = run_once(things, "c-1", "mark", effect, at=clock.now())
    assert (again.body, again.replayed) == ("1", True)
    with pytest.raises(KeyReused):
        run_once(things, "c-1", "another mark", effect, at=clock.now())
    with pytest.raises((pg.UniqueViolation, NotFound)):
        run_once(things, "c-2", "mark", effect, at=clock.now())
    assert _count(things) == 1


def test_a_question_travels_with_the_next_that_is_read(things: Database[Store]) -> None:
    with things.transaction() as store:
        store.run("add", id=1, size=1)
        before = store.ask("count")
        store.run("add", id=2, size=1)
        assert store.value("count") == 2
        assert before() == {"things": 1}
        nothing = store.ask("size_of", id=9)
        assert nothing() is None
    with things.autocommit() as store:
        assert store.ask("count")() == {"things": 2}


def test_a_statement_is_planned_once_where_that_was_asked_for(things: Database[Store]) -> None:
    once = Database(Store, QUERIES, url=things._url, size=1, plan_once=True)
    try:
        with things.autocommit() as usual, once.autocommit() as store:
            assert store.value("plan_mode") == "force_generic_plan" != usual.value("plan_mode")
    finally:
        once.close()


def test_a_fault_that_was_swallowed_fails_the_transaction_nevertheless(things: Database[Store]) -> None:
    with pytest.raises(psycopg.Error), things.transaction() as store:
        store.run("add", id=1, size=1)
        with pytest.raises(pg.CheckViolation):
            store.changed("add", id=2, size=0)
    assert _count(things) == 0


@pytest.mark.parametrize("things", [1], indirect=True)
def test_a_connection_works_on_after_faults_at_every_place(things: Database[Store]) -> None:
    """Statements are prepared at their first use: one that a fault kept from it must be prepared later."""
    with things.transaction() as store:
        backend = store.value("who")
    for fault in range(12):
        with pytest.raises((pg.CheckViolation, ZeroDivisionError)), things.transaction() as store:
            if fault % 2:
                store.run("add", id=1, size=0)
            store.run("grow", id=1)
            store.run_many("add", [{"id": each, "size": 1} for each in (5, 6)])
            if fault % 4 >= 2:
                store.value("count")
            raise ZeroDivisionError
    with things.transaction() as store:
        assert store.value("who") == backend
        store.run("add", id=1, size=1)
        store.run("grow", id=1)
        store.run_many("add", [{"id": each, "size": 1} for each in (5, 6)])
    with things.autocommit() as store:
        assert [row["size"] for row in store.rows("sizes")] == [2, 1, 1]


def test_a_transaction_whose_connection_is_lost_is_repeatable_and_the_pool_gives_another(
    things: Database[Store],
) -> None:
    with things.transaction() as store:
        store.run("add", id=1, size=1)
    with pytest.raises(psycopg.OperationalError), things.transaction() as store:
        store.run("grow", id=1)
        store.run("leave")
    with things.transaction() as store:
        assert store.rows("sizes") == [{"id": 1, "size": 1}]


def test_counts_are_those_of_the_statement(things: Database[Store]) -> None:
    with things.transaction() as store:
        store.run_many("add", [{"id": each, "size": 1} for each in range(3)])
        assert store.changed("grow_all") == 3
        assert store.changed("grow", id=9) == 0
    with things.autocommit() as store:
        assert store.changed("grow_all") == 3


def test_a_part_is_undone_alone_and_the_rest_stays_one_transaction(things: Database[Store]) -> None:
    with pytest.raises(ZeroDivisionError), things.transaction() as store:
        store.value("count")
        with store.transaction():
            store.run("add", id=1, size=1)
        raise ZeroDivisionError
    assert _count(things) == 0

    with things.transaction() as store:
        store.run("add", id=1, size=1)
        with pytest.raises(pg.UniqueViolation), store.transaction():
            store.run("add", id=2, size=1)
            store.run("add", id=1, size=1)
        store.run("add", id=3, size=1)
    with things.autocommit() as store:
        assert [row["id"] for row in store.rows("sizes")] == [1, 3]


def test_a_transaction_of_single_statements_is_done_whole_or_not(things: Database[Store]) -> None:
    with things.autocommit() as store:
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.run("add", id=1, size=1)
            raise ZeroDivisionError
        with store.transaction():
            store.run("add", id=2, size=1)
        assert [row["id"] for row in store.rows("sizes")] == [2]


def test_of_two_that_wait_for_each_other_one_fails_as_a_deadlock(things: Database[Store]) -> None:
    with things.transaction() as store:
        store.run_many("add", [{"id": each, "size": 1} for each in (1, 2)])
    both, faults = Barrier(2, timeout=DEADLINE_S), []

    def cross(first: int, second: int) -> None:
        try:
            with things.transaction() as store:
                store.changed("grow", id=first)
                both.wait()
                store.run("grow", id=second)
                store.run("grow", id=first)
        except psycopg.Error as fault:
            faults.append(type(fault))

    threads = [Thread(target=cross, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert faults == [pg.DeadlockDetected]
    with things.autocommit() as store:
        assert sorted(row["size"] for row in store.rows("sizes")) == [2, 3]
