"""`hall dead` on the broker of a hall on this machine."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Connection

from deploy.local import state
from deploy.local.layout import Layout
from services.chassis.migrate import declare
from services.chassis.topology import dead_queue, inbox_queue
from tests.servers import Vhost
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until


def _waiting(vhost: Vhost, queue: str) -> int:
    with Connection(vhost.uri) as connection:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)


@pytest.fixture
def buried(vhost: Vhost) -> str:
    """The id of an event that ticketing could not handle."""
    id_, inbox = str(uuid4()), inbox_queue("ticketing").name
    declare("ticketing", amqp_uri=vhost.uri)
    with Connection(vhost.uri, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish(json.dumps({"id": id_}), routing_key=inbox, delivery_mode=2)
        until(lambda: _waiting(vhost, inbox) == 1, what="it is in the inbox")
        message = inbox_queue("ticketing")(connection.default_channel).get()
        assert message is not None
        message.reject()
    until(lambda: _waiting(vhost, dead_queue("ticketing").name) == 1, what="it is among the dead")
    return id_


def test_what_was_buried_is_listed_and_replayed(vhost: Vhost, buried: str, tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    known = replace(state.complete(state.new(layout)), clock="real")
    state.write(layout, state.with_environment(known, {"AMQP_URI": vhost.uri}))

    def hall(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local.hall", "dead", *arguments],
            env=os.environ | {"HALL_RUN_DIR": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=True,
        )
        return done.stdout

    assert hall("list", "ticketing").split("\t")[0] == buried
    # Who looked gives it back as it goes, which the broker does in a moment.
    until(lambda: _waiting(vhost, dead_queue("ticketing").name) == 1, what="it is there again")
    assert hall("replay", "ticketing", "all") == "1 replayed\n"
    until(lambda: _waiting(vhost, inbox_queue("ticketing").name) == 1, what="it is in the inbox again")
    assert _waiting(vhost, dead_queue("ticketing").name) == 0
