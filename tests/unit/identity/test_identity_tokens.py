"""What is in a token, who may sign in, and how often something may be tried."""

from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.identity.domain import accounts, attempts, tokens
from services.identity.domain.accounts import Account
from services.identity.domain.tokens import Grant

AT = datetime(2026, 3, 2, 1, 5, 0, 400_000, tzinfo=UTC)
SECOND = int(AT.timestamp())
KEY = tokens.generate_key("k1", demo=False)
CLERK = Grant(username="clerk001", roles=frozenset({"clerk"}), department="market")


def test_a_token_says_who_it_is_for_and_is_signed() -> None:
    token = tokens.issue(CLERK, KEY, jti="j1", at=AT, lifetime=accounts.STAFF_LIFETIME)
    decoded = jwt.decode(token.text, OKPKey.import_key(dict(KEY.public)), algorithms=["Ed25519"])
    assert decoded.header["kid"] == "k1"
    assert decoded.claims == {
        "iss": "hallflow",
        "sub": "clerk001",
        "jti": "j1",
        "iat": SECOND,
        "exp": SECOND + 43_200,
        "roles": ["clerk"],
        "dept": "market",
    }


def test_a_token_of_another_key_is_not_ours() -> None:
    token = tokens.issue(CLERK, KEY, jti="j1", at=AT, lifetime=accounts.STAFF_LIFETIME)
    other = tokens.generate_key("k1", demo=False)
    with pytest.raises(JoseError):
        jwt.decode(token.text, OKPKey.import_key(dict(other.public)), algorithms=["Ed25519"])


def test_the_private_half_is_not_in_the_public_key() -> None:
    assert "d" in KEY.private
    assert "d" not in KEY.public


def test_a_token_issued_in_the_second_of_a_revocation_is_not_refused_by_it() -> None:
    refused_before = AT - timedelta(milliseconds=100)
    token = tokens.issue(
        CLERK, KEY, jti="j1", at=AT, lifetime=accounts.STAFF_LIFETIME, refused_before=refused_before
    )
    assert token.issued_at > refused_before.timestamp()
    assert token.expires_at == SECOND + 43_200


@pytest.mark.parametrize(
    ("roles", "seconds"),
    [({"clerk"}, 43_200), ({"admin", "manager"}, 43_200), ({"kiosk"}, 30 * 86_400), ({"visitor"}, 7_200)],
)
def test_tokens_count_for_a_time_that_depends_on_the_role(roles: set[str], seconds: int) -> None:
    assert accounts.lifetime(roles).total_seconds() == seconds


def test_a_demo_account_counts_only_in_a_demo() -> None:
    account = Account(username="admin", name="demo admin", roles=frozenset({"admin"}), demo=True)
    assert account.may_sign_in(demo=True)
    assert not account.may_sign_in(demo=False)


def test_a_closed_account_never_counts() -> None:
    account = Account(username="clerk001", name="甲", roles=frozenset({"clerk"}), closed=True)
    assert not account.may_sign_in(demo=True)


def test_clerk_stands_for_the_first_clerk_in_a_demo_alone() -> None:
    assert accounts.proper(" Clerk ", demo=True) == "clerk001"
    assert accounts.proper("clerk", demo=False) == "clerk"


def test_the_next_try_is_allowed_when_the_oldest_leaves_the_window() -> None:
    oldest = AT - timedelta(minutes=14, seconds=30)
    assert attempts.BY_USERNAME.retry_after(oldest, AT) == 30
    assert attempts.BY_USERNAME.retry_after(AT - timedelta(hours=1), AT) == 1
