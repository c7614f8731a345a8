"""What identity tells the others. Times are unix seconds, as in the tokens."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.chassis.outbox import Event


def token_revoked(jti: str, *, exp: int) -> Event:
    """A token counts no more, though it has not expired."""
    return Event(type="identity.token.revoked", subject=jti, sequence=1, data={"jti": jti, "exp": exp})


def account_revoked(username: str, *, before: datetime, sequence: int) -> Event:
    """The tokens of an account that were issued up to a moment count no more."""
    return Event(
        type="identity.account.revoked",
        subject=username,
        sequence=sequence,
        data={"username": username, "before": before.timestamp()},
    )


def account_published(
    username: str, *, roles: Sequence[str], department: str | None, active: bool, sequence: int
) -> Event:
    """An account of the staff is new or has changed: no more of it than who counts as staff, and where."""
    return Event(
        type="identity.account.published",
        subject=username,
        sequence=sequence,
        data={
            "username": username,
            "roles": sorted(roles),
            "department": department,
            "active": active,
        },
    )


def role_published(code: str, *, permissions: Iterable[str], ended: bool, version: int) -> Event:
    """A role of the hall's own is new, has changed or has ended."""
    return Event(
        type="identity.role.published",
        subject=code,
        sequence=version,
        data={"code": code, "permissions": sorted(permissions), "ended": ended, "version": version},
    )


def hall_set_up(hall: str, *, name: str, name_en: str) -> Event:
    """A hall has its first administrator, who has named it."""
    data = {"name": name, "name_en": name_en}
    return Event(type="identity.hall.set_up", subject=hall, sequence=1, data=data)


def otp_requested(request: str, *, phone_masked: str, expires_at: datetime) -> Event:
    """A visitor waits for a one-time code; phone and code stay in identity's own outbox under this id."""
    return Event(
        type="identity.otp.requested",
        subject=request,
        sequence=1,
        data={"request": request, "phone_masked": phone_masked, "expires_at": expires_at},
    )


def trail_ended(number: int, *, link: str) -> Event:
    """The trail of the staff has so many entries, the last of which has this link."""
    data = {"number": number, "link": link}
    return Event(type="identity.trail.ended", subject=str(number), sequence=1, data=data)
