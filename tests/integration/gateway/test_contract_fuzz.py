"""What the API's description promises holds for whatever is sent: no 5xx, no undocumented answer."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import HTTP
from tests.waiting import DEADLINE_S

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# A number of requests and not a time to send them in: a slow machine tries the same.
EXAMPLES = 15
SHARES = 8
# A stream does not end; signing out would end the rest of the test; health is not input.
LEFT_OUT = (r"/events$", r"/auth/revoke$", r"/password$", r"^/(healthz|readyz)$")


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
    description = schemathesis.openapi.from_url(f"{hall.url}/openapi.json")
    for pattern in LEFT_OUT:
        description = description.exclude(path_regex=pattern)
    operations = [result.ok() for result in description.get_all_operations()]
    assert len(operations) > 40
    operations, tried = operations[share::SHARES], 0
    failures: list[Exception] = []
    for operation in operations:
        try:
            tried += _try_out(operation, token)
        except ExceptionGroup as failure:
            failures.append(failure)

    if failures:
        raise ExceptionGroup(f"{len(failures)} operations break their description", failures)
    assert tried >= 5 * len(operations), "too few requests to say anything"


def _try_out(operation: Any, token: Callable[[str], str]) -> int:
    """Send what the description allows, as an admin and as nobody; return how many requests that were."""
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation))
    def send(case: Case) -> None:
        nonlocal tried
        username = ("admin", "clerk", "kiosk", None)[tried % 4] if tried >= 12 else "admin"
        headers = {"Authorization": f"Bearer {token(username)}"} if username else {}
        tried += 1
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=DEADLINE_S)

    send()
    return tried


def _cases(operation: Any) -> SearchStrategy[Case]:
    """Return an operation's cases, what it should take and what it should not."""
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return valid | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
