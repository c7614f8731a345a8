"""The service of quality beside that of statistics, each on a database of its own."""

from collections.abc import Callable, Iterator

import pytest

from services.chassis.db import Database, load_queries
from services.quality.store import Store
from services.statistics.store import Store as StatisticsStore
from tests.integration.quality.in_process import Hall
from tests.integration.statistics.in_process import Figures
from tests.waiting import DEADLINE_S


@pytest.fixture
def hall(database: Callable[[str], str]) -> Iterator[Hall]:
    """Both services on fresh databases."""
    ours = Database(
        Store, load_queries("services.quality"), url=database("quality"), size=4, timeout=DEADLINE_S
    )
    others = Database(
        StatisticsStore,
        load_queries("services.statistics"),
        url=database("statistics"),
        size=4,
        timeout=DEADLINE_S,
    )
    yield Hall(ours, Figures(others))
    ours.close()
    others.close()
