"""The gateway as gunicorn runs it: bodies, limits, health."""

import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.integration.gateway.conftest import TICKET_ID, Signer
from tests.integration.gateway.responder import Responder
from tests.servers import HTTP
from tests.waiting import DEADLINE_S, until

TICKETS = "/api/v1/tickets"


def test_a_number_is_taken_through_the_whole_chain(
    gateway: httpx.Client, signer: Signer, responder: Responder
) -> None:
    headers = signer.headers("kiosk1", "kiosk") | {"Idempotency-Key": "k1", "X-Call-Id": "call-0123456789"}

    answer = gateway.post(TICKETS, json={"item": "I9", "channel": "kiosk"}, headers=headers)

    assert (answer.status_code, answer.json()["item"]) == (201, "I9")
    [call] = [call for target, call in responder.seen if target == "ticketing.issue_ticket"]
    assert call.call_id == "call-0123456789"
    assert call.caller["command_id"] == "kiosk1:k1"
    assert answer.headers["X-Call-Id"] == "call-0123456789"


def test_nothing_a_client_sends_is_answered_with_a_server_error(
    gateway: httpx.Client, signer: Signer
) -> None:
    headers = signer.headers("kiosk1", "kiosk") | {"Content-Type": "application/json"}

    def status(body: bytes, **changed: str) -> int:
        answer = gateway.post(TICKETS, content=body, headers=headers | changed)
        assert answer.headers["Content-Type"] == (
            "application/json" if answer.is_success else "application/problem+json"
        )
        return answer.status_code

    assert status(b"{broken") == 400
    assert status(b"x" * 10_000_000) == 413
    assert status(b"<a/>", **{"Content-Type": "text/xml"}) == 415
    assert status(b'{"item":"I1","channel":"kiosk","reason":"\\u0000"}') == 422
    assert status('{"item":"I1","channel":"kiosk","reason":"😀 急"}'.encode()) == 201
    assert gateway.get(f"{TICKETS}/%00").status_code == 404
    assert gateway.get(f"{TICKETS}/{TICKET_ID}").status_code == 200


def test_a_long_body_in_chunks_is_refused_too(gateway: httpx.Client, signer: Signer) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    headers = signer.headers("kiosk1", "kiosk") | {"Content-Type": "application/json"}

    assert gateway.post(TICKETS, content=chunks(), headers=headers).status_code == 413


def test_what_is_not_http_is_answered_with_a_problem(gateway: httpx.Client) -> None:
    address = urlsplit(str(gateway.base_url))
    with socket.create_connection(
        (address.hostname or "", address.port or 0), timeout=DEADLINE_S
    ) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nBroken header\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer
    assert b"<html" not in answer


def _slow_body(url: str) -> socket.socket:
    """Return a connection that has announced a body and sent a part of it."""
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=DEADLINE_S)
    connection.sendall(
        f"POST {TICKETS} HTTP/1.1\r\nHost: hall\r\nContent-Type: application/json\r\n"
        "Content-Length: 60000\r\n\r\n{".encode()
    )
    return connection


def test_a_body_that_does_not_arrive_is_given_up_with_its_connection(gateway: httpx.Client) -> None:
    with _slow_body(str(gateway.base_url)) as connection:
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in answer


def test_connections_of_one_address_are_bounded(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_CONNECTIONS_PER_ADDRESS="5")
    held: list[socket.socket] = []
    try:
        # What looked whether the gateway is up may still hold one or two of the five.
        while not held or _is_taken(held[-1]):
            held.append(_slow_body(stack.url))
        refused = b"".join(iter(lambda: held[-1].recv(65536), b""))
    finally:
        for connection in held:
            connection.close()

    assert 3 <= len(held) <= 6
    assert refused.startswith(b"HTTP/1.1 429 ")
    until(lambda: _answers(stack.url), what="those who are served have let go")


def _is_taken(connection: socket.socket) -> bool:
    """Say whether a connection is served; one that is not is answered and closed at once."""
    # Timed: how long nothing may come before a connection counts as taken; the refusal is the first thing on it.
    connection.settimeout(1)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return True
    finally:
        connection.settimeout(DEADLINE_S)


def _answers(url: str) -> bool:
    try:
        return HTTP.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False


