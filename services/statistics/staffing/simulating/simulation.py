"""Waits of an hour, simulated with ciw from measured days and service times."""

from collections.abc import Sequence
from math import inf
from random import Random

import ciw

from services.statistics.staffing.domain import HOUR_S, Cell, Outlook, Service

# Measured days follow each other so far apart that nobody of one still waits in the next.
APART_S = 24 * HOUR_S
MOST_DAYS = 400


class _InOrder(ciw.dists.Distribution):  # type: ignore[misc]
    """Gives measured values one after the other.

    Ciw's own `Sequential` does so with `itertools.cycle`, and Ciw copies its distributions: Python 3.13 warns of that
    and 3.14 refuses it.
    """

    def __init__(self, values: Sequence[float]) -> None:
        self._values, self._given = values, 0

    def sample(self, t: float | None = None, ind: object = None) -> float:
        """Return the next value, and after the last the first."""
        value = self._values[self._given % len(self._values)]
        self._given += 1
        return value


def waits(arrivals: Sequence[float], services: Sequence[float], windows: int) -> list[float]:
    """Return how long each person waits in a first-come-first-served queue.

    Args:
        arrivals: moments in seconds, in order.
        services: how long each is served, in seconds.
        windows: how many serve.
    """
    gaps = [at - before for before, at in zip((0.0, *arrivals), arrivals, strict=False)]
    network = ciw.create_network(
        arrival_distributions=[_InOrder([*gaps, inf])],
        service_distributions=[_InOrder(services)],
        number_of_servers=[windows],
    )
    run = ciw.Simulation(network)
    run.simulate_until_max_customers(len(arrivals), method="Finish")
    records = sorted(run.get_all_records(), key=lambda record: record.id_number)
    return [float(record.waiting_time) for record in records]


class Hour:
    """People of one cell, drawn once: each number of windows is tried on the same people."""

    def __init__(self, cell: Cell, service: Service, *, customers: int, seed: str) -> None:
        """Draw measured days at random until there are people enough, and the moments within each hour.

        The hour before is simulated too, with as many windows, so that the hour begins with its queue.

        Args:
            cell: the hour and its measured days.
            service: how long service takes.
            customers: so many are to come in the hour, over all days.
            seed: makes the draw.
        """
        chance = Random(seed)  # noqa: S311 - a simulation
        self.arrivals: list[float] = []
        self.counted: list[bool] = []
        come, day = 0, 0
        while not come or (come < customers and day < MOST_DAYS):
            before, count = chance.choice(cell.days)
            self._come(before, day * APART_S, counted=False, chance=chance)
            self._come(count, day * APART_S + HOUR_S, counted=True, chance=chance)
            come, day = come + count, day + 1
        self.services = [chance.choice(service.times) for _ in self.arrivals]
        self.load = cell.arrivals * service.mean_s / HOUR_S

    def _come(self, count: int, since: float, *, counted: bool, chance: Random) -> None:
        self.arrivals += sorted(since + chance.random() * HOUR_S for _ in range(count))
        self.counted += [counted] * count

    def outlook(self, windows: int, *, within_s: int) -> Outlook:
        """Return what so many windows make of the hour."""
        took = waits(self.arrivals, self.services, windows)
        measured = sorted(wait for wait, counted in zip(took, self.counted, strict=True) if counted)
        return Outlook(
            windows=windows,
            within_rate=round(sum(wait < within_s for wait in measured) / len(measured), 4),
            p90_wait_s=round(measured[int(0.9 * (len(measured) - 1))]),
            utilisation=round(min(1.0, self.load / windows), 4),
        )
