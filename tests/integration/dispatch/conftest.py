"""Dispatch on a database of its own, in the process of the test; each plan that is published is checked."""

from collections.abc import Callable, Iterator

import pytest

from services.chassis import clock
from services.chassis.db import Database, load_queries
from services.dispatch.store import Store
from tests.integration.dispatch.in_process import Hall
from tests.waiting import DEADLINE_S


@pytest.fixture
def hall(database: Callable[[str], str]) -> Iterator[Hall]:
    """Dispatch on a fresh database that knows two departments, one of which comes, and two crews of it."""
    opened = Database(
        Store, load_queries("services.dispatch"), url=database("dispatch"), size=20, timeout=DEADLINE_S
    )
    hall = Hall(opened)
    with clock.showing(lambda: hall.now):
        hall.open()
        yield hall
    assert hall.all_checked()
    opened.close()
