"""How the API is described: OpenAPI 3.1 at `/openapi.json`, a page to read it at `/docs`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Flask, Response, current_app, render_template
from flask_smorest import Api  # type: ignore[import-untyped]
from werkzeug.routing import BaseConverter

from gateway.http.asking import HOLDER_HEADER, KEY_PATTERN, LONGEST_HOLDER_TOKEN
from gateway.http.problems import CODES, CONTENT_TYPE
from gateway.schemas.common import CASE_PATTERN, CODE_PATTERN, JOINT_PATTERN, UUID_PATTERN, Problem

DESCRIPTION = """Queue, cases and boards of a government service hall.

Errors are `application/problem+json` (RFC 9457); write programs against their `code`. Every change takes an
`Idempotency-Key`: the same key and body again returns the first answer with `Idempotent-Replayed: true`.
The answer that makes a ticket, appointment or order has a `token`, the secret of whoever holds it; what only they or
staff may do or read takes it as `X-Holder-Token`. An id alone proves nothing.
Lists take `limit` and `cursor` and answer `{"items": […], "next": cursor or null}`."""

HEADERS: Mapping[str, Mapping[str, Any]] = {
    "CallId": {"description": "The call's id, as in every log line.", "schema": {"type": "string"}},
    "Replayed": {
        "description": "`true` when this is the first answer to the same command.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "RetryAfter": {
        "description": "When to try again, in seconds.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
WITH_RETRY = frozenset({429, 503})


class CodeConverter(BaseConverter):
    """A code in a path; anything else is no such thing."""

    regex = CODE_PATTERN.strip("^$")


class CaseConverter(BaseConverter):
    """A case's number in a path."""

    regex = CASE_PATTERN.strip("^$")


class JointConverter(BaseConverter):
    """The number of a joint case in a path."""

    regex = JOINT_PATTERN.strip("^$")


class IdConverter(BaseConverter):
    """An id in a path: a UUID, which proves nothing about who sends it."""

    regex = UUID_PATTERN.strip("^$")


class HallApi(Api):  # type: ignore[misc]
    """flask-smorest's API with our problems in place of its errors."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME: ClassVar[str | None] = None

    def __init__(self, app: Flask) -> None:
        """Describe the API of an app and serve the description."""
        app.url_map.converters.update(
            code=CodeConverter, case=CaseConverter, joint=JointConverter, uuid4=IdConverter
        )
        app.config.update(
            API_TITLE="HallFlow",
            API_VERSION="v1",
            OPENAPI_VERSION="3.1.0",
            OPENAPI_URL_PREFIX="/",
            OPENAPI_JSON_PATH="openapi.json",
            API_SPEC_OPTIONS={"info": {"description": DESCRIPTION}, "servers": [{"url": "/"}]},
        )
        super().__init__(app)
        self.register_converter(CodeConverter, lambda _: {"type": "string", "pattern": CODE_PATTERN})
        self.register_converter(JointConverter, lambda _: {"type": "string", "pattern": JOINT_PATTERN})
        self.register_converter(CaseConverter, lambda _: {"type": "string", "pattern": CASE_PATTERN})
        self.register_converter(
            IdConverter, lambda _: {"type": "string", "format": "uuid", "pattern": UUID_PATTERN}
        )
        _describe_shared_parts(self.spec)
        app.add_url_rule("/docs", "docs", _docs_page)

    def _register_error_handlers(self) -> None:
        """Leave errors to `gateway.http.problems`."""

    def _openapi_json(self) -> Response:
        """Serve the description, made once."""
        cached: Response | None = current_app.extensions.get("hall-openapi")
        if cached is None:
            cached = super()._openapi_json()
            current_app.extensions["hall-openapi"] = cached
        return Response(cached.get_data(), mimetype="application/json")


def problem_name(status: int) -> str:
    """Return what the description calls a status's problem."""
    return f"Problem{status}"


def _describe_shared_parts(spec: Any) -> None:
    spec.components.security_scheme(
        "bearer",
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "From /auth/token."},
    )
    for name, header in HEADERS.items():
        spec.components.header(name, dict(header))
    spec.components.parameter(
        "IdempotencyKey",
        "header",
        {
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "pattern": KEY_PATTERN},
            "description": "Makes the change safe to repeat; up to 200 visible ASCII characters.",
        },
    )
    spec.components.parameter(
        "HolderToken",
        "header",
        {
            "name": HOLDER_HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_HOLDER_TOKEN},
            "description": "The `token` of the ticket, appointment or order, from the answer that made it.",
        },
    )
    for status, (code, meaning) in CODES.items():
        headers = {"X-Call-Id": "CallId"} | ({"Retry-After": "RetryAfter"} if status in WITH_RETRY else {})
        spec.components.response(
            problem_name(status),
            {
                "description": f"`{code}` or a more exact code: {meaning}",
                "content": {CONTENT_TYPE: {"schema": Problem}},
                "headers": headers,
            },
        )


def _docs_page() -> str:
    return render_template("docs.html")
