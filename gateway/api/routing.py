"""How an endpoint is declared: one decorator gives it its route, its guard, its checks and its description."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Request, Response, g
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema
from webargs import missing
from webargs.flaskparser import FlaskParser

from gateway.api.openapi import problem_name
from gateway.http.auth import Principal, unauthenticated
from gateway.http.context import UPLOADS
from gateway.http.permissions import ANALYSTS, OPERATIONS, SIGNED_IN, STAFF, Operation
from gateway.http.problems import Problem
from gateway.http.runtime import runtime

__all__ = ["ANALYSTS", "SIGNED_IN", "STAFF", "Routes", "json_answer", "permitted"]

View = Callable[..., Any]

# Any request can be unreadable, too long or too frequent, and any service away.
ALWAYS = (400, 401, 414, 429, 431, 500, 503, 504)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Parser(FlaskParser):
    """Takes the body that was read and checked before, and lets schemas refuse what they do not know."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None}  # noqa: RUF012 - webargs' own declaration

    def load_json(self, req: Request, schema: Schema) -> Any:
        return missing if g.json is None else g.json


def permitted(operation: Operation) -> Callable[[View], View]:
    """Let only accounts through whose roles permit an operation, in the capacity in which they do it.

    Raises (in the view):
        Problem: 401 without a token, 403 without the permission.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            principal: Principal | None = g.principal
            if operation.roles and principal is None:
                raise unauthenticated()
            roles = runtime().roles
            if principal is not None and not roles.permits(principal, operation):
                raise Problem(403, detail=f"This needs one of the roles {', '.join(operation.roles)}.")
            g.capacity = roles.capacity(principal, operation)
            return view(*args, **kwargs)

        return guarded

    return decorate


def json_answer(content: Any, status: int) -> Response:
    """Return an answer as services gave it: their own schemas have shaped it."""
    return Response(_encode(content), status=status, content_type="application/json")


class Routes(Blueprint):  # type: ignore[misc]
    """A blueprint whose endpoints are questions (GET) and commands (POST, PATCH)."""

    ARGUMENTS_PARSER = _Parser()

    def question(
        self,
        rule: str,
        answer: type[Schema] | None,
        *,
        query: type[Schema] | None = None,
        roles: Sequence[str] = (),
        staff: Sequence[str] = (),
        problems: Sequence[int] = (),
        or_empty: bool = False,
        holder: bool = False,
        extra_doc: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare a GET.

        Args:
            rule: the path, with converters.
            answer: describes what comes back.
            query: the query's schema; its values are the view's first argument.
            roles: who may ask; anybody when empty.
            staff: who may ask about others, where anybody may ask about themselves.
            problems: statuses it may answer beside those every endpoint may.
            or_empty: None is answered with 204.
            holder: takes a holder's token, and may refuse who has none.
            extra_doc: further members of the description, over those made here.
        """
        expected = {*problems, *((422,) if query else ()), *((404,) if "<" in rule else ())}
        expected |= {403} if holder else set()
        parameters = {"parameters": ["HolderToken"]} if holder else {}
        return self._endpoint(
            "GET", rule, answer,
            query=query, roles=roles, staff=staff, problems=expected, or_empty=or_empty,
            extra_doc={**parameters, **(extra_doc or {})},
        )  # fmt: skip

    def command(
        self,
        rule: str,
        answer: type[Schema] | None,
        *,
        body: type[Schema] | None = None,
        roles: Sequence[str] = (),
        staff: Sequence[str] = (),
        problems: Sequence[int] = (409,),
        status: int = 200,
        method: str = "POST",
        or_empty: bool = False,
        repeatable: bool = True,
        holder: bool = False,
        upload: int = 0,
        extra_doc: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare a POST or PATCH; arguments as for `question`.

        Args:
            rule: the path, with converters.
            answer: describes what comes back, None for an answer without a body.
            body: the JSON body's schema; its values are the view's first argument.
            roles: who may do it; anybody when empty.
            staff: who may do it for others, where anybody may do it for themselves.
            problems: statuses it may answer beside those every command may.
            status: of the success.
            method: POST or PATCH.
            or_empty: None is answered with 204.
            repeatable: takes an Idempotency-Key.
            holder: takes a holder's token, and may refuse who has none.
            upload: takes a file of at most so many bytes in place of JSON.
            extra_doc: further members of the description, over those made here.
        """
        expected = {*problems, 408, 413, 415, 422, *((404,) if "<" in rule else ())}
        expected |= {403} if holder else set()
        taken = [*(["IdempotencyKey"] if repeatable else []), *(["HolderToken"] if holder else [])]
        parameters = {"parameters": taken} if taken else {}
        declare = self._endpoint(
            method, rule, answer,
            body=body, roles=roles, staff=staff, problems=expected, status=status, or_empty=or_empty,
            extra_doc={**parameters, **(extra_doc or {})},
        )  # fmt: skip
        return self._taking_files(declare, upload) if upload else declare

    def _taking_files(self, declare: Callable[[View], View], most: int) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            UPLOADS[f"{self.name}.{view.__name__}"] = most
            return declare(view)

        return decorate

    def _endpoint(
        self,
        method: str,
        rule: str,
        answer: type[Schema] | None,
        *,
        problems: set[int],
        roles: Sequence[str],
        staff: Sequence[str],
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        status: int = 200,
        or_empty: bool = False,
        extra_doc: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            operation = Operation(view.__name__, self.name, tuple(roles), tuple(staff))
            OPERATIONS[operation.code] = operation
            made = _answering(view, status=status, or_empty=or_empty)
            if method != "GET" and body is None:
                made = _without_body(made)
            if query:
                made = self.arguments(query(), location="query")(made)
            if body:
                made = self.arguments(body())(made)
            made = self.response(status, answer, headers=_success_headers(method))(made)
            statuses = {*problems, *ALWAYS, *((403,) if roles else ())}
            made = self.doc(**_describe(view, statuses, roles=roles, or_empty=or_empty))(made)
            further = dict(extra_doc or {})
            _add_parameters(made, further.pop("parameters", ()))
            made = self.doc(**further)(made)
            if roles or staff:
                made = permitted(operation)(made)
            self.route(rule, methods=[method])(made)
            return view

        return decorate


def _add_parameters(made: View, parameters: Sequence[Any]) -> None:
    """Describe parameters beside those of the query and body; a description given by hand would take their place."""
    arguments = made._apidoc.setdefault("arguments", {})  # type: ignore[attr-defined]
    arguments["parameters"] = [*arguments.get("parameters", ()), *parameters]


def _without_body(view: View) -> View:
    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if g.json is not None and g.json != {}:
            raise Problem(422, errors={"_schema": ["No members are taken here."]})
        return view(*args, **kwargs)

    return checked


def _answering(view: View, *, status: int, or_empty: bool) -> View:
    @wraps(view)
    def answering(*args: Any, **kwargs: Any) -> Response:
        content = view(*args, **kwargs)
        if isinstance(content, Response):
            return content
        if content is None and or_empty:
            return Response(status=204)
        return json_answer(content, status)

    return answering


def _describe(view: View, statuses: set[int], *, roles: Sequence[str], or_empty: bool) -> dict[str, Any]:
    responses: dict[str, Any] = {str(status): problem_name(status) for status in sorted(statuses)}
    if or_empty:
        responses["204"] = {"description": "There is none.", "headers": {"X-Call-Id": "CallId"}}
    token: list[dict[str, list[str]]] = [{"bearer": []}]
    doc: dict[str, Any] = {
        "operationId": view.__name__,
        "responses": responses,
        "security": token if roles else [{}, *token],
    }
    if roles:
        doc["description"] = (
            f"Roles: {', '.join(roles)}; an admin has each, and so have roles made of operations."
        )
    return doc


def _success_headers(method: str) -> dict[str, str]:
    return {"X-Call-Id": "CallId"} | ({"Idempotent-Replayed": "Replayed"} if method != "GET" else {})
