"""A ticket service as one writes it by the book: `nameko run`, default RPC, psycopg with a connection for each worker.

It writes the same rows as a ticket's issue: ticketing's own statement, one round trip, in autocommit. It has neither
relay nor inbox, checks no token, keeps no limits, and its statement's parameters are constants but for the ids.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from eventlet.queue import Queue
from nameko.extensions import DependencyProvider
from nameko.rpc import ServiceRpc, rpc
from nameko.web.handlers import http

WORKERS = 32


class Database(DependencyProvider):
    """A connection for each worker, as many as may work at once."""

    def setup(self) -> None:
        """Connect."""
        self.idle: Queue[Any] = Queue()
        for _ in range(WORKERS):
            self.idle.put(psycopg.connect(os.environ["PLAIN_DATABASE"], autocommit=True))

    def get_dependency(self, worker_ctx: Any) -> Database:
        """Give itself."""
        return self

    def execute(self, statement: str, values: dict[str, Any]) -> Any:
        """Run a statement and return its first row."""
        connection = self.idle.get()
        try:
            return connection.execute(statement, values, prepare=True).fetchone()
        finally:
            self.idle.put(connection)


class Tickets:
    """Gives numbers."""

    name = "plain_tickets"
    database = Database()
    statement = Path(os.environ.get("PLAIN_STATEMENT", os.devnull)).read_text("utf-8")

    @rpc
    def issue(self, item: str, channel: str) -> dict[str, Any]:
        """Give a number."""
        id_ = str(uuid4())
        values = {"queue": f"queue-{random.randint(1, 60)}", "id": id_, "command_id": f"kiosk:{id_}"}
        row = self.database.execute(self.statement, values)
        return {"id": id_, "item": item, "channel": channel, "row": [str(each) for each in row or ()]}


class Web:
    """The way in by HTTP."""

    name = "plain_web"
    tickets = ServiceRpc("plain_tickets")

    @http("POST", "/tickets")
    def issue(self, request: Any) -> tuple[int, dict[str, str], str]:
        """Take a number."""
        body = json.loads(request.get_data(as_text=True))
        answer = self.tickets.issue(body["item"], body["channel"])
        return 201, {"Content-Type": "application/json"}, json.dumps(answer)
