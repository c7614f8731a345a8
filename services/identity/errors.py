"""What identity refuses."""

from services.chassis.errors import Conflict, Forbidden, Invalid, NotFound


class InvalidCredentials(Forbidden):
    """The name, password or code is not right, or counts no more."""

    code = "invalid_credentials"


class TooManyAttempts(Conflict):
    """Too many attempts; try again later."""

    code = "too_many_attempts"


class AdminOnly(Forbidden):
    """Only an administrator may do this."""

    code = "admin_only"


class ManagersOnly(Forbidden):
    """Only a manager may do this."""

    code = "manager_only"


class NobodysToKnow(Forbidden):
    """Only who gives people work sees their names."""

    code = "no_names"


class SignInNeeded(Forbidden):
    """This needs an account."""

    code = "sign_in_needed"


class NotAKiosk(Forbidden):
    """Only an enrolled kiosk may renew its token."""

    code = "not_a_kiosk"


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "account_not_found"


class TokenNotFound(NotFound):
    """You have no such token."""

    code = "token_not_found"


class KioskNotFound(NotFound):
    """There is no such kiosk."""

    code = "kiosk_not_found"


class ServicesOnly(Forbidden):
    """Only a service of the hall may do this."""

    code = "services_only"


class CodeNotFound(NotFound):
    """There is no such one-time code to be sent."""

    code = "code_not_found"


class AlreadySetUp(Conflict):
    """This hall has an administrator already."""

    code = "already_set_up"


class UsernameTaken(Invalid):
    """There is an account of this name already."""

    code = "username_taken"


class LastAdministrator(Conflict):
    """Nobody could administer the hall any more."""

    code = "last_administrator"


class NoRoleByClaims(Forbidden):
    """The hall's table gives no role to who has these claims."""

    code = "no_role_by_claims"


class NoDepartmentByClaims(Forbidden):
    """The hall's table gives no department to who has these claims, and a role that needs one."""

    code = "no_department_by_claims"


class AccountClosed(Forbidden):
    """The account is closed."""

    code = "account_closed"


class SignsInWithIssuer(Conflict):
    """This account signs in with the issuer, and has no password."""

    code = "signs_in_with_issuer"


class RuleTwice(Invalid):
    """A value of a claim stands in the table once."""

    code = "rule_twice"


class RoleTaken(Invalid):
    """There is a role of this code already."""

    code = "role_taken"


class RoleUnknown(Invalid):
    """There is no such role."""

    code = "role_unknown"


class RoleNotFound(NotFound):
    """The hall has made no such role, or it has ended."""

    code = "role_not_found"


class RoleInUse(Conflict):
    """Accounts have this role."""

    code = "role_in_use"


class ClientTaken(Invalid):
    """There is a client of this code already."""

    code = "client_taken"


class ClientNotFound(NotFound):
    """There is no such client, or it is closed."""

    code = "client_not_found"


class OwnerUnknown(Invalid):
    """There is no such open account."""

    code = "owner_unknown"


class ScopeRefused(Invalid):
    """The client was not given all of this."""

    code = "invalid_scope"


class DepartmentUnknown(Invalid):
    """There is no such department."""

    code = "department_unknown"


class DepartmentNeeded(Invalid):
    """A clerk works in a department."""

    code = "department_needed"


class WrongPassword(Invalid):
    """This is not the present password."""

    code = "wrong_password"


class PasswordPlain(Invalid):
    """Too easy to guess: not digits alone, few characters, keys in a row, nor with the account's name in it."""

    code = "password_plain"


class CursorInvalid(Invalid):
    """The cursor is none that was given out here."""
