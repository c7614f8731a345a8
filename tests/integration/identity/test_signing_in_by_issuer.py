"""People of an OpenID issuer: a table makes accounts of its claims, by issuer and subject, and no name."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from small_identity import PASSWORD, Desk, MovedTime, caller

from services.identity.errors import (
    AccountClosed,
    AccountNotFound,
    AdminOnly,
    DepartmentUnknown,
    InvalidCredentials,
    NoDepartmentByClaims,
    NoRoleByClaims,
    RoleUnknown,
    RuleTwice,
    ServicesOnly,
    SignsInWithIssuer,
)
from services.identity.use_cases import accounts, by_issuer, signing_in, tokens

ISSUER = "https://id.city.example"
CLERKS = {"claim": "groups", "value": "窗口", "roles": ["clerk"], "department": None}
MARKET = {"claim": "org.unit", "value": "0755-11", "roles": [], "department": "market"}
HEADS = {"claim": "groups", "value": "办公室", "roles": ["manager", "analyst"], "department": None}
GATEWAY = caller(None, "service", address="10.0.0.7")
LI = {
    "preferred_username": "Li.Na@city",
    "name": "李娜",
    "groups": ["窗口", "other"],
    "org": {"unit": "0755-11"},
}


def table(desk: Desk, *rules: dict[str, Any]) -> Any:
    return desk.command(by_issuer.save_claim_rules, desk.admin, items=rules, departments=["market", "tax"])


def back(desk: Desk, subject: str = "s-1", *, issuer: str = ISSUER, **claims: Any) -> str:
    """Come back from the issuer; returns the code."""
    given = {"issuer": issuer, "subject": subject, "claims": LI | claims, "id_token": f"aaa.{subject}.ccc"}
    code: str = desk.do(by_issuer.sign_in_by_claims, GATEWAY, **given)["code"]
    return code


def token(desk: Desk, code: str) -> Any:
    return desk.do(by_issuer.token_by_code, caller(address="10.0.0.7"), code=code)


def claims_of(desk: Desk, **claims: Any) -> dict[str, Any]:
    return desk.claims(token(desk, back(desk, **claims)))


def test_a_first_sign_in_makes_an_account_of_all_rows_that_fit(desk: Desk) -> None:
    table(desk, HEADS, CLERKS, MARKET)
    claims = claims_of(desk)
    assert (claims["sub"], claims["roles"], claims["dept"]) == ("li.na", ["clerk"], "market")
    told = [event["data"] for event in desk.published() if event["type"] == "identity.account.published"]
    assert [(each["username"], each["roles"], each["active"]) for each in told] == [
        ("li.na", ["clerk"], True)
    ]
    (listed,) = desk.do(accounts.list_accounts, desk.admin)
    assert (listed["name"], listed["issuer"], listed["has_password"]) == ("李娜", ISSUER, False)
    entries = desk.query(
        "SELECT action, by, address, details FROM audit WHERE action <> 'claims_changed' ORDER BY id"
    )
    assert [(each["action"], each["by"], each["address"]) for each in entries] == [
        ("account_created", "li.na", "10.0.0.7"),
        ("sign_in", "li.na", "10.0.0.7"),
    ]
    assert claims_of(desk)["sub"] == "li.na", "the second time it is the same account"


def test_a_name_says_nothing_about_whose_an_account_is(desk: Desk) -> None:
    desk.hire("li.na")
    table(desk, CLERKS, MARKET)
    names = [claims_of(desk, subject=subject, issuer=issuer)["sub"] for subject, issuer in
             (("s-1", ISSUER), ("s-2", ISSUER), ("s-1", "https://other.example"), ("s-1", ISSUER))]  # fmt: skip
    assert names == ["li.na-2", "li.na-3", "li.na-4", "li.na-2"]
    assert claims_of(desk, subject="s-9", preferred_username="admin")["sub"] == "admin-2"
    assert claims_of(desk, subject="s-8", preferred_username="李")["sub"] == "u"


def test_roles_and_department_are_taken_from_the_table_at_each_sign_in(
    desk: Desk, real_time: MovedTime
) -> None:
    table(desk, HEADS, CLERKS, MARKET)
    claims_of(desk)
    real_time.move(minutes=5)
    desk.published()
    claims = claims_of(desk, groups="办公室", name="李 娜")
    assert (claims["roles"], claims["dept"]) == (["analyst", "manager"], "market")
    revoked = [event["data"] for event in desk.published() if event["type"] == "identity.account.revoked"]
    assert revoked and revoked[0]["before"] < claims["iat"], "what it could do before it cannot any more"
    (entry,) = desk.query("SELECT before, after FROM audit WHERE action = 'account_changed'")
    assert (entry["before"]["roles"], entry["after"]["roles"]) == (["clerk"], ["analyst", "manager"])


def test_who_has_no_row_is_refused_told_to_the_trail_and_loses_what_was_open(desk: Desk) -> None:
    table(desk, HEADS, CLERKS, MARKET)
    with pytest.raises(NoRoleByClaims):
        back(desk, groups=["nobody"], org={})
    with pytest.raises(NoDepartmentByClaims):
        back(desk, org={"unit": "elsewhere"})
    assert desk.query("SELECT username FROM accounts") == []
    claims_of(desk)
    desk.published()
    with pytest.raises(NoRoleByClaims):
        back(desk, groups=[])
    assert "identity.account.revoked" in [event["type"] for event in desk.published()]
    entries = desk.query("SELECT username, details FROM audit WHERE NOT ok ORDER BY id")
    assert [each["username"] for each in entries] == [None, None, "li.na"]
    assert entries[1]["details"]["claims"] == {"groups": ["窗口", "other"], "org.unit": ["elsewhere"]}


def test_a_code_counts_once_and_for_a_minute(desk: Desk, real_time: MovedTime) -> None:
    table(desk, CLERKS, MARKET)
    first, second = back(desk), back(desk)
    token(desk, first)
    real_time.move(seconds=61)
    for code in (first, second, "none-of-ours"):
        with pytest.raises(InvalidCredentials):
            token(desk, code)
    code = back(desk)

    def use(_: int) -> bool:
        try:
            return bool(token(desk, code))
        except InvalidCredentials:
            return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1


def test_one_person_who_comes_back_twice_at_once_gets_one_account(desk: Desk) -> None:
    table(desk, CLERKS, MARKET)
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda _: back(desk), range(6)))
    assert {desk.claims(token(desk, code))["sub"] for code in codes} == {"li.na"}


def test_an_account_of_an_issuer_has_no_password_in_a_demo_either(desk: Desk, demo: Any) -> None:
    demo(True)
    table(desk, CLERKS, MARKET)
    claims_of(desk)
    with pytest.raises(InvalidCredentials):
        desk.sign_in("li.na", "try-me")
    with pytest.raises(SignsInWithIssuer):
        desk.do(accounts.set_password, desk.admin, username="li.na", password=PASSWORD)
    with pytest.raises(SignsInWithIssuer):
        owner = caller("li.na", "clerk")
        desk.do(signing_in.change_password, owner, password="try-me", new_password=PASSWORD)
    with pytest.raises(psycopg.errors.CheckViolation), psycopg.connect(desk.master_dsn) as connection:
        connection.execute("UPDATE accounts SET password_hash = '$argon2id$x'")


def test_a_closed_account_is_refused_until_it_is_opened(desk: Desk) -> None:
    table(desk, CLERKS, MARKET)
    claims_of(desk)
    code = back(desk)
    desk.command(accounts.revoke_account, desk.admin, username="li.na", close=True)
    with pytest.raises(InvalidCredentials):
        token(desk, code)
    with pytest.raises(AccountClosed):
        back(desk)
    desk.command(by_issuer.open_account, desk.admin, username="li.na")
    assert claims_of(desk)["sub"] == "li.na"
    with pytest.raises(AccountNotFound):
        desk.command(by_issuer.open_account, desk.admin, username="li.na")


def test_signing_out_gives_the_id_token_back_once_and_ends_the_token(desk: Desk) -> None:
    table(desk, CLERKS, MARKET)
    claims = claims_of(desk)
    (kept,) = desk.query("SELECT id_token FROM issuer_sign_ins")
    assert "aaa" not in kept["id_token"], "it is sealed"
    owner = caller("li.na", "clerk")
    assert desk.do(by_issuer.end_issuer_session, owner, jti=claims["jti"]) == {"id_token": "aaa.s-1.ccc"}
    assert desk.do(tokens.revocations, caller())["tokens"] == [claims["jti"]]
    desk.hire("clerk001")
    local = desk.claims(desk.sign_in("clerk001"))["jti"]
    assert desk.do(by_issuer.end_issuer_session, caller("clerk001"), jti=local) == {"id_token": None}


def test_the_list_of_clerks_leaves_accounts_of_an_issuer_alone(desk: Desk) -> None:
    table(desk, CLERKS, MARKET)
    claims_of(desk)
    assert desk.load("clerk001")["missing"] == []


def test_the_table_is_an_administrators_and_gives_only_what_there_is(desk: Desk) -> None:
    with pytest.raises(AdminOnly):
        desk.do(by_issuer.claim_rules, caller("m", "manager"))
    with pytest.raises(AdminOnly):
        desk.command(by_issuer.save_claim_rules, caller("m", "manager"), items=[], departments=[])
    with pytest.raises(RuleTwice):
        table(desk, CLERKS, CLERKS)
    with pytest.raises(RoleUnknown):
        table(desk, CLERKS | {"roles": ["of_nobody"]})
    with pytest.raises(DepartmentUnknown):
        table(desk, MARKET | {"department": "nowhere"})
    assert table(desk, HEADS, CLERKS)["items"][0]["roles"] == ["analyst", "manager"]
    table(desk, CLERKS)
    assert desk.do(by_issuer.claim_rules, desk.admin)["items"] == [CLERKS]
    entry = desk.query("SELECT before, after FROM audit WHERE action = 'claims_changed' ORDER BY id")[-1]
    assert [len(entry[side]["items"]) for side in ("before", "after")] == [2, 1]


def test_only_the_gateway_says_who_has_come_back(desk: Desk) -> None:
    given = {"issuer": ISSUER, "subject": "s-1", "claims": LI, "id_token": "a.b.c"}
    with pytest.raises(ServicesOnly):
        desk.do(by_issuer.sign_in_by_claims, desk.admin, **given)
