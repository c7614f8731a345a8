"""A board on the wall: shows who is called where, and so tells how late it is."""

from __future__ import annotations

import json

from loadtests.scene import Scene
from loadtests.streams import PIECE, Events, board_of, open_stream


def show(scene: Scene, n: int) -> None:
    """Show a zone's board and note each call when it appears."""
    zones = scene.reference.zones
    zone = zones[n % len(zones)]
    # Boards of a zone count from 0, as the watch does.
    nth = n // len(zones)
    stream = open_stream(scene.actor("board", n).api, board_of(zone))
    scene.streams["boards"] += 1
    scene.watch.boards[zone] += 1
    known: set[tuple[str, str]] = set()
    events = Events()
    try:
        while piece := stream.recv(PIECE):
            for data in events.cut(piece):
                scene.streams["events"] += 1
                known = _read(scene, (zone, nth), data, known)
        if not scene.ended:
            scene.streams["lost"] += 1
    finally:
        stream.close()


def _read(
    scene: Scene, board: tuple[str, int], data: bytes, known: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    calling = {(each["number"], each["window"]) for each in json.loads(data)["calling"]}
    for number, window in calling - known:
        scene.watch.saw(*board, number, window)
    return calling
