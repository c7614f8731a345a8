"""What identity tells the others. Times are unix seconds, as in the tokens."""

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


def otp_requested(request: str, *, phone_masked: str, expires_at: datetime) -> Event:
    """A visitor waits for a one-time code; phone and code stay in identity's own outbox under this id."""
    return Event(
        type="identity.otp.requested",
        subject=request,
        sequence=1,
        data={"request": request, "phone_masked": phone_masked, "expires_at": expires_at},
    )
