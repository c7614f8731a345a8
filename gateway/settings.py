"""Settings of the gateway, beside those every process has."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from environs import Env

from services.chassis.config import Settings as ProcessSettings
from services.chassis.config import settings as process_settings

Network = IPv4Network | IPv6Network

SERVICES = "identity,catalogue,ticketing,cases,statistics,quality,notifications,appointments,dispatch"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the hall is and how to get there, in words; empty where nobody has said."""

    address: str = ""
    address_en: str = ""
    directions: str = ""
    directions_en: str = ""


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """The OpenID issuer with which the staff sign in, and as whom the hall is known there."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the gateway is told from outside. Limits are per minute unless their name says otherwise."""

    process: ProcessSettings
    services: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    cors_origins: tuple[str, ...]
    changes: int
    reads: int
    pages: int
    assets: int
    codes_drawn: int
    one_time_codes: int
    kiosk_searches: int
    wrong_lookups: int
    sign_ins_per_address: int
    token_calls_per_second: int
    figures_at_once: int
    streams_per_address: int
    streams_per_token: int
    connections_per_address: int
    workers: int
    public_url: str
    map_centre: tuple[float, float]
    place: Place
    single_sign_on: SingleSignOn | None


def _words(env: Env, name: str, default: str = "") -> tuple[str, ...]:
    return tuple(each.strip() for each in env.str(name, default).split(",") if each.strip())


def _place(text: str) -> tuple[float, float]:
    lat, lon = (float(each) for each in text.split(","))
    return lat, lon


def _single_sign_on(env: Env, *, public_url: str, production: bool) -> SingleSignOn | None:
    """Return the issuer, None where none of its settings is set."""
    issuer, client_id = env.str("OIDC_ISSUER", ""), env.str("OIDC_CLIENT_ID", "")
    secret, scopes = env.str("OIDC_CLIENT_SECRET", ""), env.str("OIDC_SCOPES", "openid profile email")
    if not (issuer or client_id or secret):
        return None
    if not (issuer and client_id and secret) or "openid" not in scopes.split():
        raise ValueError(
            "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together, and openid is a scope."
        )
    if production and not (issuer.startswith("https://") and public_url.startswith("https://")):
        raise ValueError("With OIDC_ISSUER, it and HALL_PUBLIC_URL begin with https:// in production.")
    return SingleSignOn(
        issuer=issuer, client_id=client_id, client_secret=secret, scopes=tuple(scopes.split())
    )


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        environs.EnvError: a variable has a value of the wrong type.
        ValueError: a trusted proxy is not an address or network, the map's centre not "latitude,longitude", or the
            issuer's settings do not fit each other.
    """
    env = Env()
    process, public_url = process_settings(), env.str("HALL_PUBLIC_URL", "")
    return Settings(
        process=process,
        services=_words(
            env,
            "HALL_SERVICES",
            "identity,catalogue,ticketing,cases,statistics,quality,notifications,appointments,dispatch",
        ),
        trusted_proxies=tuple(ip_network(each) for each in _words(env, "HALL_TRUSTED_PROXIES")),
        cors_origins=_words(env, "HALL_CORS_ORIGINS"),
        changes=env.int("HALL_LIMIT_CHANGES", 60),
        reads=env.int("HALL_LIMIT_READS", 1200),
        pages=env.int("HALL_LIMIT_PAGES", 600),
        assets=env.int("HALL_LIMIT_ASSETS", 12_000),
        codes_drawn=env.int("HALL_LIMIT_QR", 240),
        one_time_codes=env.int("HALL_LIMIT_CODES", 5),
        kiosk_searches=env.int("HALL_LIMIT_KIOSK_SEARCHES", 20),
        wrong_lookups=env.int("HALL_LIMIT_WRONG_LOOKUPS", 60),
        sign_ins_per_address=env.int("HALL_LIMIT_SIGN_INS_PER_ADDRESS", 600),
        token_calls_per_second=env.int("HALL_LIMIT_TOKEN_CALLS", 1000),
        figures_at_once=env.int("HALL_FIGURES_AT_ONCE", 4),
        streams_per_address=env.int("HALL_STREAMS_PER_ADDRESS", 100),
        streams_per_token=env.int("HALL_STREAMS_PER_TOKEN", 5000),
        connections_per_address=env.int("HALL_CONNECTIONS_PER_ADDRESS", 1000),
        workers=env.int("HALL_GATEWAY_WORKERS", 2),
        public_url=public_url,
        map_centre=_place(env.str("HALL_MAP_CENTRE", "22.5431,114.0579")),
        place=Place(
            address=env.str("HALL_ADDRESS", "").strip(),
            address_en=env.str("HALL_ADDRESS_EN", "").strip(),
            directions=env.str("HALL_DIRECTIONS", "").strip(),
            directions_en=env.str("HALL_DIRECTIONS_EN", "").strip(),
        ),
        single_sign_on=_single_sign_on(
            env, public_url=public_url, production=process.environment == "production"
        ),
    )
