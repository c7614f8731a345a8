"""A service on Nameko as it comes, to show what the chassis is for."""

import os
from pathlib import Path
from typing import Any

import eventlet
from nameko.rpc import ServiceRpc, rpc


class Plain:
    """Notes words in a file and calls itself."""

    name = "echo"
    itself = ServiceRpc("echo")

    @rpc
    def note(self, request: dict[str, Any]) -> None:
        """Write a word, then take as long as is asked."""
        with Path(os.environ["NOTES"]).open("a") as notes:
            notes.write(f"{request['word']}\n")
        # Timed: for ever, as far as the test that asks for it is concerned; it kills the process.
        eventlet.sleep(request.get("seconds", 0))

    @rpc
    def rest(self, request: dict[str, Any]) -> None:
        """Answer."""

    @rpc
    def ask(self, request: dict[str, Any]) -> None:
        """Pass a call on."""
        self.itself.rest(request={})
