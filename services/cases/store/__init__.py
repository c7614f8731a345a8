"""The only caller of the queries of cases."""

from services.cases.store.cases import Cases
from services.cases.store.joint import Joint


class Store(Cases, Joint):
    """The database of cases."""
