"""Sends what a description of an API allows and what it does not, and checks the answers against it.

Apart from the test, which alone has the second of processor time that it takes to load schemathesis.
"""

from collections.abc import Callable
from typing import Any

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
# A stream does not end; signing out would end the rest of the test; health is not input.
LEFT_OUT = (r"/events$", r"/auth/revoke$", r"/password$", r"^/(healthz|readyz)$")


def operations_of(url: str) -> list[Any]:
    """Return the operations that the hall at this address describes, without those that cannot be tried."""
    description = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for pattern in LEFT_OUT:
        description = description.exclude(path_regex=pattern)
    return [result.ok() for result in description.get_all_operations()]


def try_out(operation: Any, token: Callable[[str], str]) -> int:
    """Send what the description allows, as an admin and as nobody; return how many requests that were."""
    tried = 0

    @settings(
        max_examples=EXAMPLES,
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
