"""How often Python looks for cycles of garbage: by default several times a call, through all that was ever loaded."""

import gc

COLLECT_EVERY = (20_000, 20, 50)


def spare_the_collector() -> None:
    """Leave what is loaded by now out of every collection, and collect less often. Call it when all is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_EVERY)
