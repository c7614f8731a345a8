"""The hall that tests of the API visit; it ends with the last of them: an idle one goes on working."""

from collections.abc import Iterator

import pytest

from tests.halls import RunningHall, started_hall


@pytest.fixture(scope="package")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """A hall as `make up` starts it, on a Monday morning, demo accounts on (password `demo`)."""
    with started_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall
