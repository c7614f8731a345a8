"""The service of statistics on a database of its own."""

from collections.abc import Callable, Iterator

import pytest

from services.chassis.db import Database, load_queries
from services.statistics.store import Store
from tests.integration.statistics.in_process import Figures


@pytest.fixture
def figures(database: Callable[[str], str]) -> Iterator[Figures]:
    """The service on a fresh database."""
    opened = Database(Store, load_queries("services.statistics"), url=database("statistics"), size=4)
    yield Figures(opened)
    opened.close()
