"""What the command that verifies the trail asks another service."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.chassis.bus import Reply
from services.identity import verify

AT_ONCE = 3


class Notifications:
    """Answers on the bus as the service does, a few at once and the last of all each time."""

    def __init__(self, *_: Any, **_more: Any) -> None:
        self.told = [{"number": number, "link": f"{number:064x}"} for number in range(1, 12)]
        self.told.append({"number": 11, "link": "f" * 64})

    def call(self, service: str, method: str, request: Mapping[str, Any], **_: Any) -> Reply:
        assert (service, method) == ("notifications", "list_trail_heads")
        behind = [each for each in self.told if each["number"] > request["after"]]
        last = [each for each in self.told if each["number"] == 11]
        part = behind[:AT_ONCE]
        return Reply({"items": part + [each for each in last if each not in part]}, replayed=False)

    def close(self) -> None:
        pass


def test_all_places_are_asked_for_however_many_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "Bus", Notifications)
    heads = verify.heads_elsewhere("main")
    assert sorted((each["number"], each["link"]) for each in heads) == sorted(
        (each["number"], each["link"]) for each in Notifications().told
    )
