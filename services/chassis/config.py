"""Settings of a process, read once from the environment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address

from environs import Env

ENVIRONMENTS = ("local", "production")


@dataclass(frozen=True, kw_only=True)
class CodeCaps:
    """How many one-time codes are sent at most: each costs a message."""

    phone_hour: int = 5
    phone_day: int = 10
    address_hour: int = 60
    address_day: int = 300
    hall_hour: int = 1500
    hall_day: int = 6000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process is told from outside. Durations are in seconds."""

    database_url: str
    # Of the role that owns the database, where that is another; for migrations alone.
    database_owner_url: str = field(repr=False)
    amqp_uri: str
    hall: str
    time_zone: str
    environment: str
    demo: bool
    demo_password: str
    clock: str
    clock_started: float
    workers: int
    call_timeout: float
    grace: float
    metrics_port: int | None
    metrics_bind: str
    log_level: str
    personal_keys: str = field(default="", repr=False)
    phone_key: str = field(default="", repr=False)
    area_code: str = "0755"
    codes: CodeCaps = field(default_factory=CodeCaps)
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    sms_pause: float = 10.0
    recalls: int = 3
    recall_pause: float = 5.0
    plan_seconds: float = 10.0
    tell_minutes: float = 10.0
    onsite_reach_km: float = 100.0
    osrm_url: str = ""
    road_factor: float = 1.3
    road_speeds: Sequence[float] = ()


@cache
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        environs.EnvError: a variable has a value of the wrong type.
        ValueError: demo accounts are asked for in production, or on an address that others reach.
    """
    env = Env()
    found = Settings(
        database_url=env.str("DATABASE_URL", ""),
        database_owner_url=env.str("DATABASE_OWNER_URL", ""),
        amqp_uri=env.str("AMQP_URI", "amqp://guest:guest@127.0.0.1:5672//"),
        hall=env.str("HALL_CODE", "main"),
        time_zone=env.str("HALL_TZ", "Asia/Shanghai"),
        environment=env.str("HALL_ENV", "local"),
        demo=env.bool("HALL_DEMO", False),
        demo_password=env.str("HALL_DEMO_PASSWORD", "demo"),
        clock=env.str("HALL_CLOCK", "real"),
        clock_started=env.float("HALL_CLOCK_STARTED", 0.0),
        workers=env.int("HALL_WORKERS", 16),
        call_timeout=env.float("HALL_CALL_TIMEOUT", 5.0),
        grace=env.float("HALL_GRACE", 20.0),
        metrics_port=env.int("METRICS_PORT", None),
        metrics_bind=env.str("METRICS_BIND", "127.0.0.1"),
        log_level=env.str("HALL_LOG_LEVEL", "INFO"),
        personal_keys=env.str("HALL_PERSONAL_KEYS", ""),
        phone_key=env.str("HALL_PHONE_KEY", ""),
        area_code=env.str("HALL_AREA_CODE", "0755"),
        codes=CodeCaps(
            phone_hour=env.int("HALL_CODES_PHONE_HOUR", 5),
            phone_day=env.int("HALL_CODES_PHONE_DAY", 10),
            address_hour=env.int("HALL_CODES_ADDRESS_HOUR", 60),
            address_day=env.int("HALL_CODES_ADDRESS_DAY", 300),
            hall_hour=env.int("HALL_CODES_HOUR", 1500),
            hall_day=env.int("HALL_CODES_DAY", 6000),
        ),
        sms_url=env.str("HALL_SMS_URL", ""),
        sms_token=env.str("HALL_SMS_TOKEN", ""),
        sms_pause=env.float("HALL_SMS_PAUSE", 10.0),
        recalls=env.int("HALL_RECALLS", 3),
        recall_pause=env.float("HALL_RECALL_PAUSE", 5.0),
        plan_seconds=env.float("HALL_PLAN_SECONDS", 10.0),
        tell_minutes=env.float("HALL_TELL_MINUTES", 10.0),
        onsite_reach_km=env.float("HALL_ONSITE_REACH_KM", 100.0),
        osrm_url=env.str("HALL_OSRM_URL", ""),
        road_factor=env.float("HALL_ROAD_FACTOR", 1.3),
        road_speeds=tuple(env.list("HALL_ROAD_SPEEDS", [], subcast=float)),
    )
    if found.environment not in ENVIRONMENTS:
        raise ValueError(f"HALL_ENV is {found.environment!r}, it must be one of {', '.join(ENVIRONMENTS)}")
    if found.demo and found.environment == "production":
        raise ValueError("HALL_DEMO=1 makes accounts with a known password and is refused in production")
    if found.demo and not (
        _is_loopback(bind := env.str("HALL_BIND", "127.0.0.1")) or env.bool("HALL_DEMO_OPEN", False)
    ):
        raise ValueError(
            f"HALL_DEMO=1 makes accounts with a known password and is refused on HALL_BIND={bind}, which others may "
            f"reach; HALL_DEMO_OPEN=1 allows it"
        )
    return found


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"
