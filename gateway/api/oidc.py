"""Single sign-on: to the city's OpenID issuer and back. The token is fetched by the page and stands in no address.

Between the steps the browser keeps what has to come back in cookies that are signed and that no script reads; the last
step tells the page by a cookie without content that there is something to fetch.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from gateway.api.identity import ADMIN
from gateway.api.routing import SIGNED_IN, Routes, json_answer
from gateway.http.asking import ask, ask_as_gateway
from gateway.http.auth import unauthenticated
from gateway.http.issuer import Begun, Issuer, SignOnFailed
from gateway.http.problems import Problem
from gateway.http.runtime import runtime
from gateway.schemas.identity import Token
from gateway.schemas.oidc import ClaimRules, NewClaimRules, SignedOut, SignOnQuery
from services.chassis.bus import BusError, RemoteProblem
from services.chassis.caller import network_of

Body = Mapping[str, Any]
BELOW = "/api/v1/auth/oidc"
BEGUN, DONE, TOLD = "hall_sign_on", "hall_sign_on_done", "hall_signed_on"
# How long somebody may stay at the issuer, and a page take to fetch the outcome.
AWAY_S, DONE_S = 600, 60
OTHERWISE = "/window"
WAY = {"responses": {"302": {"description": "Onwards."}}}

routes = Routes("oidc", __name__, description="Signing in with the city's account.")


@routes.question("/auth/oidc/login", None, query=SignOnQuery, problems=(404,), extra_doc=WAY)
def begin_sign_on(query: Body) -> Response:
    """Go to the issuer to sign in."""
    issuer, limits = _issuer(), runtime().limits
    limits.spend(limits.sign_ins_per_address, network_of(g.address))
    try:
        begun = issuer.begin(_here("/callback"))
    except SignOnFailed as failure:
        return _back(issuer, query["return_to"], problem=failure.code)
    answer = _to(begun.url)
    kept = {**vars(begun), "url": "", "return_to": query["return_to"]}
    _set(answer, BEGUN, _signer(issuer, BEGUN).dumps(kept), AWAY_S, samesite="Lax")
    return answer


@routes.question("/auth/oidc/callback", None, problems=(404,), extra_doc=WAY)
def finish_sign_on() -> Response:
    """Come back from the issuer; the page that is opened then fetches its token."""
    issuer, limits = _issuer(), runtime().limits
    limits.spend(limits.sign_ins_per_address, network_of(g.address))
    kept = _kept(issuer, BEGUN, AWAY_S)
    return_to = kept.pop("return_to", OTHERWISE)
    try:
        if not kept:
            raise SignOnFailed("sign_on_expired", "nothing was begun in this browser")
        found = issuer.finish(request.args, Begun(**kept), _here("/callback"))
        told = {"issuer": issuer.told.issuer, "subject": found.subject, "id_token": found.id_token}
        code = ask_as_gateway("identity", "sign_in_by_claims", claims=found.claims, **told)["code"]
    except SignOnFailed as failure:
        return _back(issuer, return_to, problem=failure.code)
    except RemoteProblem as refusal:
        known = refusal.kind == "forbidden"
        return _back(issuer, return_to, problem=refusal.code if known else "sign_on_unproven")
    except BusError:
        return _back(issuer, return_to, problem="service_unavailable")
    return _back(issuer, return_to, code=code)


@routes.command("/auth/oidc/token", Token, problems=(404,), repeatable=False)
def get_signed_on() -> Response:
    """Fetch what coming back has led to, once: a token, or why there is none."""
    issuer, limits = _issuer(), runtime().limits
    limits.spend(limits.sign_ins_per_address, network_of(g.address))
    done = _kept(issuer, DONE, DONE_S)
    code, problem = done.get("code"), done.get("problem", "sign_on_expired")
    try:
        answer = json_answer(ask("identity", "token_by_code", code=code), 200) if code else _no(problem)
    except RemoteProblem as refusal:
        answer = _no("sign_on_expired" if refusal.kind == "forbidden" else refusal.code)
    _drop(answer, DONE)
    return answer


@routes.command(
    "/auth/oidc/logout", SignedOut, body=SignOnQuery, roles=SIGNED_IN, problems=(), repeatable=False
)
def end_sign_on(body: Body) -> Any:
    """Sign out here, and learn where the issuer's session is ended."""
    id_token = ask("identity", "end_issuer_session", jti=g.principal.jti)["id_token"]
    runtime().revocations.revoke_token(g.principal.jti)
    issuer = runtime().issuer
    if not id_token or issuer is None:
        return {"url": None}
    return {
        "url": issuer.ended(id_token, _here("/logged-out"), _signer(issuer, "out").dumps(body["return_to"]))
    }


@routes.question("/auth/oidc/logged-out", None, problems=(404,), extra_doc=WAY)
def come_back_signed_out() -> Response:
    """Come back from the end of the issuer's session to the page where it was ended."""
    try:
        page = _signer(_issuer(), "out").loads(request.args.get("state", ""), max_age=AWAY_S)
    except BadSignature:
        page = OTHERWISE
    return _to(page)


@routes.question("/auth/oidc/claims", ClaimRules, roles=ADMIN)
def get_claims() -> Any:
    """What the issuer's claims make of people."""
    return _with_addresses(ask("identity", "claim_rules"))


@routes.command("/auth/oidc/claims", ClaimRules, body=NewClaimRules, roles=ADMIN)
def save_claims(body: Body) -> Any:
    """Say what the issuer's claims make of people; it counts for each at their next sign-in."""
    return _with_addresses(ask("identity", "save_claim_rules", **body))


def _with_addresses(table: Body) -> Body:
    issuer = runtime().issuer
    addresses = {"redirect_uri": _here("/callback"), "logged_out_uri": _here("/logged-out")}
    return {**table, "issuer": issuer.told.issuer if issuer else None, **addresses}


def _issuer() -> Issuer:
    issuer = runtime().issuer
    if issuer is None:
        raise Problem(404, detail="This hall has no single sign-on.")
    return issuer


def _here(path: str) -> str:
    """Return an address as browsers outside reach it."""
    base = str(runtime().settings.public_url or request.url_root).rstrip("/")
    return f"{base}{BELOW}{path}"


def _to(address: str) -> Response:
    return Response(status=302, headers={"Location": address, "Referrer-Policy": "no-referrer"})


def _back(issuer: Issuer, page: str, **outcome: str) -> Response:
    answer = _to(page)
    _drop(answer, BEGUN)
    _set(answer, DONE, _signer(issuer, DONE).dumps(outcome), DONE_S, samesite="Strict")
    answer.set_cookie(TOLD, "1", max_age=DONE_S, samesite="Lax", secure=_is_secure())
    return answer


def _no(code: str) -> Response:
    return unauthenticated(code, "Nobody was signed in.").response()


def _set(answer: Response, name: str, value: str, seconds: int, *, samesite: str) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, path=BELOW, httponly=True, samesite=samesite, secure=_is_secure()
    )


def _drop(answer: Response, name: str) -> None:
    answer.delete_cookie(name, path=BELOW)


def _is_secure() -> bool:
    return _here("").startswith("https://")


def _signer(issuer: Issuer, use: str) -> URLSafeTimedSerializer:
    """Return what signs for one use; its key is known to all copies of the gateway, and to the issuer."""
    return URLSafeTimedSerializer(issuer.told.client_secret, salt=f"hallflow/{use}")


def _kept(issuer: Issuer, name: str, seconds: int) -> dict[str, str]:
    try:
        return dict(_signer(issuer, name).loads(request.cookies.get(name, ""), max_age=seconds))
    except BadSignature:
        return {}
