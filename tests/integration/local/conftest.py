"""What the tests of the local start share."""

import contextlib
from collections.abc import Callable

import psutil
import pytest

from deploy.local import processes


@pytest.fixture(scope="session")
def listening() -> Callable[[str], dict[str, set[str]]]:
    """Tell the addresses that processes with a mark listen on, by the processes' names."""

    def addresses(mark: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for process in processes.marked(mark):
            with contextlib.suppress(psutil.NoSuchProcess):  # some live for a moment only
                for connection in process.net_connections(kind="inet"):
                    if connection.status == psutil.CONN_LISTEN:
                        found.setdefault(process.name(), set()).add(connection.laddr.ip)
        return found

    return addresses
