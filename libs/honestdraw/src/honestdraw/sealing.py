"""Leaves: each names one member of the population and holds one byte about it that stays sealed.

A leaf is SHA-256 over 0x00, 16 bytes of salt, the sealed byte and the 18 characters of the USCC. Salts and the
mask that seals are streams of one key, so that whoever holds the key (the auditor) can open all leaves, and
opening one (salt and sealed byte, as published for a drawn entity) opens no other and does not break the seal.
"""

from hashlib import sha256, shake_256
from typing import Final

KEY_WIDTH: Final = 18
SALT_WIDTH: Final = 16
_WIDTH: Final = 1 + SALT_WIDTH + 1 + KEY_WIDTH


def salts(sealing_key: bytes, count: int) -> bytes:
    """The salts of `count` leaves, 16 bytes each, one after the other."""
    return shake_256(b"honestdraw/1 salts\0" + sealing_key).digest(SALT_WIDTH * count)


def sealed(codes: bytes, sealing_key: bytes) -> bytes:
    """One byte per member, masked; sealing twice opens."""
    mask = shake_256(b"honestdraw/1 seals\0" + sealing_key).digest(len(codes))
    return (int.from_bytes(codes) ^ int.from_bytes(mask)).to_bytes(len(codes))


def leaf(salt: bytes, seal: int, key: str) -> bytes:
    """The leaf of one member."""
    return sha256(b"\0" + salt + bytes((seal,)) + key.encode("ascii")).digest()


def leaves(all_salts: bytes, seals: bytes, keys: bytes) -> bytes:
    """The leaves of all members, 32 bytes each; `keys` are the USCCs one after the other."""
    rows = bytearray(_WIDTH * len(seals))
    for column in range(SALT_WIDTH):
        rows[1 + column :: _WIDTH] = all_salts[column::SALT_WIDTH]
    rows[1 + SALT_WIDTH :: _WIDTH] = seals
    for column in range(KEY_WIDTH):
        rows[2 + SALT_WIDTH + column :: _WIDTH] = keys[column::KEY_WIDTH]
    return b"".join([sha256(rows[at : at + _WIDTH]).digest() for at in range(0, len(rows), _WIDTH)])
