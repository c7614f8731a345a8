"""A small hall in a catalogue of its own, at a clock that the test moves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from small_catalogue import Clock, courses, item_row, published, queue_row

from services.catalogue import schemas
from services.catalogue.store import Store
from services.catalogue.use_cases import loading
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import Database, load_queries
from services.chassis.service import load_request
from tests.waiting import DEADLINE_S


@pytest.fixture
def hall_clock() -> Iterator[Clock]:
    """The hall's clock."""
    shown = Clock()
    with clock.showing(lambda: shown.shows):
        yield shown


@pytest.fixture
def catalogue(database: Callable[[str], str], hall_clock: Clock) -> Iterator[Database[Store]]:
    """A migrated, empty catalogue."""
    found = Database(
        Store, load_queries("services.catalogue"), url=database("catalogue"), size=4, timeout=DEADLINE_S
    )
    yield found
    found.close()


@pytest.fixture
def admin() -> Caller:
    """An administrator."""
    return Caller(hall="main", username="boss", roles=frozenset({"admin"}), call_id="call-1")


@pytest.fixture
def clerk() -> Caller:
    """A clerk."""
    return Caller(hall="main", username="clerk001", roles=frozenset({"clerk"}), department="tax")


@pytest.fixture
def tables() -> dict[str, Any]:
    """The tables of a hall of two departments, as the loader sends them."""
    return {
        "hall": {
            "code": "main",
            "name": "市行政服务大厅",
            "name_en": "City Hall",
            "time_zone": "Asia/Shanghai",
        },
        "departments": [
            {"code": "tax", "name": "市国税局", "name_en": "Tax Bureau", "offers_three_services": True},
            {"code": "police", "name": "市公安局", "name_en": "Police", "offers_three_services": False},
        ],
        "zones": [{"code": "A", "name": "税务区", "name_en": "Tax"}],
        "chains": [{"code": "trade", "name": "进出口贸易", "name_en": "Trade"}],
        "queues": [
            queue_row("tax-a", "A", "tax"),
            queue_row("tax-b", "B", "tax"),
            queue_row("police-a", "C", "police"),
        ],
        "windows": [
            {
                "code": "101",
                "name": "101号窗口",
                "name_en": "Window 101",
                "department": "tax",
                "zone": "A",
                "queues": ["tax-b", "tax-a"],
            }
        ],
        "items": [
            item_row("tax-001", "企业设立登记"),
            item_row("tax-002", "发票领购", queue="tax-b", chains=[]),
            item_row("police-001", "居民身份证", department="police", queue="police-a", chains=[]),
        ],
        "hours": [
            {
                "department": None,
                "weekday": weekday,
                "opens": "09:00",
                "closes": "17:45",
                "break_starts": "12:00",
                "break_ends": "14:00",
            }
            for weekday in range(1, 6)
        ],
        "calendar": [
            {"day": "2026-01-01", "working": False, "name": "元旦"},
            {"day": "2026-01-04", "working": True, "name": "元旦调休上班"},
            {"day": "2027-01-01", "working": False, "name": "元旦"},
        ],
    }


@pytest.fixture
def load(catalogue: Database[Store], admin: Caller) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Load tables as the service does, with its schema and in a transaction."""

    def run(tables: dict[str, Any]) -> dict[str, Any]:
        request = load_request(schemas.LoadHall(), tables)
        with catalogue.transaction() as store:
            return loading.load_hall(store, admin, **request)

    return run


@pytest.fixture
def loaded(
    catalogue: Database[Store], load: Callable[[dict[str, Any]], object], tables: dict[str, Any]
) -> Database[Store]:
    """A catalogue with the small hall, its events already taken."""
    load(tables)
    published(catalogue)
    courses(catalogue)
    return catalogue
