"""What came out of a call, in the form it has on the bus."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any

from nameko.exceptions import MethodNotFound, serialize

from services.chassis.errors import NotFound, ServiceError

ExcInfo = tuple[type[BaseException], BaseException, TracebackType]


class NoSuchMethod(NotFound):
    """The service has no such method."""

    code = "no_such_method"


class Unexpected(ServiceError):
    """Something went wrong here; the call id finds it in the log."""


@dataclass(frozen=True)
class Outcome:
    """A result or an error, and whether a command had answered it before."""

    body: Any = None
    error: ServiceError | None = None
    replayed: bool = False

    @classmethod
    def of(cls, result: Any, exc_info: ExcInfo | None) -> "Outcome":
        """Return the outcome of a method that is not one of ours, as Nameko hands it over."""
        if exc_info is None:
            return cls(result)
        fault = exc_info[1]
        if isinstance(fault, MethodNotFound):
            return cls(error=NoSuchMethod(f"There is no method {fault}."))
        return cls(error=fault if isinstance(fault, ServiceError) else Unexpected())

    def to_wire(self) -> dict[str, Any]:
        """Return Nameko's reply; an error carries our members beside Nameko's."""
        if self.error is None:
            return {"result": self.body, "error": None}
        return {"result": None, "error": {**serialize(self.error), **self.error.to_wire()}}
