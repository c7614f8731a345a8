"""What a crew accepts at the applicant's place becomes cases, each once, whatever comes when."""

from typing import Any

import pytest

from services.cases.errors import ItemNotHeard
from services.cases.use_cases import cases as use_cases
from tests.integration.cases.in_process import Office, clerk

ORDER = "9b1f6c52-7a0e-4c55-8f43-2d9d3c1a7e10"


def done(office: Office, *items: str) -> None:
    data = {
        "id": ORDER,
        "cases": [{"item": item} for item in items],
        "ended_at": "2026-03-02T11:20:00+08:00",
        "ended_by": "clerk001",
    }
    office.hear("dispatch.order.done", data)


def stored(office: Office) -> list[dict[str, Any]]:
    with office.database.connect() as connection:
        return connection.execute("SELECT * FROM cases ORDER BY serial").fetchall()


def test_cases_accepted_on_site_have_that_origin_and_the_moment_of_the_visit(office: Office) -> None:
    office.go_to("2026-03-03T09:00")
    done(office, "market-001", "market-002")
    found = stored(office)
    assert [(row["item"], row["origin"], row["onsite_order"], row["clerk"]) for row in found] == [
        ("market-001", "on_site", ORDER, "clerk001"),
        ("market-002", "on_site", ORDER, "clerk001"),
    ]
    assert {row["business_date"].isoformat() for row in found} == {"2026-03-02"}
    assert found[0]["due_on"].isoformat() == "2026-03-09"
    case = office.ask(use_cases.get_case, clerk(), number=found[0]["number"])
    assert (case["state"], case["ticket"]) == ("accepted", None)
    assert [event["data"]["onsite_order"] for event in office.told()] == [ORDER] * 2


def test_a_visit_that_is_told_again_makes_no_case_twice(office: Office) -> None:
    for _ in range(2):
        done(office, "market-001", "market-001")
    assert len(stored(office)) == 2


def test_a_visit_without_cases_makes_none(office: Office) -> None:
    done(office)
    assert stored(office) == []


def test_an_item_withdrawn_since_the_visit_still_counts(office: Office) -> None:
    office.publish_item("market-001", department="market", time_limit_days=5, state="withdrawn", sequence=2)
    done(office, "market-001")
    assert len(stored(office)) == 1


def test_a_visit_heard_before_its_item_comes_again_and_loses_nothing(office: Office) -> None:
    with pytest.raises(ItemNotHeard):
        done(office, "market-001", "new-001")
    assert stored(office) == []
    office.publish_item("new-001", department="market", time_limit_days=0)
    done(office, "market-001", "new-001")
    assert len(stored(office)) == 2
