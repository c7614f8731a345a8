"""Every error as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from services.chassis.bus import BusAway, BusError, CallTimedOut, RemoteProblem, ServiceAway
from services.chassis.logs import get_logger

logger = get_logger()

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = "2"
STATUS_OF_KIND = {"not_found": 404, "conflict": 409, "invalid": 422, "forbidden": 403, "away": 503}

# Codes of the gateway itself; services bring their own.
CODES: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The request cannot be read."),
    401: ("unauthenticated", "A valid token is needed."),
    403: ("forbidden", "You may not do this."),
    404: ("not_found", "There is no such thing."),
    405: ("method_not_allowed", "This method is not offered here."),
    406: ("not_acceptable", "This form of answer is not offered."),
    408: ("request_timeout", "The request did not arrive in time."),
    409: ("conflict", "The state of things forbids it."),
    413: ("too_large", "The body is larger than is taken here."),
    414: ("uri_too_long", "The address is too long."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    422: ("invalid", "The request is not valid."),
    429: ("too_many_requests", "You ask more often than is allowed."),
    431: ("headers_too_large", "The header fields are too large."),
    500: ("unexpected", "Something went wrong here; quote the call id when you report it."),
    501: ("not_implemented", "This is not offered."),
    503: ("service_unavailable", "A part of the hall is away; try again in a moment."),
    504: (
        "timed_out",
        "A part of the hall did not answer in time; whether it was done is seen by asking again.",
    ),
}


class Problem(Exception):
    """An answer that is not a success."""

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        *,
        errors: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Make a problem; code and detail default to the status's own."""
        known = CODES.get(status, CODES[500 if status >= 500 else 400])
        self.status = status
        self.code = code or known[0]
        self.detail = detail or known[1]
        self.errors = errors
        self.extra = extra or {}
        self.headers = headers or {}
        super().__init__(f"{status} {self.code}")

    def body(self, call_id: str) -> dict[str, Any]:
        """Return the members of the problem document."""
        members = {
            **self.extra,
            "type": f"/problems/{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "call_id": call_id,
        }
        if self.errors or self.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            members["errors"] = self.errors or {}
        return members

    def response(self) -> Response:
        """Return the answer."""
        text = json.dumps(self.body(g.get("call_id", "")), ensure_ascii=False, separators=(",", ":"))
        answer = Response(text, status=self.status, content_type=CONTENT_TYPE)
        answer.headers.update(self.headers)
        return answer


def from_remote(error: RemoteProblem) -> Problem:
    """Turn a service's error into a problem; what a service did not expect is logged and not told."""
    status = STATUS_OF_KIND.get(error.kind)
    if status is None:
        logger.error("call.unexpected", call_id=g.get("call_id", ""), cause=error.cause[:500])
        return Problem(500)
    headers = {}
    extra = dict(error.extra)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER_S
    elif "retry_after" in extra:
        status = HTTPStatus.TOO_MANY_REQUESTS
        headers["Retry-After"] = str(max(1, int(extra.pop("retry_after"))))
    return Problem(status, error.code, error.detail, errors=error.errors, extra=extra, headers=headers)


def from_bus(error: BusError) -> Problem:
    """Turn a call without an answer into a problem."""
    if isinstance(error, CallTimedOut):
        return Problem(504)
    code = "bus_away" if isinstance(error, BusAway) else "service_unavailable"
    detail = f"The service {error} is away." if isinstance(error, ServiceAway) else ""
    return Problem(503, code, detail, headers={"Retry-After": RETRY_AFTER_S})


def from_http(error: HTTPException) -> Problem:
    """Turn one of Flask's, Werkzeug's or webargs' errors into a problem."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    data = getattr(error, "data", None) or {}
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Problem(422, errors=flatten(data.get("messages", {})), headers=headers)
    return Problem(status, headers=headers)


def flatten(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return Marshmallow's messages as field name to messages, without the location webargs puts around them."""
    found: dict[str, list[str]] = {}
    for located in messages.values():
        _collect(located, "", found)
    return found


def _collect(value: Any, path: str, found: dict[str, list[str]]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _collect(inner, f"{path}.{name}" if path else str(name), found)
    else:
        found.setdefault(path or "_schema", []).extend(str(each) for each in value)


def _unexpected(error: Exception) -> Response:
    logger.error("request.failed", call_id=g.get("call_id", ""), path=request.path, exc_info=error)
    return Problem(500).response()


blueprint = Blueprint("problems", __name__, url_prefix="/problems")


@blueprint.get("/<code>")
def explain(code: str) -> dict[str, Any]:
    """Tell what a problem's `type` stands for."""
    for status, (known, meaning) in CODES.items():
        if known == code:
            return {"code": code, "status": status, "title": HTTPStatus(status).phrase, "detail": meaning}
    detail = "A rule of the hall; the problem's own detail says which."
    return {"code": code, "status": None, "title": code.replace("_", " "), "detail": detail}


def register(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_blueprint(blueprint)
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(RemoteProblem, lambda error: from_remote(error).response())
    app.register_error_handler(BusError, lambda error: from_bus(error).response())
    app.register_error_handler(HTTPException, lambda error: from_http(error).response())
    app.register_error_handler(Exception, _unexpected)
