"""What the API's description promises holds for whatever is sent: no 5xx, no undocumented answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.halls import OpenHall, warm_hall
from tests.servers import HTTP

SHARES = 8


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHall]:
    """A hall of its own: what is sent leaves it in a mess, and and in another order tests would come behind."""
    with warm_hall(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def token(hall: Any) -> Callable[[str], str]:
    """Sign in once as each role."""
    known: dict[str, str] = {}

    def sign_in(username: str) -> str:
        if username not in known:
            credentials = {"username": username, "password": "demo"}
            answer = HTTP.post(f"{hall.url}/api/v1/auth/token", json=credentials)
            known[username] = answer.raise_for_status().json()["access_token"]
        return known[username]

    return sign_in


@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_is_sent_the_answer_is_documented_and_no_server_error(
    hall: Any, token: Callable[[str], str], share: int
) -> None:
    from tests.integration.gateway.fuzzing import operations_of, try_out

    operations = operations_of(hall.url)
    assert len(operations) > 40
    failures: list[Exception] = []
    tried, mine = 0, operations[share::SHARES]
    for operation in mine:
        try:
            tried += try_out(operation, token)
        except ExceptionGroup as failure:
            failures.append(failure)

    if failures:
        raise ExceptionGroup(f"{len(failures)} operations break their description", failures)
    assert tried >= 5 * len(mine), "too few requests to say anything"
