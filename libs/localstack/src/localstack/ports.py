"""TCP ports on 127.0.0.1 that nobody uses."""

import random
import socket
from itertools import islice

HOST = "127.0.0.1"

_CHOICE = range(15_000, 32_000)
"""Below the ports that the system gives to outgoing connections (32768 and up on Linux).

Otherwise a client that calls a killed server may be given that very port, and the server cannot come back to it.
"""


def free_ports(count: int) -> list[int]:
    """`count` different ports that are free now, chosen at random."""
    candidates = random.SystemRandom().sample(_CHOICE, len(_CHOICE))
    return list(islice(filter(is_free, candidates), count))


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now; connections still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def keep_or_choose(port: int | None) -> int:
    """The port used last time if it is still free, so that addresses stay; else another."""
    if port is not None and is_free(port):
        return port
    return free_ports(1)[0]
