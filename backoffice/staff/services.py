"""What happens to accounts: made, given a password, changed; and the rules that no door may break."""

from __future__ import annotations

from flask import has_request_context
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from backoffice.core.access import SYSTEM, Role
from backoffice.core.database import writing
from backoffice.core.model import Record
from backoffice.core.operations import Effect, Invalid, Row, Rule, shapes
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.text import email_key
from backoffice.core.wording import gettext
from backoffice.extensions import db
from backoffice.staff import sessions
from backoffice.staff.models import ROLES, StaffPassword, StaffUser
from backoffice.staff.passwords import hash_password

NO_ADMINISTRATOR = "At least one active administrator must remain. Make somebody else an administrator first."


def find_account(name: str) -> StaffUser | None:
    """Returns the account with this username or e-mail address, in any case; None if there is none."""
    typed, key = name.strip()[:254], email_key(name)[:254]
    if "\0" in typed:  # PostgreSQL's text holds none
        return None
    named = or_(StaffUser.username == typed, StaffUser.username == key, StaffUser.email_key == key)
    exact_first = (StaffUser.username == typed).desc()
    return db.session.scalar(select(StaffUser).where(named).order_by(exact_first, StaffUser.id).limit(1))


def stored_hash(account: StaffUser | None) -> str | None:
    """Returns the hash of the account's password; None where there is none."""
    if account is None:
        return None
    return db.session.scalar(select(StaffPassword.hash).where(StaffPassword.staff_id == account.id))


def set_up_account(*, username: str, email: str, role: str, password: str, full_name: str = "") -> StaffUser:
    """Returns the account `username`, made if necessary, active and with this role, address and password."""
    account = db.session.scalar(select(StaffUser).where(StaffUser.username == username))
    verb = "update" if account else "create"
    with recording(SYSTEM, "command", verb, title=f"Account {username} set up", model=StaffUser):
        if account is None:
            account = StaffUser(username=username, full_name=full_name or username.replace("_", " ").title())
            db.session.add(account)
        account.email, account.role, account.is_active = email, role, True
    set_password(account, password)
    return account


def create_account(*, username: str, email: str, role: str, password: str, full_name: str = "") -> StaffUser:
    """Returns a new account. Raises Invalid when a value cannot be."""
    errors = _objections(username, email, role)
    if errors:
        raise Invalid(errors)
    account = StaffUser(username=username, email=email, role=role, full_name=full_name or username, is_active=True)
    with recording(SYSTEM, "command", "create", title=f"Account {username} created", model=StaffUser):
        db.session.add(account)
    set_password(account, password)
    return account


def set_password(account: StaffUser, password: str) -> None:
    """Gives an account a password and ends all its sessions, in one transaction."""
    staff_id, made = account.id, hash_password(password)
    with writing(db.session()):
        db.session.merge(StaffPassword(staff_id=staff_id, hash=made))
        sessions.end_all(staff_id)


def _objections(username: str, email: str, role: str) -> dict[str, str]:
    errors = {}
    if not username.strip() or "@" in username or username != email_key(username) or len(username) > 80:
        errors["username"] = "A username is in lower case, without @ and at most 80 characters long."
    elif db.session.scalar(select(StaffUser.id).where(StaffUser.username == username)):
        errors["username"] = f"There is already an account {username}."
    if "@" not in email.strip("@") or len(email) > 254:
        errors["email"] = f"{email!r} is not an e-mail address."
    elif db.session.scalar(select(StaffUser.id).where(StaffUser.email_key == email_key(email))):
        errors["email"] = f"There is already an account with the address {email}."
    if role not in ROLES:
        errors["role"] = f"{role!r} is not a role. Use one of {', '.join(ROLES)}."
    return errors


def own_words(account: StaffUser, organisation: str) -> list[str]:
    """Returns what the account's password must not be."""
    return [account.username, account.email, account.full_name, organisation]


def _is_oneself(row: Row) -> ColumnElement[bool]:
    if not has_request_context() or not current_user.is_authenticated:
        return false()
    return row.id == current_user.id


def _changes_own_role(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    if before is None or after is None:
        return false()
    return and_(_is_oneself(before), before.role != after.role)


def _leaves_oneself_out(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    if before is None:
        return false()
    return and_(_is_oneself(before), true() if after is None else not_(after.is_active))


def _removes_last_admin(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    if before is None:
        return false()
    other = aliased(StaffUser)
    another = exists().where(other.id != before.id, other.role == Role.ADMIN, other.is_active)
    was = and_(before.role == Role.ADMIN, before.is_active)
    stays = false() if after is None else and_(after.role == Role.ADMIN, after.is_active)
    return and_(was, not_(stays), not_(another))


def _is_no_username(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    assert after is not None  # noqa: S101 - not asked of deletions
    name = after.username
    return or_(name.contains("@"), name.contains(" "), func.lower(name) != name, func.length(name) > 80)


def _is_no_address(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    assert after is not None  # noqa: S101 - not asked of deletions
    return not_(after.email.like("_%@_%"))


def _keep_an_administrator(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Raises Invalid if nobody is left to administer. Two who lower each other at once meet at the locked rows."""
    admins = select(StaffUser.id).where(StaffUser.role == Role.ADMIN, StaffUser.is_active).with_for_update()
    if operation.entry.verb != "create" and not operation.session.scalars(admins).all():
        raise Invalid({"": gettext(NO_ADMINISTRATOR)})


_EXISTING = ("update", "delete", "undo")

RULES: dict[type[Record], tuple[Rule, ...]] = {
    StaffUser: (
        Rule("own_role", "Nobody can change their own role.", ("role",), _changes_own_role, _EXISTING),
        Rule(
            "own_account",
            "Nobody can deactivate their own account.",
            ("is_active",),
            _leaves_oneself_out,
            _EXISTING,
        ),
        Rule("last_admin", NO_ADMINISTRATOR, ("role", "is_active"), _removes_last_admin, _EXISTING),
        Rule(
            "username_form",
            "A username is in lower case, without @ and spaces, and at most 80 characters long.",
            ("username",),
            _is_no_username,
        ),
        Rule("email_form", "This is not an e-mail address.", ("email",), _is_no_address),
        shapes.time_zone,
    )
}

EFFECTS: dict[type[Record], tuple[Effect, ...]] = {
    StaffUser: (Effect("keep_an_administrator", ("role", "is_active"), _keep_an_administrator, guard=True),)
}
