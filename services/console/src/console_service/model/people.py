"""Who may log in, and who has."""

from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the services know them.

    Attributes:
        username: what they log in by; with an issuer, the name it gives.
        subject: the stable name that services keep of whoever did something; an inspector's reference.
        display_name: what the page shows.
        role: one of `httpapi`'s roles.
        area: area code of a member of staff.
        entity: unified social credit code of an enterprise.
        platform: identifier of a platform company.
        source: identifier of a source system.
    """

    username: str
    subject: str
    display_name: str
    role: str
    area: str | None = None
    entity: str | None = None
    platform: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A built-in account.

    Attributes:
        person: whom it is for.
        password_hash: argon2id, in the PHC string format.
        disabled: nobody can log in.
        must_change: its password was given by somebody else, and opens nothing but the way to one of its own.
        created_at: when it was made.
        password_set_at: when its password was last set.
    """

    person: Person
    password_hash: str
    disabled: bool
    must_change: bool
    created_at: datetime
    password_set_at: datetime


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """An account as it is to be, whatever it was before.

    Attributes:
        person: whom it is for.
        password_hash: argon2id, in the PHC string format.
        must_change: the password is for one login.
    """

    person: Person
    password_hash: str
    must_change: bool

    def told(self, before: Account | None) -> dict[str, object]:
        """What is otherwise than before, by name; the password always is."""
        known = asdict(before.person) if before else {}
        changed = {name: value for name, value in asdict(self.person).items() if value != known.get(name)}
        enabled = {"disabled": False} if before and before.disabled else {}
        return {**changed, **enabled, "must_change": self.must_change}


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What to change of an account; None leaves a thing as it is."""

    display_name: str | None = None
    area: str | None = None
    disabled: bool | None = None

    @property
    def ends_sessions(self) -> bool:
        """Whether whoever is logged in must log in again: what they may do, or whether, is otherwise now."""
        return self.area is not None or bool(self.disabled)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an issuer gave; kept in the session, locked with the cookie.

    Attributes:
        access: what services are sent.
        refresh: what a new one is had for, if the issuer gives any.
        good_until: when the access token ends.
        identity: the issuer's word on who this is; shown to it when the person logs out.
    """

    access: str
    refresh: str | None
    good_until: datetime
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in.

    Attributes:
        id_hash: SHA-256 of the cookie.
        person: who they are.
        began_at: when they logged in.
        seen_at: when they last did something, within a minute.
        locked_tokens: an issuer's tokens, readable only with the cookie; None for built-in accounts.
        must_change: nothing is done in it before its person has chosen a password.
    """

    id_hash: bytes
    person: Person
    began_at: datetime
    seen_at: datetime
    locked_tokens: str | None = None
    must_change: bool = False
