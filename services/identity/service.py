"""Identity on the bus."""

from collections.abc import Callable
from threading import Semaphore
from typing import Any, ParamSpec, TypeVar

from eventlet import tpool

from services.chassis.calls import Calls
from services.chassis.commands import Answer
from services.chassis.inbox import hears
from services.chassis.service import Data, Inbox, Service, command, every, question, statement
from services.chassis.trail import ACTED
from services.identity import schemas
from services.identity.domain import passwords
from services.identity.store import Store
from services.identity.use_cases import (
    accounts,
    audit,
    by_issuer,
    clients,
    kiosks,
    roles,
    setting_up,
    signing_in,
    tokens,
)

Request = dict[str, Any]
P = ParamSpec("P")
R = TypeVar("R")

# Each hash needs 19 MiB and a processor.
_at_once = Semaphore(2)


def aside(work: Callable[P, R]) -> Callable[P, R]:
    """Do work in a thread of its own: hashing a password would hold up every other call for some 35 ms."""

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _at_once:
            result: R = tpool.execute(work, *args, **kwargs)
        return result

    return run


class Identity(Service):
    """Who may do what, and the tokens that say so.

    Methods whose answer or request holds a secret are statements, not commands: a command's answer is stored, and so
    is a hash of its request. A repeat of them does no harm; one with a code that is used up asks for a new code.
    """

    name = "identity"
    tells_acts = False
    data = Data(Store, "services.identity")
    calls = Calls()
    inbox = Inbox(
        hears("catalogue.window.published", schemas.WindowPublished(), accounts.keep_windows),
        hears(ACTED, schemas.StaffActed(), audit.keep_acts),
    )

    @statement(schemas.IssueToken())
    def issue_token(self, store: Store, request: Request, mark: str) -> Answer:
        """Sign in by password."""
        return Answer(signing_in.issue_token(store, self.caller, **request, verify=aside(passwords.is_right)))

    @statement(schemas.IssueClientToken())
    def issue_client_token(self, store: Store, request: Request, mark: str) -> Answer:
        """Sign a machine client in."""
        is_right = aside(passwords.is_right)
        return Answer(clients.issue_client_token(store, self.caller, **request, verify=is_right))

    @statement(schemas.SendOtp())
    def send_otp(self, store: Store, request: Request, mark: str) -> Answer:
        """Have a one-time code sent."""
        return Answer(signing_in.send_otp(store, self.caller, **request))

    @statement(schemas.TakeOtp())
    def take_otp(self, store: Store, request: Request, mark: str) -> Answer:
        """Hand a one-time code to the service that sends it."""
        return Answer(signing_in.take_otp(store, self.caller, **request))

    @statement(schemas.IssueVisitorToken())
    def issue_visitor_token(self, store: Store, request: Request, mark: str) -> Answer:
        """Sign in by one-time code."""
        return Answer(signing_in.issue_visitor_token(store, self.caller, **request))

    @question(schemas.Nothing())
    def me(self, store: Store, request: Request) -> Request:
        """Return who the caller is."""
        return accounts.me(store, self.caller)

    @question(schemas.ByUsername())
    def staff_roles(self, store: Store, request: Request) -> Request:
        """Return the roles of an account of the staff."""
        return accounts.staff_roles(store, self.caller, **request)

    @question(schemas.ByUsernames())
    def no_accounts(self, store: Store, request: Request) -> Request:
        """Return which of some names no open account of the staff has."""
        return accounts.no_accounts(store, self.caller, **request)

    @question(schemas.ListPeople(), schemas.People())
    def list_people(self, store: Store, request: Request) -> Request:
        """Return who works in the hall."""
        return {"items": accounts.list_people(store, self.caller, **request)}

    @question(schemas.Nothing())
    def setup_needed(self, store: Store, request: Request) -> Request:
        """Return whether nobody can administer the hall yet."""
        return setting_up.is_needed(store, self.caller)

    @statement(schemas.Nothing())
    def make_setup_code(self, store: Store, request: Request, mark: str) -> Answer:
        """Make the code that sets the hall up."""
        return Answer(setting_up.make_setup_code(store, self.caller))

    @statement(schemas.SetUp())
    def set_up(self, store: Store, request: Request, mark: str) -> Answer:
        """Make the first administrator."""
        return Answer(setting_up.set_up(store, self.caller, **request, hash_of=aside(passwords.hash_of)))

    @question(schemas.ListAccounts(), schemas.Accounts())
    def list_accounts(self, store: Store, request: Request) -> Request:
        """Return the accounts of the staff."""
        return {"items": accounts.list_accounts(store, self.caller, **request)}

    def _departments(self, request: Request) -> Request:
        """Ask the catalogue which departments there are, while nothing is locked here."""
        audit.require_admin(self.caller)
        found = self.calls("catalogue", "list_departments", {}, caller=self.caller)["items"]
        return {"departments": [each["code"] for each in found]}

    @command(schemas.CreateAccount(), schemas.StaffAccount(), first=_departments)
    def create_account(self, store: Store, request: Request) -> Request:
        """Make an account of the staff."""
        return accounts.create_account(store, self.caller, **request)

    @command(schemas.ChangeAccount(), schemas.StaffAccount(), first=_departments)
    def change_account(self, store: Store, request: Request) -> Request:
        """Change whose an account is, what it may do, or where."""
        return accounts.change_account(store, self.caller, **request)

    @question(schemas.Nothing(), schemas.Roles())
    def list_roles(self, store: Store, request: Request) -> Request:
        """Return the hall's own roles."""
        return {"items": roles.list_roles(store, self.caller)}

    @command(schemas.CreateRole(), schemas.Role())
    def create_role(self, store: Store, request: Request) -> Request:
        """Make a role of operations."""
        return roles.create_role(store, self.caller, **request)

    @command(schemas.ChangeRole(), schemas.Role())
    def change_role(self, store: Store, request: Request) -> Request:
        """Change what a role is called or permits."""
        return roles.change_role(store, self.caller, **request)

    @command(schemas.RoleByCode(), schemas.Role())
    def end_role(self, store: Store, request: Request) -> Request:
        """End a role that nobody has."""
        return roles.end_role(store, self.caller, **request)

    @question(schemas.Nothing(), schemas.Clients())
    def list_clients(self, store: Store, request: Request) -> Request:
        """Return all machine clients."""
        return {"items": clients.list_clients(store, self.caller)}

    @statement(schemas.CreateClient())
    def create_client(self, store: Store, request: Request, mark: str) -> Answer:
        """Make a machine client."""
        made = clients.create_client(store, self.caller, **request, hash_of=aside(passwords.hash_of))
        return Answer(schemas.ClientWithSecret().dump(made))

    @command(schemas.ChangeClient(), schemas.Client())
    def change_client(self, store: Store, request: Request) -> Request:
        """Change what a client may do and how often, or who answers for it."""
        return clients.change_client(store, self.caller, **request)

    @statement(schemas.ClientByCode())
    def renew_client_secret(self, store: Store, request: Request, mark: str) -> Answer:
        """Give a client a new secret."""
        renewed = clients.renew_client_secret(store, self.caller, **request, hash_of=aside(passwords.hash_of))
        return Answer(schemas.ClientWithSecret().dump(renewed))

    @command(schemas.ClientByCode(), schemas.Client())
    def close_client(self, store: Store, request: Request) -> Request:
        """Close a client."""
        return clients.close_client(store, self.caller, **request)

    @command(schemas.ByUsername())
    def open_account(self, store: Store, request: Request) -> Request:
        """Let an account of an issuer count again."""
        return by_issuer.open_account(store, self.caller, **request)

    @question(schemas.Nothing())
    def claim_rules(self, store: Store, request: Request) -> Request:
        """Return what an issuer's claims make of people."""
        return by_issuer.claim_rules(store, self.caller)

    @command(schemas.ClaimRules(), first=_departments)
    def save_claim_rules(self, store: Store, request: Request) -> Request:
        """Say what an issuer's claims make of people."""
        return by_issuer.save_claim_rules(store, self.caller, **request)

    @statement(schemas.SignInByClaims())
    def sign_in_by_claims(self, store: Store, request: Request, mark: str) -> Answer:
        """Find or make the account of who has come back from an issuer."""
        return Answer(by_issuer.sign_in_by_claims(store, self.caller, **request))

    @statement(schemas.TokenByCode())
    def token_by_code(self, store: Store, request: Request, mark: str) -> Answer:
        """Give them their token."""
        return Answer(by_issuer.token_by_code(store, self.caller, **request))

    @statement(schemas.EndIssuerSession())
    def end_issuer_session(self, store: Store, request: Request, mark: str) -> Answer:
        """Sign out, here and at the issuer."""
        return Answer(by_issuer.end_issuer_session(store, self.caller, **request))

    @question(schemas.Nothing())
    def public_keys(self, store: Store, request: Request) -> Request:
        """Return the keys by which tokens are verified."""
        return tokens.public_keys(store, self.caller)

    @command(schemas.Nothing())
    def rotate_keys(self, store: Store, request: Request) -> Request:
        """Sign with a new key from now on."""
        return tokens.rotate_keys(store, self.caller)

    @question(schemas.Nothing())
    def revocations(self, store: Store, request: Request) -> Request:
        """Return what is refused though it has not expired."""
        return tokens.revocations(store, self.caller)

    @command(schemas.RevokeToken())
    def revoke_token(self, store: Store, request: Request) -> Request:
        """Sign out."""
        return tokens.revoke_token(store, self.caller, **request)

    @command(schemas.RevokeAccount(), schemas.Revoked())
    def revoke_account(self, store: Store, request: Request) -> Request:
        """Refuse all tokens of an account."""
        return accounts.revoke_account(store, self.caller, **request)

    @statement(schemas.SetPassword())
    def set_password(self, store: Store, request: Request, mark: str) -> Answer:
        """Give an account a new password."""
        return Answer(accounts.set_password(store, self.caller, **request, hash_of=aside(passwords.hash_of)))

    @statement(schemas.ChangePassword())
    def change_password(self, store: Store, request: Request, mark: str) -> Answer:
        """Give one's own account a new password."""
        is_right, hash_of = aside(passwords.is_right), aside(passwords.hash_of)
        changed = signing_in.change_password(store, self.caller, **request, verify=is_right, hash_of=hash_of)
        return Answer(changed)

    @command(schemas.LoadAccounts())
    def load_accounts(self, store: Store, request: Request) -> Request:
        """Load the accounts of the clerks."""
        return accounts.load_accounts(store, self.caller, **request)

    @question(schemas.Nothing())
    def list_clerks(self, store: Store, request: Request) -> Request:
        """Return the clerks as the hall's tables have them."""
        return {"items": accounts.list_clerks(store, self.caller)}

    @command(schemas.Nothing())
    def publish_accounts(self, store: Store, request: Request) -> Request:
        """Publish every account once more."""
        return accounts.publish_accounts(store, self.caller)

    @statement(schemas.RegisterKiosk())
    def register_kiosk(self, store: Store, request: Request, mark: str) -> Answer:
        """Register a kiosk."""
        registered = kiosks.register_kiosk(store, self.caller, **request)
        return Answer(schemas.Registered().dump(registered))

    @statement(schemas.EnrolKiosk())
    def enrol_kiosk(self, store: Store, request: Request, mark: str) -> Answer:
        """Make a device a kiosk."""
        return Answer(kiosks.enrol_kiosk(store, self.caller, **request))

    @statement(schemas.Nothing())
    def renew_kiosk(self, store: Store, request: Request, mark: str) -> Answer:
        """Give a kiosk a new token."""
        return Answer(kiosks.renew_kiosk(store, self.caller))

    @command(schemas.ByCode(), schemas.Kiosk())
    def revoke_kiosk(self, store: Store, request: Request) -> Any:
        """Refuse a kiosk's tokens."""
        return kiosks.revoke_kiosk(store, self.caller, **request)

    @question(schemas.Nothing(), schemas.Kiosks())
    def list_kiosks(self, store: Store, request: Request) -> Request:
        """Return all kiosks."""
        return {"items": kiosks.list_kiosks(store, self.caller)}

    @question(schemas.AuditQuery(), schemas.Audit())
    def list_audit(self, store: Store, request: Request) -> Request:
        """Return the audit trail."""
        return audit.list_audit(store, self.caller, **request)

    @question(schemas.VerifyAudit(), schemas.Verified())
    def verify_audit(self, store: Store, request: Request) -> Request:
        """Follow the chain of the audit trail."""
        return audit.verify_audit(store, self.caller, **request)

    @every(900)
    def tell_heads(self) -> None:
        """Tell the log and another service where the audit trail ends."""
        with self.data.transaction() as store:
            audit.tell_heads(store)
        self.wake_relay()

    @every(300)
    def forget_expired(self) -> None:
        """Drop what has expired."""
        with self.data.transaction() as store:
            accounts.forget_expired(store)
