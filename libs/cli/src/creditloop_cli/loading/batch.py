"""Facts on their way to ingestion: CloudEvents as JSON lines, all of one source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

NDJSON = "application/x-ndjson"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of one source, one JSON text each, in the order they are to be taken."""

    source: str
    lines: Sequence[bytes]

    def ndjson(self) -> bytes:
        """The lines as one NDJSON body."""
        return b"\n".join(self.lines) + b"\n"


def cloud_event(  # noqa: PLR0913 - the attributes of CloudEvents 1.0
    fact_id: str, source: str, *, kind: str, subject: str, time: str, data: Mapping[str, object], **more: str
) -> bytes:
    """One fact as a structured CloudEvent in JSON, on one line, without `time` where it is empty.

    `more` are extension attributes.
    """
    return _encode(
        {
            "specversion": "1.0",
            "id": fact_id,
            "source": source,
            "type": kind,
            "subject": subject,
            **({"time": time} if time else {}),
            "datacontenttype": "application/json",
            **more,
            "data": data,
        }
    )
