"""A hall of 60 departments with 2,000 items is loaded from one workbook, and comes out as it went in."""

from collections.abc import Callable, Iterator
from itertools import cycle, product
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from services.catalogue.tables.differences import changes_nothing, differences
from services.catalogue.tables.hall import tables_of
from services.catalogue.tables.reading import read_workbook
from services.catalogue.tables.writing import write_workbook
from tests.e2e.pages.test_setup import PASSWORD, set_up
from tests.halls import new_hall
from tests.processes import Stack
from tests.waiting import DEADLINE_S, until

DEPARTMENTS, WINDOWS, ITEMS = 60, 300, 2000
LETTERS = [*"ABCDEFGHJKLMNPQRSTUVWXYZ"]
PREFIXES = [*LETTERS, *("".join(pair) for pair in product(LETTERS, LETTERS))]
HOURS = {
    "department": None,
    "opens": "09:00",
    "closes": "17:30",
    "break_starts": "12:00",
    "break_ends": "14:00",
}
NAMED = {"name": "名称", "name_en": "Name"}
ITEM = {
    "name_en": "Item", "kind": "public_service", "time_limit_days": 5, "service_seconds": 600, "chains": [],
    "materials": ["身份证", "申请表"], "guide": "取号后到窗口办理。" * 60, "guide_en": "",
    "effective_from": "2026-01-05",
}  # fmt: skip
PLAN = {
    "items": [], "weekdays": [1, 2, 3, 4, 5], "starts": "09:00", "ends": "12:00", "slot_minutes": 30, "capacity": 6,
    "web": 2, "phone": 1, "window": 0, "valid_from": "2026-01-05", "valid_to": None,
}  # fmt: skip
EMPTY = ("chains", "crews", "assessment", "procedures", "procedure_steps", "procedure_materials")
Tables = dict[str, list[dict[str, Any]]]


def large_hall() -> Tables:
    """Return the tables of a hall that nobody has."""
    codes = [f"dept-{number:02}" for number in range(DEPARTMENTS)]
    seats = [(str(100 + number), codes[number % DEPARTMENTS]) for number in range(WINDOWS)]
    rates = {"max_wait_s": 1800, "priority_rate": 2.0, "appointment_rate": 1.5, "walk_in_rate": 1.0}
    departments = [{**NAMED, "code": code, "offers_three_services": True} for code in codes]
    queues = [
        {**NAMED, **rates, "code": code, "prefix": prefix, "department": code, "zone": "A"}
        for code, prefix in zip(codes, PREFIXES, strict=False)
    ]
    windows = [{**NAMED, "code": seat, "department": of, "zone": "A", "queues": [of]} for seat, of in seats]
    clerks = [
        {"username": f"clerk.{seat}", "name": "人员", "department": of, "window": seat} for seat, of in seats
    ]
    items = [
        {**ITEM, "code": f"item-{number:04}", "name": f"事项{number:04}", "department": of, "queue": of}
        for number, of in zip(range(ITEMS), cycle(codes), strict=False)
    ]
    return {
        "hall": [{"code": "main", "name": "大厅", "name_en": "Hall", "time_zone": "Asia/Shanghai"}],
        "departments": departments,
        "zones": [{**NAMED, "code": "A"}],
        "queues": queues,
        "windows": windows,
        "clerks": clerks,
        "items": items,
        "hours": [{**HOURS, "weekday": weekday} for weekday in range(1, 6)],
        "calendar": [{"day": "2026-10-01", "working": False, "name": "国庆节"}],
        "slot_plans": [{**PLAN, "code": f"{code}-am", "department": code} for code in codes],
        **{name: [] for name in EMPTY},
    }


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A hall of all services that is no demo, set up and empty."""
    with new_hall(tmp_path_factory.mktemp("hall")) as hall:
        set_up(hall)
        yield hall


def test_a_hall_of_60_departments_and_2000_items_is_loaded_though_its_catalogue_is_killed_meanwhile(
    hall: Stack,
) -> None:
    tables = large_hall()
    catalogue = hall.processes["catalogue"]
    with httpx.Client(base_url=f"{hall.url}/api/v1", timeout=DEADLINE_S) as api:
        who = {"username": "head", "password": PASSWORD}
        token = api.post("/auth/token", json=who).raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        file = {"file": ("hall.xlsx", write_workbook(tables))}
        id_ = api.post("/workbook", files=file, headers=headers).raise_for_status().json()["id"]

        def told(true: Callable[[Any], Any]) -> Any:
            job = api.get(f"/workbook/{id_}", headers=headers).raise_for_status().json()
            return job if true(job) else None

        until(lambda: told(lambda job: job["steps"][0]["done"]), what="the catalogue has its part")
        catalogue.kill()
        catalogue.start()
        catalogue.wait_ready()
        job = until(lambda: told(lambda job: job["finished_at"]), what="the hall is loaded")
        assert (job["state"], job["faults"][:3]) == ("applied", [])
        assert job["changes"]["items"]["added"] == ITEMS
        fetched = api.get("/workbook", headers=headers).raise_for_status().content
    assert changes_nothing(differences(tables_of(read_workbook(fetched)), tables))
    with psycopg.connect(hall.databases["catalogue"]) as connection:
        assert connection.execute("SELECT count(*) FROM item_revisions").fetchone() == (ITEMS,), "each once"
