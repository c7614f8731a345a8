"""Whatever changes from whatever day on, and whoever hears of it late, twice or out of order: what was promised holds.

A machine does what the people of a hall do, and what its managers change, to all its services at once. Each service
hears of the others when the machine says so. Whenever everybody has heard everything, `judging` says what must hold; in
between, people come for what they were promised.
"""

import os
from collections.abc import Callable
from itertools import count
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from services.chassis import clock
from tests.integration.changes import judging
from tests.integration.changes.bus import Peer, connected
from tests.integration.changes.deeds import CHANGES, DEEDS, HAPPENINGS, Day, Step, do
from tests.integration.changes.whole_hall import WholeHall

# How many halls are tried: the same ten each time, so that a change is judged by itself, or others by chance:
# `HALL_TEST_EXAMPLES=200` takes some minutes and finds what is rarer. With `HALL_TEST_SHRINK=1` what fails is made
# smaller, in as many more.
CHANCE = "HALL_TEST_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("HALL_TEST_EXAMPLES", "10"))
STEPS = 12
_halls = count(1)


class Changes(RuleBasedStateMachine):
    """Days at a hall where all may change; each run has a hall of its own."""

    peers: ClassVar[dict[str, Peer]]

    def __init__(self) -> None:
        super().__init__()
        self.hall = WholeHall(self.peers, hall=f"hall-{next(_halls)}")
        self.clock = clock.showing(lambda: self.hall.now)
        self.clock.__enter__()
        self.hall.furnish()
        self.day = Day(self.hall)
        self.holds = True

    def teardown(self) -> None:
        try:
            if self.holds:
                judging.settle(self.hall)
        finally:
            self.clock.__exit__(None, None, None)

    def do(self, *steps: Step) -> None:
        self.holds = False
        for each in steps:
            do(self.day, each)
        self.holds = True

    @initialize(deeds=st.lists(DEEDS, min_size=14, max_size=20))
    def begin(self, deeds: list[Step]) -> None:
        self.do(*deeds)

    @rule(
        change=CHANGES, deeds=st.lists(DEEDS, min_size=1, max_size=5), then=st.lists(HAPPENINGS, max_size=2)
    )
    def some_time(self, change: Step, deeds: list[Step], then: list[Step]) -> None:
        """Something is changed, people go on with what they do, and of some of it some hear."""
        self.do(change, *deeds, *then)


def test_whatever_changes_what_was_promised_holds(database: Callable[[str], str]) -> None:
    few = settings(
        max_examples=EXAMPLES,
        derandomize=not CHANCE,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        database=None,
        # To shrink what fails takes many times as long as to find it.
        phases=[Phase.generate, *([Phase.shrink] if "HALL_TEST_SHRINK" in os.environ else [])],
    )
    with connected(database) as peers:
        Changes.peers = peers
        run_state_machine_as_test(Changes, settings=few)
