"""The only caller of the queries of appointments."""

from services.appointments.store.bookings import Bookings
from services.appointments.store.sessions import Sessions
from services.appointments.store.slots import Slots


class Store(Slots, Bookings, Sessions):
    """The database of appointments."""
