"""What is there as tables, what a workbook changes of it, and whom that touches."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.hall.load import REFERENCE
from services.catalogue.tables.differences import changes_nothing, differences
from services.catalogue.tables.effects import changes, touched, touches_anybody
from services.catalogue.tables.hall import hall_of, read_hall, tables_of
from services.catalogue.tables.official import official_days
from services.catalogue.tables.sending import STEPS, send_all
from services.catalogue.tables.there import tables_there
from tests.unit.hall.conftest import Sent
from tests.unit.hall.test_hall_load import write_procedures

TODAY = date(2026, 3, 2)
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def tables(folder: Path) -> Tables:
    """Return the tables of the small hall, with a procedure."""
    write_procedures(folder)
    return tables_of(read_hall(folder))


def answers(sent: Sent) -> dict[str, Any]:
    """Return what the services say of themselves when they have taken what was sent."""
    catalogue = sent.requests["catalogue.load_hall"]
    plans = sent.requests["appointments.load_slot_plans"]["plans"]
    crews = sent.requests["dispatch.load_crews"]["crews"]
    procedures = sent.requests["cases.load_joint_procedures"]["procedures"]
    of_catalogue = {name: catalogue[name] for name in catalogue}
    return {
        "catalogue": of_catalogue | {"by_hand": []},
        "clerks": {"items": sent.requests["identity.load_accounts"]["clerks"]},
        "plans": {"items": plans},
        "crews": {"items": [{**crew, "days_off": [], "absences": []} for crew in crews]},
        "rules": [],
        "procedures": {"items": [{**each, "state": "active"} for each in procedures]},
    }


@pytest.fixture
def told(tables: Tables, sent: Sent) -> dict[str, Any]:
    """Return what the services say once the small hall was sent to them."""
    steps = send_all(hall_of(tables), call=sent.call, today=TODAY, say=sent.said.append)
    assert tuple(steps) == STEPS
    return answers(sent)


def test_what_was_sent_is_what_is_there(tables: Tables, told: dict[str, Any]) -> None:
    there = tables_there(told, today=TODAY.isoformat())
    assert there == tables
    assert changes_nothing(differences(there, tables))


def test_what_a_table_cannot_say_stays_out(told: dict[str, Any]) -> None:
    crew, plan, procedure = (told[name]["items"][0] for name in ("crews", "plans", "procedures"))
    off = {**crew, "code": "off", "days_off": ["2026-03-03"]}
    broken = {**crew, "code": "broken", "shifts": [{**crew["shifts"][0], "breaks": []}]}
    uneven = {
        **crew,
        "code": "uneven",
        "shifts": [*crew["shifts"], {"weekday": 6, "starts": "10:00", "ends": "11:00"}],
    }
    told["crews"]["items"] += [off, broken, uneven]
    told["plans"]["items"].append({**plan, "code": "over", "valid_to": "2026-03-01"})
    told["procedures"]["items"].append({**procedure, "code": "gone", "state": "withdrawn"})
    told["crews"]["items"].append({**crew, "code": "strangers", "members": ["nobody"]})
    told["plans"]["items"].append({**plan, "code": "past", "items": ["market-000"]})
    named = {**procedure["steps"][0], "item": "market-000"}
    told["procedures"]["items"].append(
        {**procedure, "code": "old", "steps": [named, *procedure["steps"][1:]]}
    )
    there = tables_there(told, today=TODAY.isoformat())
    assert [row["code"] for row in there["crews"]] == ["market-1", "market-2"]
    assert [row["code"] for row in there["slot_plans"]] == ["market-am", "market-pm"]
    assert [row["code"] for row in there["procedures"]] == ["opening"]


def test_rows_are_added_changed_ended_and_kept(tables: Tables) -> None:
    after = deepcopy(tables)
    after["items"][0]["time_limit_days"] = 9
    after["items"][0]["effective_from"] = "2026-04-01"
    after["items"][1]["effective_from"] = "2026-04-01"
    del after["items"][2]
    after["departments"].append({**after["departments"][0], "code": "tax"})
    del after["windows"][1], after["hours"][1], after["calendar"][0]
    found = differences(tables, after)
    kinds = {
        name: [(row["kind"], row["key"], row["columns"]) for row in each["rows"]]
        for name, each in found.items()
    }
    assert kinds["items"] == [("changed", "market-001", ["time_limit_days"]), ("ends", "police-002", [])]
    assert kinds["departments"] == [("added", "tax", [])]
    assert kinds["windows"] == [("kept", "201", [])]
    assert kinds["hours"] == [("ends", "police 6", [])]
    assert kinds["calendar"] == [("ends", "2026-10-01", [])]
    assert (found["items"]["changed"], found["items"]["ends"], found["items"]["unchanged"]) == (1, 1, 1)
    assert found["zones"] == {"added": 0, "changed": 0, "ends": 0, "kept": 0, "unchanged": 2, "rows": []}


def test_an_item_that_no_table_offered_stays(tables: Tables) -> None:
    after = {**tables, "items": tables["items"][1:]}
    assert differences(tables, after, by_hand=["market-001"])["items"]["kept"] == 1


def test_a_procedure_that_is_not_named_keeps_its_steps_and_one_that_is_loses_them(tables: Tables) -> None:
    without = {**tables, "procedures": [], "procedure_steps": [], "procedure_materials": []}
    assert differences(tables, without)["procedure_steps"]["kept"] == 2
    shorter = {**tables, "procedure_steps": tables["procedure_steps"][:1]}
    assert differences(tables, shorter)["procedure_steps"]["ends"] == 1


def test_only_what_differs_touches_anybody(tables: Tables) -> None:
    offered = [(row["code"], row["department"]) for row in tables["items"]]
    before = hall_of(tables)
    assert list(changes(before, today=TODAY, offered=offered, before=before)) == []
    after = deepcopy(tables)
    after["calendar"].append({"day": "2026-05-01", "working": False, "name": "劳动节"})
    after["calendar"].append({"day": "2026-01-01", "working": False, "name": "元旦"})
    after["departments"][0]["offers_three_services"] = False
    after["hours"][0]["closes"] = "16:00"
    del after["items"][2]
    found = list(changes(hall_of(after), today=TODAY, offered=offered, before=before))
    assert [(each.kind, each.subject) for each in found] == [
        ("days", "1"),
        ("hours", ""),
        ("department", "market"),
        ("item", "police-002"),
    ]
    assert found[0].about == {"days": ["2026-05-01"]}

    def call(service: str, _method: str, request: Mapping[str, Any]) -> Any:
        assert request["change"] == "days"
        return {"bookings": 2, "examples": [service]} if service == "appointments" else {}

    assert touched(found[0], call=call) == {"bookings": 2, "examples": ["appointments"]}
    assert touches_anybody({"bookings": 2, "examples": []})
    assert not touches_anybody({"bookings": 0, "examples": []})


def test_a_template_begins_with_the_official_calendar() -> None:
    """Names of the reference hall's are those of the announcements, which join two festivals now and then."""
    reference = [row for row in read_hall(REFERENCE).calendar if row["day"].startswith("2026-")]
    official = official_days([2026])
    assert [(row["day"], row["working"]) for row in official] == [
        (row["day"], row["working"]) for row in reference
    ]
    assert official[0] == {"day": "2026-01-01", "working": False, "name": "元旦"}
    assert official[2]["name"] == "元旦调休上班"
