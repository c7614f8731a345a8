"""Taking in files of cases: what is refused and why, again and again, killed half way, and beside the hall at work."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.statistics import service
from services.statistics.facts.use_cases import rebuild
from services.statistics.store import Store
from tests.integration.statistics.importing import HEADER, Importer, line, lines, written
from tests.integration.statistics.in_process import Figures
from tests.shared import ROOT
from tests.waiting import DEADLINE_S

TODAY = datetime.fromisoformat("2011-11-30T20:00:00+08:00")


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    return database("statistics")


@pytest.fixture
def importer(url: str) -> Iterator[Importer]:
    opened = Database(Store, load_queries("services.statistics"), url=url, size=4, timeout=DEADLINE_S)
    with clock.showing(lambda: TODAY):
        yield Importer(opened)
    opened.close()


REFUSED = {
    "number_missing": line(number=""),
    "number_malformed": line(number="2011 1"),
    "number_damaged": line(number="2.0110E+12"),
    "item_missing": line(item=""),
    "item_unknown": line(item="market-999"),
    "accepted_at_missing": line(accepted_at=""),
    "accepted_at_malformed": line(accepted_at="03/05/2011 09:10"),
    "accepted_at_too_early": line(accepted_at="1999-12-31T23:59:59+08:00"),
    "accepted_at_in_future": line(
        accepted_at="2011-12-01T00:00:00+08:00", due_on="2011-12-09", decided_at=""
    ),
    "due_on_missing": line(due_on=""),
    "due_on_malformed": line(due_on="2011-02-29"),
    "due_on_before_accepted_at": line(due_on="2011-05-02"),
    "decided_at_malformed": line(decided_at="yesterday"),
    "decided_at_before_accepted_at": line(decided_at="2011-05-03T09:10:10+08:00"),
    "decided_at_in_future": line(decided_at="2011-12-01T00:00:00+08:00", due_on="2011-12-09"),
    "origin_missing": line(origin=""),
    "origin_unknown": line(origin="post"),
    "columns_wrong": line() + ",more",
    "not_csv": line(item='"market-001'),
    "control_characters": line(number="2011\t1"),
}


def test_each_row_that_is_wrong_is_refused_with_its_line_and_reason(
    importer: Importer, tmp_path: Path
) -> None:
    path = written(tmp_path / "cases.csv", [*REFUSED.values(), line()])
    done = importer.take(path)
    assert importer.refused(done) == dict(enumerate(REFUSED, 2))
    assert (done.state, done.rows_taken, done.rows_known, done.rows_refused) == ("done", 1, 0, len(REFUSED))
    with (tmp_path / "cases.csv.refused.csv").open(newline="") as file:
        listed = list(csv.DictReader(file))
    assert [row["reason"] for row in listed] == list(REFUSED)
    assert listed[1] == {"line": "3", "reason": "number_malformed", "key": "2011****"}


OF_PERSONS = {
    "张三 13900000001 440301199001011234": "number_malformed",
    "王小明": "number_malformed",
    '=HYPERLINK(""http://evil"";""x"")': "number_malformed",
    "２０１１-1": "number_malformed",
    "2011-13800138000": "personal_data",
    "13800138000": "personal_data",
    "138-0013-8000": "personal_data",
    "wx13800138000": "personal_data",
    "0755-83456789": "personal_data",
    "440301199001011234": "personal_data",
    "440301-19900101-1234": "personal_data",
}


def test_what_may_name_a_person_is_refused_and_not_kept(importer: Importer, tmp_path: Path) -> None:
    rows = [line(number=f'"{number}"') for number in OF_PERSONS]
    sound = [line(number="440301202603020001"), line(number="SZ-A-1"), line(number="156-20260001")]
    done = importer.take(written(tmp_path / "cases.csv", [*rows, *sound]))
    assert importer.refused(done) == dict(enumerate(OF_PERSONS.values(), 2))
    assert done.rows_taken == len(sound)
    kept = " ".join(row["key"] for row in importer.rows("SELECT key FROM import_refusals ORDER BY line"))
    assert not {
        each for each in ("张", "王", "13900", "138001", "0013", "83456", "199001", "=") if each in kept
    }
    assert all("****" in key for key in kept.split(" "))


NO_MOMENTS = [
    "2011-13-01T09:00:00+08:00",
    "2011-02-29T09:00:00+08:00",
    "2011-05-03T24:00:00+08:00",
    "2011-05-03",
    "2011-05-03T09:60:00+08:00",
    "2011-05-03T09:00:60Z",
    "2011-05-03T09:00:00+15:00",
    "infinity",
    "now",
    "0000-01-01T00:00:00Z",
    "2011-5-3T09:00:00Z",
    "２０１１-05-03T09:00:00Z",
]


def test_a_moment_that_does_not_exist_is_malformed(importer: Importer, tmp_path: Path) -> None:
    done = importer.take(written(tmp_path / "cases.csv", [line(accepted_at=each) for each in NO_MOMENTS]))
    assert importer.refused(done) == dict.fromkeys(range(2, 2 + len(NO_MOMENTS)), "accepted_at_malformed")


def test_moments_are_told_with_an_offset_or_in_the_halls_own_time(importer: Importer, tmp_path: Path) -> None:
    told = [
        "2011-05-03T09:10:11+08:00",
        "2011-05-03 09:10:11",
        "2011-05-03T01:10:11Z",
        "2011-05-03T01:10:11.5Z",
    ]
    rows = [line(number=f"n{n}", accepted_at=each) for n, each in enumerate(told)]
    late = line(number="late", accepted_at="2011-05-03T16:30:00Z", decided_at="", due_on="2011-05-04")
    done = importer.take(written(tmp_path / "cases.csv", [*rows, late]))
    assert (done.rows_taken, done.rows_refused) == (5, 0)
    early = importer.rows(
        "SELECT DISTINCT business_date, accepted_hour FROM case_facts WHERE number <> 'late'"
    )
    assert early == [{"business_date": date(2011, 5, 3), "accepted_hour": 9}]
    after = importer.rows("SELECT business_date, accepted_hour, state FROM case_facts WHERE number = 'late'")
    assert after == [{"business_date": date(2011, 5, 4), "accepted_hour": 0, "state": "accepted"}]


def test_the_sums_are_those_of_a_recount(importer: Importer, tmp_path: Path) -> None:
    done = importer.take(written(tmp_path / "cases.csv.gz", lines(400)))
    assert (done.state, done.rows_taken) == ("done", 400)
    importer.require_sums_of_facts()
    sums = importer.rows("SELECT sum(cases) AS n FROM volumes WHERE grain = 'month' AND dimension = 'item'")
    assert sums == [{"n": 400}]
    late = importer.rows(
        "SELECT count(*) AS n FROM case_facts WHERE on_time IS NOT TRUE AND decided_on IS NOT NULL"
    )
    assert late == [{"n": 0}]


def test_a_file_that_is_taken_in_again_is_known(importer: Importer, tmp_path: Path) -> None:
    path = written(tmp_path / "cases.csv", lines(100))
    first, again = importer.take(path), importer.take(path)
    assert first.id != again.id
    assert (again.rows_taken, again.rows_known, again.rows_refused) == (0, 100, 0)
    importer.require_sums_of_facts()


def test_a_number_that_is_known_with_other_data_is_refused(importer: Importer, tmp_path: Path) -> None:
    changes = {"item": "market-002", "accepted_at": "2011-05-03T09:10:12+08:00", "due_on": "2011-05-11",
               "decided_at": "", "origin": "phone"}  # fmt: skip
    importer.take(written(tmp_path / "first.csv", [line()]))
    others = [line(**{name: value}) for name, value in changes.items()]
    moved = line(accepted_at="2011-04-01T09:10:11+08:00")
    done = importer.take(written(tmp_path / "second.csv", [line(), *others, moved]))
    assert (done.rows_known, set(importer.refused(done).values())) == (1, {"number_known"})
    assert list(importer.refused(done)) == [3, 4, 5, 6, 7, 8]
    assert importer.rows("SELECT count(*) AS n FROM case_facts") == [{"n": 1}]


def test_the_first_of_two_rows_of_a_number_counts(importer: Importer, tmp_path: Path) -> None:
    rows = [line(origin="phone"), line(origin="web"), line(origin="phone")]
    done = importer.take(written(tmp_path / "cases.csv", rows))
    assert (done.rows_taken, done.rows_known, importer.refused(done)) == (1, 1, {3: "number_known"})


def test_what_was_decided_is_granted_or_refused_where_the_file_says_so(
    importer: Importer, tmp_path: Path
) -> None:
    given = [("n1", "granted"), ("n2", "refused"), ("n3", ""), ("n4", "lost")]
    rows = [f"{line(number=number)},{outcome}" for number, outcome in given]
    rows.append(f"{line(number='n5', decided_at='')},granted")
    told = written(tmp_path / "told.csv", rows, header=f"{HEADER},outcome")
    done = importer.take(told)
    assert importer.refused(done) == {5: "outcome_unknown", 6: "outcome_without_decision"}
    kept = importer.rows("SELECT number, outcome FROM case_facts ORDER BY number")
    assert [(row["number"], row["outcome"]) for row in kept] == [
        ("n1", "granted"),
        ("n2", "refused"),
        ("n3", None),
    ]
    silent = importer.take(written(tmp_path / "silent.csv", [line(number=number) for number, _ in given[:3]]))
    assert silent.rows_known == 3, "what a file does not tell is not compared"
    other = written(tmp_path / "other.csv", [f"refused,{line(number='n1')}"], header=f"outcome,{HEADER}")
    assert importer.refused(importer.take(other)) == {2: "number_known"}


def test_columns_may_come_in_any_order(importer: Importer, tmp_path: Path) -> None:
    turned = ",".join(reversed(line().split(",")))
    header = ",".join(reversed(HEADER.split(",")))
    assert importer.take(written(tmp_path / "cases.csv", [turned], header=header)).rows_taken == 1


def test_a_file_that_cannot_be_read_on_fails_and_keeps_what_it_had(
    importer: Importer, tmp_path: Path
) -> None:
    wrong = importer.take(written(tmp_path / "cases.csv", [line()], header="number,item"))
    assert (wrong.state, wrong.fault, wrong.rows_taken) == ("failed", "header_lacks_column", 0)
    assert wrong.found == "accepted_at, due_on, decided_at, origin"
    whole = written(tmp_path / "cases.csv.gz", lines(50))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole.read_bytes()[:-4])
    done = importer.take(cut)
    assert (done.state, done.fault) == ("failed", "gzip_cut_off")


def killed_after_a_chunk(url: str, path: Path) -> int:
    """Run an import in a process of its own, kill it when it has done something, and return the rows it told of."""
    clock_of = {"HALL_CLOCK": f"{TODAY.isoformat()}@1"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.statistics.slow_import", str(path)]
    running = subprocess.Popen(
        command,
        env={**os.environ, **clock_of, "DATABASE_URL": url},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    with running, running.stdout:
        told = next(text for text in running.stdout if text.startswith("rows "))
        running.kill()
    return int(told.split()[1])


def test_an_import_that_is_killed_goes_on_behind_what_it_did(
    importer: Importer, url: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "cases.csv", lines(400))
    assert killed_after_a_chunk(url, path) > 0
    [left] = importer.rows("SELECT id, state, line, rows_taken FROM imports")
    assert left["state"] == "running"
    assert 0 < left["rows_taken"] < 400
    assert left["line"] == left["rows_taken"] + 1
    done = importer.take(path)
    assert done.id == str(left["id"])
    assert (done.state, done.rows_taken, done.rows_known, done.rows_refused) == ("done", 400, 0, 0)
    importer.require_sums_of_facts()


def test_two_imports_of_the_same_file_take_each_row_once(importer: Importer, tmp_path: Path) -> None:
    path = written(tmp_path / "cases.csv", lines(3000))
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(importer.take, [path, path])
    assert first.id != second.id
    assert first.rows_taken + second.rows_taken == 3000
    assert first.rows_known + second.rows_known == 3000
    importer.require_sums_of_facts()


def heard(importer: Importer, **other: Any) -> None:
    """Hear of the case that `line()` is about."""
    event = json.loads((ROOT / "tests" / "contract" / "samples" / "cases.case.accepted.json").read_text())
    event["subject"] = event["data"]["number"] = "2011-0000001"
    event["data"] |= {
        "business_date": "2011-05-03",
        "accepted_at": "2011-05-03T01:10:11+00:00",
        "due_on": "2011-05-10",
        **other,
    }
    Figures(importer.database).take([event])


def kept(importer: Importer) -> dict[str, Any]:
    """Return the one case that is kept."""
    [row] = importer.rows("SELECT business_date, item, state, sequence FROM case_facts")
    return row


def test_what_was_heard_of_a_case_stands_against_a_file(importer: Importer, tmp_path: Path) -> None:
    heard(importer)
    rows = [line(decided_at=""), line(decided_at="", item="market-002"), line()]
    done = importer.take(written(tmp_path / "cases.csv", rows))
    assert (done.rows_taken, done.rows_known) == (0, 1)
    assert importer.refused(done) == {3: "number_known", 4: "number_known"}
    assert kept(importer) == {
        "business_date": date(2011, 5, 3),
        "item": "market-001",
        "state": "accepted",
        "sequence": 2,
    }
    importer.require_sums_of_facts()


def test_what_is_heard_of_an_imported_case_replaces_it(importer: Importer, tmp_path: Path) -> None:
    importer.take(written(tmp_path / "cases.csv", [line()]))
    heard(importer, business_date="2011-04-29", accepted_at="2011-04-29T01:00:00+00:00")
    assert kept(importer) == {
        "business_date": date(2011, 4, 29),
        "item": "market-001",
        "state": "accepted",
        "sequence": 2,
    }
    importer.require_sums_of_facts()


OVERTIME = "id,department,staff,date,minutes"
COMMENDATIONS = "id,department,kind,received_on,note"
LETTER = "b6f6f019-a643-541f-8aab-cbb7ffa4acef"


# Beside a sound row o0, in this order.
OVERTIME_REFUSED = [
    (",market,c1,2011-05-03,60", "id_missing"),
    ("o 1,market,c1,2011-05-03,60", "id_malformed"),
    ("o1,,c1,2011-05-03,60", "department_missing"),
    ("o1,nowhere,c1,2011-05-03,60", "department_unknown"),
    ("o1,market,,2011-05-03,60", "staff_missing"),
    ("o1,market,c 1,2011-05-03,60", "staff_malformed"),
    ("o1,market,c1,,60", "date_missing"),
    ("o1,market,c1,2011-02-30,60", "date_malformed"),
    ("o1,market,c1,1999-12-31,60", "date_too_early"),
    ("o1,market,c1,2011-12-01,60", "date_in_future"),
    ("o1,market,c1,2011-05-03,", "minutes_missing"),
    ("o1,market,c1,2011-05-03,1.5", "minutes_malformed"),
    ("o1,market,c1,2011-05-03,0", "minutes_malformed"),
    ("o1,market,c1,2011-05-03,1441", "minutes_malformed"),
    ("o1,market,张三,2011-05-03,60", "staff_malformed"),
    ("13800138000,market,c1,2011-05-03,60", "personal_data"),
    ("o1,market,13800138000,2011-05-03,60", "personal_data"),
    ("o0,market,c1,2011-05-03,61", "id_known"),
]
OTHER = f"{LETTER[:-1]}0"
COMMENDATIONS_REFUSED = [
    (",market,letter,2011-05-03,", "id_missing"),
    ("17,market,letter,2011-05-03,", "id_malformed"),
    (f"{OTHER},,letter,2011-05-03,", "department_missing"),
    (f"{OTHER},nowhere,letter,2011-05-03,", "department_unknown"),
    (f"{OTHER},market,,2011-05-03,", "kind_missing"),
    (f"{OTHER},market,medal,2011-05-03,", "kind_unknown"),
    (f"{OTHER},market,letter,,", "received_on_missing"),
    (f"{OTHER},market,letter,2011-05-32,", "received_on_malformed"),
    (f"{OTHER},market,letter,1999-05-03,", "received_on_too_early"),
    (f"{OTHER},market,letter,2011-12-01,", "received_on_in_future"),
    (f"{OTHER},market,letter,2011-05-03,{'x' * 501}", "note_malformed"),
    (f"{OTHER},market,letter,2011-05-03,王女士 138—1234—5678 来信", "personal_data"),
    (f"{LETTER},market,banner,2011-05-03,", "id_known"),
]


@pytest.mark.parametrize(
    ("kind", "header", "sound", "refused"),
    [
        ("overtime", OVERTIME, "o0,market,c1,2011-05-03,60", OVERTIME_REFUSED),
        ("commendations", COMMENDATIONS, f"{LETTER},market,letter,2011-05-03,", COMMENDATIONS_REFUSED),
    ],
)
def test_each_row_of_the_small_files_that_is_wrong_is_refused(
    importer: Importer, tmp_path: Path, kind: str, header: str, sound: str, refused: list[tuple[str, str]]
) -> None:
    path = written(tmp_path / "small.csv", [sound, *(row for row, _ in refused), sound], header=header)
    done = importer.take(path, kind)
    assert importer.refused(done) == dict(enumerate((reason for _, reason in refused), 3))
    assert (done.rows_taken, done.rows_known) == (1, 1)
    again = importer.take(path, kind)
    assert (again.rows_taken, again.rows_known, again.rows_refused) == (0, 2, len(refused))


def test_a_rebuild_leaves_what_was_imported(importer: Importer, tmp_path: Path) -> None:
    importer.take(written(tmp_path / "cases.csv", lines(20)))
    small = {
        "overtime": (OVERTIME, "o0,market,c1,2011-05-03,60"),
        "commendations": (COMMENDATIONS, f"{LETTER},market,letter,2011-05-03,"),
    }
    for kind, (header, row) in small.items():
        importer.take(written(tmp_path / f"{kind}.csv", [row], header=header), kind)
    rebuild.rebuild(importer.database, service.hearings(), lambda *_: None)
    for table, count in (("case_facts", 20), ("overtime_facts", 1), ("commendation_facts", 1)):
        assert len(importer.rows(f"SELECT * FROM {table}")) == count  # noqa: S608
    importer.require_sums_of_facts()
