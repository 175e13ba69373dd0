"""Binary content mode: attributes in headers, data in the body, put together as one CloudEvent.

Source: CloudEvents 1.0, HTTP protocol binding §3.1, Kafka protocol binding §3.2.
"""

from collections.abc import Mapping

import msgspec


def compose(attributes: Mapping[str, str], data: bytes) -> bytes:
    """The CloudEvent in structured mode; data that is not JSON is left out, so that reading names it missing."""
    event: dict[str, object] = dict(attributes)
    try:
        event["data"] = msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event.pop("data", None)
    return msgspec.json.encode(event)


def corrected(original: bytes, *, subject: str | None, time: str | None, data: msgspec.Raw | None) -> bytes:
    """The CloudEvent with parts replaced; None leaves a part as it came.

    An original that cannot be read as an object is left as it is.
    """
    try:
        event = msgspec.json.decode(original, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return original
    replaced: dict[str, object] = dict(event)
    replaced |= {name: part for name, part in (("subject", subject), ("time", time)) if part is not None}
    if data is not None:
        replaced["data"] = data
    return msgspec.json.encode(replaced)
