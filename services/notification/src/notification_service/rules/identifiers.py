"""Identifiers that follow from their cause, so that the same cause twice is the same thing once."""

import base64
import hashlib


def derived(prefix: str, *parts: str) -> str:
    """`prefix` and 26 lower-case letters and digits (130 bits of SHA-256): safe in file names and URLs."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:26].lower()
