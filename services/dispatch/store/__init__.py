"""The only caller of the queries of dispatch."""

from services.dispatch.store.crews import Crews
from services.dispatch.store.orders import Orders


class Store(Orders, Crews):
    """The database of dispatch."""
