"""Passwords, hashed and checked by argon2id.

Source: RFC 9106 section 4, second recommended option (64 MiB, three passes), which is argon2-cffi's default.
"""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2
"""Each takes 64 MiB and a core for some 50 ms: logins must not starve those who work."""


class Passwords:
    """Hashes and checks; beside the loop, two at a time."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether this is the password; with nothing stored it takes as long and is false."""
        async with self._turns:
            fits = await asyncio.to_thread(self._verify, password, stored or self._nobodys)
        return fits and stored is not None

    def is_dated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
