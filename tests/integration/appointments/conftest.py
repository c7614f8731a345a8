"""The service of appointments on a database of its own, in the process of the test."""

from collections.abc import Callable, Iterator

import pytest

from services.appointments.store import Store
from services.chassis import clock
from services.chassis.db import Database, load_queries
from tests.integration.appointments.in_process import Hall
from tests.waiting import DEADLINE_S


@pytest.fixture
def hall(database: Callable[[str], str]) -> Iterator[Hall]:
    """Appointments on a fresh database that knows a department with two slots of two places each morning."""
    opened = Database(
        Store,
        load_queries("services.appointments"),
        url=database("appointments"),
        size=20,
        timeout=DEADLINE_S,
    )
    hall = Hall(opened)
    with clock.showing(lambda: hall.now):
        hall.open()
        hall.plan()
        yield hall
    opened.close()