def test_an_unknown_proxy_is_named_in_the_log_once(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway")
    for n in range(5):
        HTTP.get(f"{stack.url}/api/v1/departments", headers={"X-Forwarded-For": f"192.0.2.{n}"})

    log = stack.processes["gateway"].log

    def named() -> list[str]:
        return [line for line in log.read_text().splitlines() if "proxy.untrusted" in line]

    until(lambda: named(), what="the proxy is named")
    assert len(named()) == 1
    assert "HALL_TRUSTED_PROXIES" in named()[0]


def test_the_limit_is_exact_with_two_workers(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_GATEWAY_WORKERS="2", HALL_LIMIT_READS="50")
    # At once, because the limit is that of a minute.
    with ThreadPoolExecutor(max_workers=20) as pool:
        answers = list(pool.map(lambda _: HTTP.get(f"{stack.url}/api/v1/departments"), range(60)))

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(429)) == (50, 10)
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1


def test_readiness_names_what_does_not_answer(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_SERVICES="ticketing,nobody")

    answer = HTTP.get(f"{stack.url}/readyz")

    assert answer.status_code == 503
    assert answer.json()["missing"] == ["nobody"]
    assert answer.json()["services"]["ticketing"] == {"database": "ok"}


def test_details_are_told_on_the_operators_listener_alone(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_SERVICES="ticketing")

    public, inside = HTTP.get(f"{stack.url}/readyz").json(), HTTP.get(f"{stack.operations_url}/readyz").json()

    assert public["services"]["ticketing"] == {"database": "ok"}
    assert inside["services"]["ticketing"]["ms"] > 0
    assert HTTP.get(f"{stack.url}/metrics").status_code == 404
    assert HTTP.get(f"{stack.operations_url}/metrics").is_success
    assert HTTP.get(f"{stack.operations_url}/api/v1/hall").status_code == 404


def test_many_who_ask_at_once_whether_the_hall_is_ready_cost_one_look(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_SERVICES="ticketing")

    with ThreadPoolExecutor(max_workers=40) as pool:
        answers = list(pool.map(lambda _: HTTP.get(f"{stack.url}/readyz").status_code, range(40)))

    assert set(answers) == {200}
    # Looked at every two seconds at most; a slow machine may need more than one of them.
    assert len([target for target, _ in responder.seen if target == "ticketing.health"]) < 10


def test_the_hall_is_ready_when_all_services_answer(gateway: httpx.Client) -> None:
    assert gateway.get("/readyz").json()["status"] == "ok"


def test_an_unknown_service_is_503_with_the_time_to_try_again(
    running_services: Callable[..., Any], vhost: Any
) -> None:
    stack = running_services("gateway")

    answer = HTTP.get(f"{stack.url}/api/v1/departments")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert answer.headers["Retry-After"]


def test_a_sign_out_counts_in_every_worker(
    gateway: httpx.Client, signer: Signer, responder: Responder
) -> None:
    headers = signer.headers("clerk001", "clerk", jti="gone")
    assert gateway.get("/api/v1/auth/me", headers=headers).status_code == 200

    def refused_everywhere() -> bool:
        # A worker listens from its first request on; what was revoked before that it would ask identity for.
        responder.emit("identity.token.revoked", {"jti": "gone", "exp": 0}, position=1)
        answers = [HTTP.get(f"{gateway.base_url}/api/v1/auth/me", headers=headers) for _ in range(12)]
        return {each.status_code for each in answers} == {401}

    until(refused_everywhere, what="the token is refused by every worker")


def test_the_metrics_of_both_workers_are_added_up(
    running_services: Callable[..., Any], responder: Responder
) -> None:
    stack = running_services("gateway", HALL_GATEWAY_WORKERS="2")
    for _ in range(20):
        assert HTTP.get(f"{stack.url}/api/v1/departments").status_code == 200

    found = re.search(
        r'^hall_gateway_request_seconds_count\{[^}]*route="/api/v1/departments"[^}]*\} ([0-9.]+)$',
        HTTP.get(f"{stack.operations_url}/metrics").text,
        re.MULTILINE,
    )
    assert found is not None
    assert float(found[1]) == 20
