"""The actors as locust users. `load.py` runs them headless; each is one user that does its journey once.

Locust keeps the users, spawns and stops them, and has the statistics of every action; what a person does is in
`journeys/`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, ClassVar

from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from loadtests.journeys import board, booked, clerk, crew, kiosk, manager, phone
from loadtests.scene import Scene

BOARDS, PHONES = 40, 2000


class Actor(User):
    """An actor of the scene, by their number among their kind."""

    abstract = True
    scene: ClassVar[Scene]
    numbers: ClassVar[Any]

    def __init__(self, environment: Environment) -> None:
        """Take the next number."""
        super().__init__(environment)
        self.n = next(self.numbers)

    @task
    def play(self) -> None:
        """Do what this actor does, once."""
        try:
            self.journey()
        except (OSError, ValueError, KeyError, TypeError, IndexError) as broken:
            self.scene.broken[f"{type(self).__name__}: {broken!r}"[:200]] += 1
        raise StopUser

    def journey(self) -> None:
        """Be replaced by the kind's own."""
        raise NotImplementedError


class Clerk(Actor):
    """A clerk and their console."""

    def journey(self) -> None:
        """Work the day."""
        clerk.clerk(self.scene, self.n)


class Kiosks(Actor):
    """Everybody who comes without an appointment."""

    def journey(self) -> None:
        """Come."""
        kiosk.arrivals(self.scene)


class Booked(Actor):
    """Everybody who has an appointment."""

    def journey(self) -> None:
        """Come."""
        booked.arrivals(self.scene)


class Phone(Actor):
    """A phone that follows a board."""

    def journey(self) -> None:
        """Follow."""
        phone.follow(self.scene, self.n)


class Board(Actor):
    """A board on the wall."""

    def journey(self) -> None:
        """Show."""
        board.show(self.scene, self.n)


class Crew(Actor):
    """A crew on its way."""

    def journey(self) -> None:
        """Make the visits."""
        crew.drive(self.scene, self.n)


class Manager(Actor):
    """The manager of the hall."""

    def journey(self) -> None:
        """Open and close sessions."""
        manager.manage(self.scene)


def environment(scene: Scene, *, boards: int = BOARDS, phones: int = PHONES) -> tuple[Environment, int]:
    """Return locust's environment for a scene and how many users it has."""
    counts = {
        Board: boards,
        Phone: phones,
        Clerk: len(scene.reference.windows),
        Crew: len(scene.crews),
        Manager: 1,
        Booked: 1,
        Kiosks: 1,
    }
    Actor.scene = scene
    for kind, number in counts.items():
        kind.fixed_count, kind.numbers = number, count()
    made = Environment(
        user_classes=[kind for kind, number in counts.items() if number], catch_exceptions=True
    )
    scene.ledger.heard = _hear(made)
    return made, sum(counts.values())


def _hear(made: Environment) -> Callable[[str, float, int, str | None], None]:
    def heard(action: str, seconds: float, size: int, fault: str | None) -> None:
        made.events.request.fire(
            request_type="API",
            name=action,
            response_time=1000 * seconds,
            response_length=size,
            exception=RuntimeError(fault) if fault else None,
            context={},
        )

    return heard
