"""Imports that are taken back: what goes, what stays, and that the sums are those of the facts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.statistics.errors import AnalystsOnly, CannotTakeBack
from services.statistics.imports.domain import csv_lines
from services.statistics.imports.domain.imports import Import
from services.statistics.imports.use_cases import imports
from services.statistics.imports.use_cases.uploads import take_back_imports
from services.statistics.store import Store
from tests.integration.statistics.importing import Importer, line, lines, written
from tests.integration.statistics.in_process import ANALYST
from tests.waiting import DEADLINE_S

TODAY = datetime.fromisoformat("2011-11-30T20:00:00+08:00")
VOLUMES = "SELECT * FROM volumes ORDER BY grain, dimension, period, department, key"


@pytest.fixture
def importer(database: Callable[[str], str]) -> Iterator[Importer]:
    opened = Database(
        Store, load_queries("services.statistics"), url=database("statistics"), size=4, timeout=DEADLINE_S
    )
    with clock.showing(lambda: TODAY):
        yield Importer(opened)
    opened.close()


def take_back(importer: Importer, work: Import) -> Import:
    with importer.database.transaction() as store:
        imports.take_back_import(store, ANALYST, id=UUID(work.id))
    assert take_back_imports(importer.database)
    assert not take_back_imports(importer.database)
    return found(importer, work)


def found(importer: Importer, work: Import) -> Import:
    with importer.database.autocommit() as store:
        now = store.find_import("main", work.id)
    assert now is not None
    return now


def numbers(importer: Importer) -> list[str]:
    listed: list[Any] = importer.rows("SELECT number FROM case_facts ORDER BY number")
    assert [row["number"] for row in importer.rows("SELECT number FROM case_numbers ORDER BY number")] == [
        row["number"] for row in listed
    ]
    return [row["number"] for row in listed]


def test_all_of_an_import_goes_and_the_sums_are_as_before(importer: Importer, tmp_path: Path) -> None:
    importer.take(written(tmp_path / "kept.csv", lines(40, first=1)))
    before = importer.rows(VOLUMES)
    wrong = importer.take(written(tmp_path / "wrong.csv", lines(200, first=1000)))
    ended = take_back(importer, wrong)
    assert (ended.state, ended.rows_taken, ended.rows_removed) == ("done", 200, 200)
    assert (ended.taken_back_at, ended.taken_back_by) == (TODAY, "analyst")
    assert importer.rows(VOLUMES) == before
    assert numbers(importer) == [f"2011-{n:07d}" for n in range(1, 41)]
    again = importer.take(written(tmp_path / "right.csv", lines(200, first=1000)))
    assert (again.rows_taken, again.rows_known) == (200, 0)
    importer.require_sums_of_facts()


def test_rows_that_another_import_has_too_stay_with_that_one(importer: Importer, tmp_path: Path) -> None:
    first = importer.take(written(tmp_path / "first.csv", lines(60, first=1)))
    second = importer.take(written(tmp_path / "second.csv", lines(60, first=31)))
    third = importer.take(written(tmp_path / "third.csv", lines(10, first=51)))
    assert (second.rows_taken, second.rows_known, third.rows_known) == (30, 30, 10)
    assert take_back(importer, first).rows_removed == 30
    assert numbers(importer) == [f"2011-{n:07d}" for n in range(31, 91)]
    assert take_back(importer, second).rows_removed == 50
    assert numbers(importer) == [f"2011-{n:07d}" for n in range(51, 61)]
    importer.require_sums_of_facts()
    assert take_back(importer, third).rows_removed == 10  # it brought none itself
    assert numbers(importer) == []
    importer.require_sums_of_facts()


def test_a_file_taken_in_twice_can_be_taken_back_both_times(importer: Importer, tmp_path: Path) -> None:
    path = written(tmp_path / "cases.csv", lines(20))
    first, second = importer.take(path), importer.take(path)
    assert (second.rows_taken, second.rows_known) == (0, 20)
    assert [take_back(importer, first).rows_removed, numbers(importer) != []] == [0, True]
    assert take_back(importer, second).rows_removed == 20
    assert numbers(importer) == []


def test_an_import_without_a_row_cannot_be_taken_back(importer: Importer, tmp_path: Path) -> None:
    empty = importer.take(written(tmp_path / "none.csv", []))
    assert (empty.rows_taken, empty.rows_known) == (0, 0)
    with importer.database.autocommit() as store, pytest.raises(CannotTakeBack):
        imports.take_back_import(store, ANALYST, id=UUID(empty.id))


def test_what_events_told_of_stays(importer: Importer, tmp_path: Path) -> None:
    work = importer.take(written(tmp_path / "cases.csv", lines(20, first=1)))
    with importer.database.connect() as connection:
        connection.execute("UPDATE case_facts SET sequence = 3 WHERE number = '2011-0000007'")
    assert take_back(importer, work).rows_removed == 19
    assert numbers(importer) == ["2011-0000007"]
    importer.require_sums_of_facts()


def test_what_a_failed_import_brought_can_be_taken_back(
    importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "CHUNK_BYTES", 1000)
    whole = written(tmp_path / "cases.csv.gz", lines(50))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole.read_bytes()[:-4])
    failed = importer.take(cut)
    assert (failed.state, failed.rows_taken) == ("failed", 50)
    assert take_back(importer, failed).rows_removed == 50
    assert numbers(importer) == []


def test_an_import_is_taken_back_once_by_an_analyst_when_it_has_ended(
    importer: Importer, tmp_path: Path
) -> None:
    work = importer.take(written(tmp_path / "cases.csv", [line()]))
    manager = Caller(hall="main", username="manager", roles=frozenset({"manager"}))
    with importer.database.transaction() as store:
        with pytest.raises(AnalystsOnly):
            imports.take_back_import(store, manager, id=UUID(work.id))
        open_one = imports.begin_import(
            store, ANALYST, kind="cases", file_name="a.csv", digest="0" * 64, size=9
        )
        with pytest.raises(CannotTakeBack):
            imports.take_back_import(store, ANALYST, id=UUID(open_one.id))
    first = take_back(importer, work)
    with importer.database.transaction() as store:
        assert imports.take_back_import(store, ANALYST, id=UUID(work.id)) == first
    assert not take_back_imports(importer.database)


SMALL = {
    "overtime": (
        "id,department,staff,date,minutes",
        "o{n:04d},market,c1,2011-05-03,60",
        "overtime_facts",
        "overtime",
    ),
    "commendations": (
        "id,department,kind,received_on,note",
        "b6f6f019-a643-541f-8aab-{n:012d},market,letter,2011-05-03,来信",
        "commendation_facts",
        "commendation",
    ),
}


@pytest.mark.parametrize("kind", SMALL)
def test_the_small_files_are_taken_back_as_cases_are(importer: Importer, tmp_path: Path, kind: str) -> None:
    header, row, table, key = SMALL[kind]

    def take(name: str, first: int, last: int) -> Import:
        rows = [row.format(n=n) for n in range(first, last + 1)]
        return importer.take(written(tmp_path / name, rows, header=header), kind)

    def left() -> int:
        return len(importer.rows(f"SELECT FROM {table}"))

    first, second, third = take("1.csv", 1, 60), take("2.csv", 31, 90), take("3.csv", 51, 60)
    assert (second.rows_taken, second.rows_known, third.rows_known) == (30, 30, 10)
    with importer.database.connect() as connection:
        oldest = f"SELECT {key} FROM {table} ORDER BY {key} LIMIT 1"  # noqa: S608
        connection.execute(f"UPDATE {table} SET sequence = 2 WHERE {key} = ({oldest})".encode())  # noqa: S608
    assert take_back(importer, first).rows_removed == 29, "what events told of stays"
    assert take_back(importer, second).rows_removed == 50
    assert left() == 11
    assert take_back(importer, third).rows_removed == 10
    assert (left(), importer.rows("SELECT FROM import_claims")) == (1, [])
    again = take("4.csv", 2, 60)
    assert (again.rows_taken, again.rows_known) == (59, 0)


def test_an_import_whose_rows_do_not_know_of_it_cannot_be_taken_back(
    importer: Importer, tmp_path: Path
) -> None:
    header, row, *_ = SMALL["overtime"]
    work = importer.take(written(tmp_path / "o.csv", [row.format(n=1)], header=header), "overtime")
    assert found(importer, work).may_be_taken_back
    with importer.database.connect() as connection:
        connection.execute("UPDATE imports SET marked = false")
    with importer.database.autocommit() as store, pytest.raises(CannotTakeBack):
        imports.take_back_import(store, ANALYST, id=UUID(work.id))


def test_a_claim_of_another_kind_inherits_nothing(importer: Importer, tmp_path: Path) -> None:
    importer.take(written(tmp_path / "a.csv", [line(number="X1")]))
    importer.take(written(tmp_path / "b.csv", [line(number="X1")]))
    header = SMALL["overtime"][0]
    work = importer.take(
        written(tmp_path / "o.csv", ["X1,market,c1,2011-05-03,60"], header=header), "overtime"
    )
    assert take_back(importer, work).rows_removed == 1
