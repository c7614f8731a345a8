"""Machine clients: programs that use the API in their own name."""

from collections.abc import Mapping
from typing import Any

from gateway.api.paging import page_of
from gateway.api.roles import require_grantable
from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.schemas.clients import Client, ClientChange, ClientList, ClientWithSecret, NewClient
from gateway.schemas.common import Page

Body = Mapping[str, Any]
ADMIN = ("admin",)

routes = Routes("clients", __name__, description="Machine clients, and what each may do.")


@routes.question("/clients", ClientList, query=Page, roles=ADMIN)
def list_clients(query: Body) -> Any:
    """All machine clients, closed ones last."""
    return page_of(ask("identity", "list_clients"), query)


@routes.command("/clients", ClientWithSecret, body=NewClient, roles=ADMIN, status=201)
def create_client(body: Body) -> Any:
    """Make a machine client; its secret is shown this once."""
    require_grantable(body, "scopes")
    return ask("identity", "create_client", **body)


@routes.command("/clients/<code:code>", Client, body=ClientChange, roles=ADMIN, method="PATCH")
def change_client(body: Body, code: str) -> Any:
    """Change what a client is called, may do and how often, or who answers for it."""
    require_grantable(body, "scopes")
    return ask("identity", "change_client", code=code, **body)


@routes.command("/clients/<code:code>/secret", ClientWithSecret, roles=ADMIN)
def renew_client_secret(code: str) -> Any:
    """Give a client a new secret, shown this once; the old one and its tokens count no more."""
    return ask("identity", "renew_client_secret", code=code)


@routes.command("/clients/<code:code>/close", Client, roles=ADMIN)
def close_client(code: str) -> Any:
    """Close a client for good; its tokens count no more."""
    return ask("identity", "close_client", code=code)
