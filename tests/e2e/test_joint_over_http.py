"""Joint approval over HTTP in a running hall: a project goes through two departments and into the report."""

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.test_booking_over_http import hall_now, problem
from tests.e2e.test_hall_over_http import Api, _item_of, clerk_at_window, serving
from tests.halls import RunningHall
from tests.waiting import until

__all__ = ["clerk_at_window"]


@pytest.fixture(scope="module")
def manager(hall: RunningHall) -> Api:
    return Api(hall, "manager")


def states(api: Api, number: str) -> dict[str, str]:
    steps = api.get(f"/joint-cases/{number}").json()["steps"]
    return {each["step"]: each["state"] for each in steps}


def test_a_project_goes_through_its_departments(
    manager: Api, clerk_at_window: tuple[Api, str], hall: RunningHall
) -> None:
    clerk, window = clerk_at_window
    item, code = _item_of(clerk, window), f"import-{uuid4().hex[:8]}"
    procedure: dict[str, Any] = {
        "code": code,
        "name": "进口大宗商品",
        "name_en": "Import of bulk goods",
        "lead": "customs",
        "steps": [
            {"step": "declare", "item": item},
            {"step": "inspect", "item": "ciq-001", "after": ["declare"]},
        ],
        "materials": [
            {
                "material": "contract",
                "name": "合同",
                "name_en": "Contract",
                "needed_by": ["declare", "inspect"],
            }
        ],
    }
    circle = [{**procedure["steps"][0], "after": ["inspect"]}, procedure["steps"][1]]
    wrong = manager.post("/joint-procedures", {**procedure, "steps": circle})
    assert problem(wrong) == (422, "procedure_contradicts")
    assert list(wrong.json()["errors"]) == ["steps"]
    assert problem(clerk.post("/joint-procedures", procedure))[0] == 403
    assert manager.post("/joint-procedures", procedure).status_code == 201
    assert problem(manager.post("/joint-procedures", procedure)) == (409, "procedure_exists")

    named = clerk.post("/joint-cases", {"procedure": code, "project": "码头 13812345678"})
    assert problem(named) == (422, "personal_data")
    key = str(uuid4())
    opened = clerk.post("/joint-cases", {"procedure": code, "project": "码头扩建"}, key=key)
    number = opened.json()["number"]
    again = clerk.post("/joint-cases", {"procedure": code, "project": "码头扩建"}, key=key)
    assert (again.json()["number"], again.headers["Idempotent-Replayed"]) == (number, "true")

    ticket = serving(clerk, window, item)
    case = {"item": item, "joint_case": number}
    missing = clerk.post(f"/tickets/{ticket}/cases", case)
    assert (*problem(missing), missing.json()["materials"]) == (409, "materials_missing", ["contract"])
    path = f"/joint-cases/{number}"
    assert clerk.post(f"{path}/materials/contract/hand-in", {"reference": "A-17"}).status_code == 200
    assert problem(manager.post(f"{path}/materials/contract/hand-in")) == (409, "handed_in_before")
    accepted = clerk.post(f"/tickets/{ticket}/cases", case).json()
    assert states(clerk, number) == {"declare": "under_way", "inspect": "waiting"}
    assert problem(
        clerk.post(f"{path}/steps/inspect/commit", {"text": "补办", "fulfil_by": "2027-01-01"})
    ) == (
        409,
        "not_preconditioned",
    )
    assert clerk.post(f"/cases/{accepted['number']}/decide").status_code == 200
    assert states(clerk, number) == {"declare": "closed", "inspect": "ready"}

    assert manager.post(f"{path}/steps/inspect/urge", {"text": "请尽快受理"}).status_code == 200
    still = clerk.post(f"{path}/close")
    assert (*problem(still), still.json()["steps"]) == (409, "steps_open", ["inspect"])
    mine = manager.get("/joint-cases", state="open", department="ciq").json()["items"]
    assert number in [each["number"] for each in mine]
    assert problem(Api(hall, "kiosk").get(path))[0] == 403

    day = hall_now(manager).date().isoformat()

    def counted() -> bool:
        report = manager.get("/reports/daily", period=day).json()
        return bool(report["joint_approval"]["opened"] and report["joint_approval"]["departments"] >= 2)

    until(counted, what="the report counts the joint case")
    assert manager.post(f"{path}/withdraw", {"reason": "业主放弃"}).json()["state"] == "withdrawn"
    assert manager.post(f"/joint-procedures/{code}/withdraw").json()["state"] == "withdrawn"
    assert problem(manager.post("/joint-cases", {"procedure": code, "project": "码头"})) == (
        409,
        "procedure_withdrawn",
    )
    assert problem(manager.get("/joint-cases/J2001-00001")) == (404, "joint_case_not_found")


def test_the_halls_procedures_are_there(manager: Api) -> None:
    listed = {each["code"]: each for each in manager.get("/joint-procedures").json()["items"]}
    investment = listed["government-investment"]
    departments = {each["department"] for each in investment["steps"]}
    assert (investment["lead"], len(investment["steps"]), len(departments)) == ("drc", 10, 5)
    assert listed["completion-acceptance"]["preconditioned"] is True
