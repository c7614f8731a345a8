"""A phone that follows a zone's board; most belong to people who are not in the hall."""

from __future__ import annotations

from loadtests.scene import Scene
from loadtests.streams import EVENT, board_of, open_stream

# As the page of a ticket asks for them (`live.js`).
EVERY_S = 3


def follow(scene: Scene, n: int) -> None:
    """Read the events of a board from an address of its own."""
    zones = scene.reference.zones
    stream = open_stream(scene.actor("phone", n).api, board_of(zones[n % len(zones)], every_s=EVERY_S))
    scene.streams["phones"] += 1

    def heard(piece: bytes) -> None:
        scene.streams["events"] += piece.count(EVENT)

    try:
        scene.phones.read(stream, heard)
        if not scene.ended:
            scene.streams["lost"] += 1
    finally:
        stream.close()
