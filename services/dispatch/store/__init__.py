"""The only caller of the queries of dispatch."""

from services.dispatch.store.crews import Crews
from services.dispatch.store.orders import Orders
from services.dispatch.store.plans import Plans


class Store(Orders, Crews, Plans):
    """The database of dispatch."""
