"""The only caller of the queries of facts."""

from services.statistics.facts.store.archive import Archive


class Store(Archive):
    """The newest state of whatever is heard, and all that was heard."""
