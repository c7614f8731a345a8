"""Commendations with their history, in quality and as statistics counts them."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.quality.errors import AlreadyWithdrawn, LeadersOnly, NoSuchCommendation, UnknownDepartment
from services.quality.use_cases import commendations
from services.statistics.imports.use_cases import imports
from services.statistics.imports.use_cases.uploads import take_back_imports
from tests.integration.quality.in_process import CLERK, Hall
from tests.integration.statistics.importing import Importer, written
from tests.integration.statistics.in_process import ANALYST as IMPORTER
from tests.integration.statistics.test_figures_of_appointments import MONDAY, WEEK, event

NOBODY = "00000000-0000-4000-8000-000000000000"


def name_departments(hall: Hall) -> None:
    """Tell of two departments."""
    hall.hear(
        [
            event(
                "catalogue.department.published",
                code,
                1,
                {"code": code, "name": code, "name_en": code, "offers_three_services": True},
            )
            for code in ("market", "drc")
        ]
    )


def counted(hall: Hall, dates: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what both services count on these dates; what they tell each other comes out of order and twice."""
    told = [each for each in hall.pass_on() if each["type"].startswith("quality.")]
    hall.hear([*reversed(told), *told])
    with hall.database.autocommit() as store:
        here = store.commendation_counts("main", **dates)
    with hall.figures.database.autocommit() as figures:
        assert figures.commendation_counts("main", **dates, department=None) == here
    return here


def letter(hall: Hall, **more: Any) -> Any:
    """Record a letter that market received on Monday, or whatever else is said."""
    about = {"department": "market", "kind": "letter", "received_on": MONDAY, "note": ""}
    return hall.do(commendations.record_commendation, **{**about, **more})


def test_commendations_are_counted_corrected_and_withdrawn(hall: Hall) -> None:
    name_departments(hall)
    first = letter(hall, note="企业来信")
    letter(hall, kind="banner", department="drc")
    wrong = letter(hall, kind="plaque", received_on=MONDAY - timedelta(days=1))
    hall.do(commendations.correct_commendation, id=first.id, reason="是锦旗", kind="banner", department="drc")
    gone = hall.do(commendations.withdraw_commendation, id=wrong.id, reason="重复登记")
    assert [each["kind"] for each in gone["history"]] == ["plaque"]
    whole = {"since": MONDAY - timedelta(days=9), "until": MONDAY}
    assert counted(hall, whole) == [{"department": "drc", "kind": "banner", "count": 2}]
    listed = hall.do(commendations.list_commendations, **whole, department="drc")
    assert {each.id for each in listed} >= {first.id}
    assert hall.do(commendations.list_commendations, **whole, kind="plaque") == []
    told = hall.do(commendations.get_commendation, id=first.id)
    assert (told["version"], told["note"]) == (2, "企业来信")
    assert [(each["kind"], each["department"], each["reason"]) for each in told["history"]] == [
        ("letter", "market", "是锦旗")
    ]


def test_what_is_refused_leaves_no_trace(hall: Hall) -> None:
    name_departments(hall)
    kept = letter(hall)
    hall.do(commendations.withdraw_commendation, id=kept.id, reason="重复登记")
    with pytest.raises(UnknownDepartment):
        letter(hall, department="nobody")
    with pytest.raises(AlreadyWithdrawn):
        hall.do(commendations.withdraw_commendation, id=kept.id, reason="重复登记")
    with pytest.raises(NoSuchCommendation):
        hall.do(commendations.get_commendation, id=NOBODY)
    with pytest.raises(LeadersOnly):
        hall.do(commendations.list_commendations, CLERK, **WEEK)
    with hall.database.connect() as connection:
        rows = connection.execute("SELECT version FROM commendations").fetchall()
        changes = connection.execute("SELECT version FROM commendation_changes").fetchall()
    assert (rows, changes) == ([{"version": 2}], [{"version": 1}])


def test_commendations_of_files_become_records_that_can_be_corrected(hall: Hall, tmp_path: Path) -> None:
    importer = Importer(hall.figures.database)
    name_departments(hall)
    ids = [f"b6f6f019-a643-541f-8aab-{nth:012d}" for nth in range(450)]
    lines = [f"{each},market,letter,2026-03-02,来信" for each in ids]
    path = written(tmp_path / "letters.csv", lines, header="id,department,kind,received_on,note")
    importer.take(path, "commendations")
    told = hall.pass_on()
    assert [len(each["data"]["rows"]) for each in told] == [200, 200, 50]
    hall.hear(told)
    importer.take(path, "commendations")
    assert hall.pass_on() == [], "what is known is told once"
    whole = {"since": MONDAY, "until": MONDAY}
    assert counted(hall, whole) == [{"department": "market", "kind": "letter", "count": 450}]
    hall.do(commendations.correct_commendation, id=UUID(ids[0]), reason="是锦旗", kind="banner")
    assert [(row["kind"], row["count"]) for row in counted(hall, whole)] == [("banner", 1), ("letter", 449)]
    listed = hall.do(commendations.list_commendations, **whole, kind="banner")
    assert [(each.note, each.recorded_by) for each in listed] == [("来信", "command")]


def test_an_import_that_is_taken_back_takes_its_records_along_but_for_those_that_were_corrected(
    hall: Hall, tmp_path: Path
) -> None:
    importer = Importer(hall.figures.database)
    name_departments(hall)
    ids = [f"b6f6f019-a643-541f-8aab-{nth:012d}" for nth in range(3)]
    lines = [f"{each},market,letter,2026-03-02,来信" for each in ids]
    header, whole = "id,department,kind,received_on,note", {"since": MONDAY, "until": MONDAY}
    work = importer.take(written(tmp_path / "letters.csv", lines, header=header), "commendations")
    brought = hall.pass_on()
    hall.do(commendations.correct_commendation, id=UUID(ids[0]), reason="是锦旗", kind="banner")
    hall.pass_on()
    with importer.database.transaction() as store:
        imports.take_back_import(store, IMPORTER, id=UUID(work.id))
    assert take_back_imports(importer.database)
    gone = hall.pass_on()
    assert [each["data"] for each in gone] == [{"ids": ids[1:]}]
    hall.hear(brought)
    assert counted(hall, whole) == [{"department": "market", "kind": "banner", "count": 1}], (
        "heard late, it is gone"
    )
    again = importer.take(written(tmp_path / "right.csv", lines[1:], header=header), "commendations")
    hall.pass_on()
    hall.hear(gone)
    assert again.rows_taken == 2
    assert [row["count"] for row in counted(hall, whole)] == [1, 2]
