"""The service of statistics on a database of its own."""

from collections.abc import Callable, Iterator

import pytest

from services.chassis.db import Database, load_queries
from services.statistics.store import Store
from tests.integration.statistics.in_process import Figures
from tests.waiting import DEADLINE_S


@pytest.fixture
def figures(database: Callable[[str], str]) -> Iterator[Figures]:
    """The service on a fresh database."""
    opened = Database(
        Store, load_queries("services.statistics"), url=database("statistics"), size=4, timeout=DEADLINE_S
    )
    yield Figures(opened)
    opened.close()
