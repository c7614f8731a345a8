"""Whether the gateway lives and whether all of the hall is ready, as everybody may know it."""

from typing import Any

from marshmallow import fields

from gateway.api.routing import Routes, json_answer
from gateway.http.readiness import outline
from gateway.http.runtime import runtime
from gateway.schemas.common import Answer


class Alive(Answer):
    """The process answers."""

    status = fields.String(required=True)


class Ready(Answer):
    """Whether each part of the hall answers."""

    status = fields.String(required=True)
    bus = fields.String(required=True)
    services = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "What does not answer."})


routes = Routes("operations", __name__, description="Health.")


@routes.question("/healthz", Alive)
def get_health() -> Any:
    """The process lives."""
    return {"status": "ok"}


@routes.question("/readyz", Ready, extra_doc={"responses": {"503": {"description": "Something is missing."}}})
def get_readiness() -> Any:
    """Every service, the bus and the databases answer, as of the last two seconds; 503 names what does not."""
    parts = runtime()
    parts.start()
    content = outline(parts.readiness.get())
    answer = json_answer(content, 503 if content["missing"] else 200)
    if content["missing"]:
        answer.headers["Retry-After"] = "2"
    return answer
