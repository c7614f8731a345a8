"""Open cases are counted before a change, and the first due are named."""

from typing import Any

import pytest

from services.cases.service import Cases
from services.cases.use_cases import cases as use_cases
from services.chassis.caller import Caller
from services.chassis.effects import NotYourChange, answer
from tests.integration.cases.in_process import Office, clerk

MANAGER = Caller(hall="main", username="manager", roles=frozenset({"manager"}))


def touched(office: Office, change: str, *, caller: Caller = MANAGER, **about: Any) -> Any:
    """Return what a change would touch."""
    with office.database.autocommit() as store:
        return answer(Cases.touches[change], store, caller, about)


def test_open_cases_of_an_item_or_department_and_those_due_after_a_closed_day_are_counted(
    office: Office,
) -> None:
    case, decided = office.accept(), office.accept()
    office.do(use_cases.decide_case, number=decided.number, outcome="granted")
    example = {"kind": "cases", "number": case.number, "on": str(case.due_on)}
    since = {"from": "2026-03-03"}
    one, none = {"cases": 1, "examples": [example]}, {"cases": 0, "examples": []}
    assert touched(office, "item", item=case.item, department=None, **since) == one
    assert touched(office, "item", item="another-001", department=None, **since) == none
    assert touched(office, "department", department=case.department, ends=True, **since) == one
    assert touched(office, "department", department=case.department, offers=False, **since) == none
    assert touched(office, "days", days=[str(case.due_on)]) == one
    assert touched(office, "days", days=["2026-12-31"]) == none
    hours = {"starts_at": "2026-03-03T00:00:00+08:00", "ends_at": "2026-03-04T00:00:00+08:00"}
    assert touched(office, "closure", days=["2026-03-03"], **hours) == one
    assert touched(office, "closure", department=case.department, **hours) == none
    with pytest.raises(NotYourChange):
        touched(office, "days", caller=clerk(), days=["2026-03-03"])
