"""Where a request comes from."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]


def origin_of(peer: str, forwarded: str, trusted: Networks) -> str:
    """The address nearest to us that is no proxy of ours.

    Args:
        peer: who is connected.
        forwarded: the X-Forwarded-For that came with it; anyone may write anything there, so it is read from its end
            and only as far as our own proxies wrote it.
        trusted: networks of our proxies.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    address = peer
    while hops and _is_within(address, trusted):
        address = hops.pop()
    return address[:64]


def _is_within(address: str, networks: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
