"""What identity asks of its database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis import wire
from services.identity.domain import chain, codes
from services.identity.domain.accounts import Account
from services.identity.domain.attempts import Delay, Limit
from services.identity.domain.chain import Place
from services.identity.domain.tokens import SigningKey, Token
from services.identity.store.clients import Clients
from services.identity.store.rights import Rights


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    """A device that issues numbers."""

    code: str
    name: str
    zone: str | None
    state: str
    registered_at: datetime
    enrolled_at: datetime | None
    refused_before: datetime | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the audit trail: what happened to whom or what, done by whom and why, and whether it succeeded.

    `username` is the account it is about, `subject` another thing; `details` is what was asked for.
    """

    service: str = "identity"
    action: str
    username: str | None
    by: str | None
    roles: Sequence[str] = ()
    department: str | None = None
    ok: bool = True
    address: str | None = None
    subject: str | None = None
    reason: str | None = None
    details: Mapping[str, Any]
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class RevokedToken:
    """A token that counts no more; `exp` in unix seconds."""

    jti: str
    username: str
    exp: int


class Store(Clients, Rights):
    """Identity's tables. Each method is given the hall."""

    def account(self, hall: str, username: str) -> Account | None:
        """Return an account."""
        row = self.row("account", hall=hall, username=username)
        return _account(row) if row else None

    def people(self, hall: str, department: str | None) -> list[dict[str, Any]]:
        """Return username, name, department and roles of who works in the hall or in a department."""
        return self.rows("people", hall=hall, department=department)

    def no_accounts(self, hall: str, usernames: Sequence[str]) -> list[str]:
        """Return which of these names no open account of the staff has."""
        found = self.rows("no_accounts", hall=hall, usernames=list(usernames))
        return [row["username"] for row in found]

    def add_accounts(self, hall: str, accounts: Sequence[Account], *, at: datetime) -> None:
        """Make accounts, except those that are there."""
        self.run_many(
            "add_account",
            [
                {
                    "hall": hall,
                    "username": account.username,
                    "name": account.name,
                    "roles": sorted(account.roles),
                    "department": account.department,
                    "window": account.window,
                    "demo": account.demo,
                    "at": at,
                }
                for account in accounts
            ],
        )

    def add_account(self, hall: str, account: Account, *, at: datetime) -> bool:
        """Make an account; False when there is one of this name."""
        given = {name: getattr(account, name) for name in ("username", "name", "department")}
        return self.row("add_new_account", hall=hall, roles=sorted(account.roles), at=at, **given) is not None

    def account_of_subject(self, hall: str, issuer: str, subject: str) -> Account | None:
        """Return the account of a person of an issuer, held until the transaction ends."""
        row = self.row("account_of_subject", hall=hall, issuer=issuer, subject=subject)
        return _account(row) if row else None

    def add_account_of_subject(self, hall: str, account: Account, subject: str, *, at: datetime) -> bool:
        """Make such an account; False when its name is taken, or the person has one by now."""
        given = {name: getattr(account, name) for name in ("username", "name", "department", "issuer")}
        roles = sorted(account.roles)
        row = self.row("add_account_of_subject", hall=hall, subject=subject, roles=roles, at=at, **given)
        return row is not None

    def open_account(self, hall: str, username: str) -> bool:
        """Let an account of an issuer count again; False when none of this name is closed."""
        return self.row("open_account", hall=hall, username=username) is not None

    def add_issuer_sign_in(
        self, hall: str, code_hash: str, *, username: str, id_token: str, expires_at: datetime
    ) -> None:
        """Keep the code of somebody who has come back from the issuer."""
        given = {"code_hash": code_hash, "username": username, "id_token": id_token}
        self.run("add_issuer_sign_in", hall=hall, expires_at=expires_at, **given)

    def use_issuer_sign_in(
        self, hall: str, code_hash: str, *, jti: str, at: datetime, expires_at: datetime
    ) -> str | None:
        """Use that code up for a token; returns whose it is, None when the code does not count."""
        used = {"code_hash": code_hash, "jti": jti, "at": at, "expires_at": expires_at}
        username: str | None = self.value("use_issuer_sign_in", hall=hall, **used)
        return username

    def take_issuer_session(self, hall: str, jti: str) -> str | None:
        """Take what tells the issuer whose session a token's is, sealed; None when the token is of none."""
        id_token: str | None = self.value("take_issuer_session", hall=hall, jti=jti)
        return id_token

    def lock_account(self, hall: str, username: str) -> Account | None:
        """Return an account, held until the transaction ends."""
        row = self.row("lock_account", hall=hall, username=username)
        return _account(row) if row else None

    def accounts(
        self,
        hall: str,
        *,
        username: str | None = None,
        q: str | None = None,
        role: str | None = None,
        department: str | None = None,
        closed: bool | None = None,
    ) -> list[dict[str, Any]]:
        """Return accounts of the staff: who, as what, where, with a password or not, and signed in when.

        Args:
            hall: the hall.
            username: of one.
            q: what the username or the name has in it, in whatever case.
            role: that they have.
            department: where they work.
            closed: whether they are closed.
        """
        wanted = {"username": username, "q": q, "role": role, "department": department, "closed": closed}
        return self.rows("accounts", hall=hall, **wanted)

    def administrators(self, hall: str) -> list[str]:
        """Return who can administer the hall."""
        return [row["username"] for row in self.rows("administrators", hall=hall)]

    def hold_administrators(self, hall: str) -> list[str]:
        """Return who can administer the hall, held until the transaction ends."""
        return [row["username"] for row in self.rows("hold_administrators", hall=hall)]

    def save_accounts(self, hall: str, accounts: Sequence[Account]) -> None:
        """Change names, departments, usual windows and roles of accounts."""
        names = ("username", "name", "department", "window")
        rows = [
            {"hall": hall, "roles": sorted(each.roles), **{name: getattr(each, name) for name in names}}
            for each in accounts
        ]
        self.run_many("save_account", rows)

    def clerks(self, hall: str) -> dict[str, Account]:
        """Return all accounts of clerks by username, held until the transaction ends."""
        return {row["username"]: _account(row) for row in self.rows("clerks", hall=hall)}

    def seats(self, hall: str) -> list[dict[str, Any]]:
        """Return username, name, department and usual window of all clerks."""
        return self.rows("seats", hall=hall)

    def states_of_accounts(self, hall: str, usernames: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Return what others may know of accounts, of all when none are named."""
        named = None if usernames is None else list(usernames)
        return self.rows("states_of_accounts", hall=hall, usernames=named)

    def set_password(self, hall: str, username: str, password_hash: str) -> bool:
        """Save a password and open the account; False when there is none."""
        return bool(self.changed("set_password", hall=hall, username=username, password_hash=password_hash))

    def revoke_account(
        self, hall: str, username: str, *, at: datetime, close: bool
    ) -> tuple[int, datetime] | None:
        """Refuse an account's tokens; returns how often that was done and up to when, None where there is none."""
        return _refused(self.row("revoke_account", hall=hall, username=username, at=at, close=close))

    def kiosk(self, hall: str, code: str) -> Kiosk | None:
        """Return a kiosk."""
        row = self.row("kiosk", hall=hall, code=code)
        return Kiosk(**row) if row else None

    def kiosks(self, hall: str) -> list[Kiosk]:
        """Return all kiosks."""
        return [Kiosk(**row) for row in self.rows("kiosks", hall=hall)]

    def register_kiosk(self, hall: str, *, code: str, name: str, zone: str | None, at: datetime) -> None:
        """Make a kiosk, or register it anew."""
        self.run("register_kiosk", hall=hall, code=code, name=name, zone=zone, at=at)

    def save_enrolment_code(self, hall: str, kiosk: str, code_hash: str, *, expires_at: datetime) -> None:
        """Keep the one open code of a kiosk."""
        self.run("save_enrolment_code", hall=hall, kiosk=kiosk, code_hash=code_hash, expires_at=expires_at)

    def save_setup_code(self, hall: str, code_hash: str, *, expires_at: datetime) -> None:
        """Keep the one code that sets a hall up."""
        self.run("save_setup_code", hall=hall, code_hash=code_hash, expires_at=expires_at)

    def use_setup_code(self, hall: str, code_hash: str, *, at: datetime) -> bool:
        """Use that code up; False when it does not count."""
        return self.row("use_setup_code", hall=hall, code_hash=code_hash, at=at) is not None

    def use_enrolment_code(self, hall: str, code_hash: str, *, at: datetime) -> str | None:
        """Use a code up; returns its kiosk, None when the code does not count."""
        kiosk: str | None = self.value("use_enrolment_code", hall=hall, code_hash=code_hash, at=at)
        return kiosk

    def enrol_kiosk(self, hall: str, code: str, *, at: datetime) -> Kiosk:
        """Say that a device is this kiosk now."""
        row = self.row("enrol_kiosk", hall=hall, code=code, at=at)
        if row is None:
            raise LookupError(f"kiosk {code} has an enrolment code but no row")
        return Kiosk(**row)

    def revoke_kiosk(
        self, hall: str, code: str, *, username: str, at: datetime
    ) -> tuple[int, datetime] | None:
        """Refuse the tokens that a kiosk has as `username`; returns as `revoke_account`."""
        return _refused(self.row("revoke_kiosk", hall=hall, code=code, username=username, at=at))

    def save_one_time_code(
        self, hall: str, phone_hash: str, *, request: str, code_hash: str, asker: str, expires_at: datetime
    ) -> None:
        """Keep the code that counts for a phone from now on, and who asked for it."""
        self.run(
            "save_one_time_code",
            hall=hall,
            phone_hash=phone_hash,
            request=request,
            code_hash=code_hash,
            asker=asker,
            expires_at=expires_at,
        )

    def add_otp(self, hall: str, *, request: str, phone: str, code: str, expires_at: datetime) -> None:
        """Hand a code to the channel that sends it."""
        self.run("add_otp", hall=hall, request=request, phone=phone, code=code, expires_at=expires_at)

    def take_otp(self, hall: str, request: str, *, at: datetime) -> dict[str, Any] | None:
        """Take a code out of the outbox; None when it is not there any more."""
        return self.row("take_otp", hall=hall, request=request, at=at)

    def try_own_code(self, hall: str, phone_hash: str, *, asker: str, at: datetime) -> tuple[str, str] | None:
        """Take one of its asker's tries at a phone's code; returns request and hash, None when none is left."""
        row = self.row(
            "try_own_code", hall=hall, phone_hash=phone_hash, asker=asker, most=codes.CODE_TRIES, at=at
        )
        return (str(row["request"]), row["code_hash"]) if row else None

    def try_code(self, hall: str, phone_hash: str, *, network: str, at: datetime) -> tuple[str, str] | None:
        """Take one of a network's tries at a phone's code; returns request and hash, None when none is left."""
        row = self.row(
            "try_code",
            hall=hall,
            phone_hash=phone_hash,
            network=network,
            most=codes.CODE_TRIES,
            most_in_all=codes.STRANGERS_TRIES,
            at=at,
        )
        return (str(row["request"]), row["code_hash"]) if row else None

    def use_code(self, hall: str, phone_hash: str, request: str) -> bool:
        """Use a code up; False when another call was first."""
        return self.row("use_code", hall=hall, phone_hash=phone_hash, request=request) is not None

    def failures(self, hall: str, delay: Delay, subject: str, *, at: datetime) -> tuple[int, datetime | None]:
        """Return how many attempts have failed within the window of a delay, and when the newest did."""
        row = self.row("failures", hall=hall, scope=delay.scope, subject=subject, since=at - delay.window)
        return (row["failures"], row["last"]) if row else (0, None)

    def forgive(self, hall: str, delay: Delay, subject: str) -> None:
        """Forget what failed before somebody succeeded."""
        self.run("forgive", hall=hall, scope=delay.scope, subject=subject)

    def add_attempt(self, hall: str, limit: Limit | Delay, subject: str, *, at: datetime) -> None:
        """Count an attempt."""
        self.run("add_attempt", hall=hall, scope=limit.scope, subject=subject, at=at)

    def filling_attempt(self, hall: str, limit: Limit, subject: str, *, at: datetime) -> datetime | None:
        """Return the attempt that must leave the limit's window before the next; None while there is room."""
        found: datetime | None = self.value(
            "nth_attempt",
            hall=hall,
            scope=limit.scope,
            subject=subject,
            since=at - limit.window,
            n=limit.most,
        )
        return found

    def signed_in_from(self, hall: str, username: str, address: str, *, since: datetime) -> bool:
        """Tell whether an account has signed in from an address."""
        found = self.row("signed_in_from", hall=hall, username=username, address=address, since=since)
        return found is not None

    def signing_key(self, hall: str, *, demo: bool) -> SigningKey | None:
        """Return the key that signs now."""
        row = self.row("signing_key", hall=hall, demo=demo)
        return SigningKey(**row) if row else None

    def add_signing_key(self, hall: str, key: SigningKey, *, at: datetime) -> None:
        """Sign with this key from now on, unless another does."""
        self.run(
            "add_signing_key",
            hall=hall,
            kid=key.kid,
            demo=key.demo,
            private=wire.dumps(key.private),
            public=wire.dumps(key.public),
            at=at,
        )

    def retire_signing_key(self, hall: str, *, demo: bool, public_until: datetime) -> None:
        """Forget the private half of the key that signs now, and the public one later."""
        self.run("retire_signing_key", hall=hall, demo=demo, public_until=public_until)

    def public_keys(self, hall: str, *, demo: bool, at: datetime) -> list[Mapping[str, Any]]:
        """Return the public keys that verify tokens."""
        return [row["public_key"] for row in self.rows("public_keys", hall=hall, demo=demo, at=at)]

    def secret(self, hall: str) -> bytes | None:
        """Return the key of the keyed hashes."""
        found: bytes | None = self.value("secret", hall=hall)
        return found

    def add_secret(self, hall: str, value: bytes) -> None:
        """Make the key of the keyed hashes, unless there is one."""
        self.run("add_secret", hall=hall, value=value)

    def add_token(self, hall: str, token: Token) -> None:
        """Take note of an issued token."""
        self.run(
            "add_token",
            hall=hall,
            jti=token.jti,
            username=token.username,
            issued_at=token.issued_at,
            expires_at=token.expires_at,
        )

    def revoke_tokens(
        self, hall: str, *, username: str | None, jti: str | None, at: datetime
    ) -> list[RevokedToken]:
        """Refuse the tokens of an account, or one of them, or one of anybody; returns those that were good."""
        rows = self.rows("revoke_tokens", hall=hall, username=username, jti=jti, at=at)
        return [RevokedToken(**row) for row in rows]

    def owner_of(self, hall: str, jti: str, *, at: datetime) -> str | None:
        """Return whose token an id is, None when it is none that has not expired."""
        found: str | None = self.value("live_token", hall=hall, jti=jti, at=at)
        return found

    def revoked_tokens(self, hall: str, *, at: datetime) -> list[str]:
        """Return the ids of tokens that were revoked and have not expired."""
        return [row["jti"] for row in self.rows("revoked_tokens", hall=hall, at=at)]

    def refused_subjects(self, hall: str, *, since: datetime) -> list[tuple[str, datetime]]:
        """Return accounts, kiosks and clients with the moment up to which their tokens are refused."""
        rows = self.rows("refused_subjects", hall=hall, since=since)
        return [(row["username"], row["refused_before"]) for row in rows]

    def add_audit(self, hall: str, entries: Sequence[tuple[Entry, datetime]]) -> None:
        """Write entries, each with its moment, to the end of the trail, in the transaction that is open."""
        head = self.row("hold_audit_head", hall=hall)
        if head is None:
            raise LookupError(f"the trail of hall {hall} has no end")
        place, rows = Place(**head), []
        for entry, at in entries:
            plain = json.loads(wire.dumps({**vars(entry), "roles": list(entry.roles)}))
            row = {**plain, "hall": hall, "at": at, "number": place.number + 1}
            place = Place(number=row["number"], link=chain.link(place.link, row))
            written = {name: wire.dumps(row[name]) for name in ("details", "before", "after")}
            rows.append({**row, **written, "link": place.link})
        self.run_many("add_audit", rows)

    def audit(self, hall: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return the newest entries of the audit trail before one; what is None is not looked at."""
        return self.rows("audit", hall=hall, **wanted)

    def audit_head(self, hall: str) -> Place:
        """Return the end of a hall's trail."""
        row = self.row("audit_head", hall=hall)
        return Place(**row) if row else Place()

    def audit_heads(self) -> list[tuple[str, Place]]:
        """Return the end of each hall's trail."""
        return [(row.pop("hall"), Place(**row)) for row in self.rows("audit_heads")]

    def chained(self, hall: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Return entries of the trail behind a number, in their order, as they were linked."""
        return self.rows("chained", hall=hall, after=after, limit=limit)

    def keep_windows(self, windows: Sequence[Mapping[str, Any]]) -> None:
        """Copy windows unless newer versions are here."""
        self.run_many("keep_window", windows)

    def windows_of(self, hall: str, department: str) -> list[str]:
        """Return the codes of a department's windows."""
        return [row["code"] for row in self.rows("windows_of", hall=hall, department=department)]

    def forget(self, *, at: datetime, attempts_before: datetime) -> None:
        """Drop what has expired, of every hall."""
        for query in (
            "forget_tokens",
            "forget_codes",
            "forget_enrolment_codes",
            "forget_keys",
            "forget_issuer_sign_ins",
        ):
            self.run(query, at=at)
        self.run("forget_code_tries")
        self.run("forget_attempts", before=attempts_before)


def _account(row: Mapping[str, Any]) -> Account:
    return Account(**{**row, "roles": frozenset(row["roles"])})


def _refused(row: Mapping[str, Any] | None) -> tuple[int, datetime] | None:
    return (row["revocations"], row["refused_before"]) if row else None
