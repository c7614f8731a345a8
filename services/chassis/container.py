"""How a service class is found and what Nameko is told about this process."""

from importlib import import_module

from nameko import config
from nameko.containers import ServiceContainer

from services.chassis.config import settings
from services.chassis.service import Service


class Container(ServiceContainer):  # type: ignore[misc]
    """Nameko's container, which can say whether a worker is free."""

    def worker_is_free(self) -> bool:
        """Tell whether a call can begin without waiting."""
        return bool(self._worker_pool.free() > 0)


def package_of(name: str) -> str:
    """Return the package of a service: its name below `services`, or a whole dotted path."""
    return name if "." in name else f"services.{name}"


def service_class(name: str) -> type[Service]:
    """Return the Nameko class of a service.

    Raises:
        SystemExit: there is no such service.
    """
    package = package_of(name)
    try:
        module = import_module(f"{package}.service")
    except ModuleNotFoundError as fault:
        if not f"{package}.service.".startswith(f"{fault.name}."):
            raise
        raise SystemExit(f"there is no service {name!r}") from None
    found: type[Service] = next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Service) and value.__module__ == module.__name__
    )
    return found


def configure() -> None:
    """Tell Nameko what the environment says."""
    config.setup(
        {
            "AMQP_URI": settings().amqp_uri,
            "max_workers": settings().workers,
            "PREFETCH_COUNT": settings().workers,
            "HEARTBEAT": 20,
            "SERVICE_CONTAINER_CLS": f"{__name__}.{Container.__name__}",
        }
    )
