"""The service of cases on a database of its own, in the process of the test."""

from collections.abc import Callable, Iterator

import pytest

from services.cases.store import Store
from services.chassis import clock
from services.chassis.db import Database, load_queries
from tests.integration.cases.in_process import Office
from tests.waiting import DEADLINE_S


@pytest.fixture
def office(database: Callable[[str], str]) -> Iterator[Office]:
    """Cases on a fresh database that knows a few items, on a Monday morning."""
    opened = Database(
        Store, load_queries("services.cases"), url=database("cases"), size=10, timeout=DEADLINE_S
    )
    office = Office(opened)
    office.publish_item("market-001", department="market", time_limit_days=5)
    office.publish_item("market-002", department="market", time_limit_days=0)
    office.publish_item("tax-001", department="tax", time_limit_days=5)
    with clock.showing(lambda: office.now):
        yield office
    opened.close()
