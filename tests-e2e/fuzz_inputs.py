"""What careless, broken or hostile senders send: valid facts, changed a little or beyond recognition, and noise."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
STREAM = "application/x-ndjson"
WRONG_TYPES = (
    "",
    "text/plain",
    "application/xml",
    "application/json",
    "multipart/form-data; boundary=x",
    "\x7f/\x01",
)
LONGEST_FACT = 256 * 1024
_RAW = {
    "@deep@": b"",
    "@huge@": b"1e999",
    "@digits@": b"9" * 5000,
    "@nan@": b"NaN",
    "@hex@": b"0x10",
    "@none@": b"",
}
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 7.5, 1e300, 2**31, 2**53 + 1, -(2**63), 2**70, 10**400),
    *(
        "",
        " ",
        "x" * 65,
        "长" * 501,
        "x" * 2001,
        "x" * 50_001,
        "a\0b",
        "\ud800",
        "\udfff\ud800",
        "𠀀",
        "\u202e",
    ),
    *(
        "9999-12-31",
        "0000-00-00",
        "2026-02-30",
        "1840-01-01",
        "2026-03-01T00:00:00Z",
        "10000-01-01",
        "2026-3-1",
    ),
    *("24:00:00", "2016-12-31T23:59:60Z", "0001-01-01T00:00:00+23:59", "true", "null", "1e3", "' or 1=1 --"),
    *([], {}, [[]], [None], ["x"] * 101, {"": {}}, {"a": [1, {"b": None}]}, *_RAW),
)
_CODES = (
    "91350100M0001TGQXM",
    "510104000012345",
    "91510104YY000009XM",
    "91510104yy000001xm",
    "９1510104YY000001XM",
    "I" * 18,
)
_ATTRIBUTES = (
    "subject",
    "time",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "specversion",
    "data",
    "supersedes",
    "dataschema",
    "x",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request and the inputs that it carries.

    Attributes:
        inputs: what is sent, one for each verdict.
        valid: for each input, whether it must be accepted.
        media_type: the Content-Type.
        headers: further headers.
        chunks: the body, in the pieces it is sent in.
        query: what is asked for.
    """

    inputs: Sequence[bytes]
    valid: Sequence[bool]
    media_type: str
    chunks: Sequence[bytes]
    headers: Mapping[str, str]
    query: str = ""


class Fuzzer:
    """Makes requests out of the published examples of every type of fact; the same seed makes the same."""

    def __init__(self, examples: Sequence[Mapping[str, Any]], source: str, seed: int) -> None:
        self._examples, self._source, self._random, self._number = examples, source, Random(seed), 0
        self._members = sorted({name for example in examples for name in example["data"]})

    def requests(self, inputs: int) -> Iterator[Request]:
        """Requests that carry this many inputs in all."""
        left = inputs
        while left > 0:
            request = self._request(left)
            left -= len(request.inputs)
            yield request

    def valid(self) -> dict[str, Any]:
        """A fact that must be accepted."""
        self._number += 1
        example = self._random.choice(self._examples)
        return {**example, "id": f"fuzz-{self._number}", "source": self._source}

    # -- requests -----------------------------------------------------------------------------------------------

    def _request(self, most: int) -> Request:
        """Most inputs come in numbers, most requests with one."""
        make = self._random.choices(
            (self._single, self._binary, self._wrongly_named, self._batch, self._stream), (30, 20, 6, 4, 4)
        )[0]
        return make(most)

    def _single(self, _most: int) -> Request:
        one, good = self._input()
        return Request([one], [good], ONE, [one], {})

    def _binary(self, _most: int) -> Request:
        """Attributes in headers, data in the body."""
        event = self.valid()
        if changed := self._random.random() < 0.7:
            self._change(event)
        body = _encoded(event.pop("data", None), self._random)
        headers = {f"ce-{name}": quote(str(value).encode(errors="replace")) for name, value in event.items()}
        headers = {
            name: value[:4000] for name, value in headers.items() if name.isascii() and name.isprintable()
        }
        return Request([body], [not changed], "application/json", [body], headers)

    def _wrongly_named(self, _most: int) -> Request:
        one, _good = self._input()
        return Request([one], [False], self._random.choice(WRONG_TYPES), [one], {})

    def _batch(self, most: int) -> Request:
        """An array; where an element is no JSON, none of it is read."""
        made = [self._input() for _ in range(self._random.randint(1, min(most, 150)))]
        inputs = [one for one, _ in made]
        readable = all(map(_is_json, inputs))
        if not readable and self._random.random() < 0.9:
            made = [pair for pair in made if _is_json(pair[0])] or [(b"7", False)]
            inputs, readable = [one for one, _ in made], True
        body = b"[" + b",".join(inputs) + b"]"
        return Request(inputs, [good and readable for _, good in made], BATCH, [body], {}, self._query())

    def _stream(self, most: int) -> Request:
        """A line for each; cut into pieces anywhere."""
        made = [self._input() for _ in range(self._random.randint(1, min(most, 250)))]
        made = [(one.replace(b"\n", b" "), good) for one, good in made]
        made = [pair for pair in made if pair[0] and not pair[0].isspace()] or [(b"{", False)]
        body = b"\n".join(one for one, _ in made)
        cuts = sorted(self._random.randint(0, len(body)) for _ in range(self._random.randint(0, 6)))
        chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
        inputs, good = [one for one, _ in made], [good for _, good in made]
        return Request(inputs, good, STREAM, [chunk for chunk in chunks if chunk], {}, self._query())

    def _query(self) -> str:
        return self._random.choices(("", "?verdicts=summary"), (4, 1))[0]

    # -- inputs -------------------------------------------------------------------------------------------------

    def _input(self) -> tuple[bytes, bool]:
        """One input, and whether it must be accepted."""
        kind = self._random.random()
        if kind < 0.15:
            return _encoded(self.valid(), self._random), True
        if kind < 0.22:
            return self._noise(), False
        event = self.valid()
        for _ in range(self._random.choices((1, 2, 3), (6, 2, 1))[0]):
            self._change(event)
        encoded = _encoded(event, self._random)
        if kind < 0.35:
            encoded = self._random.choice(self._bytes_changes())(encoded)
        return encoded, False

    def _noise(self) -> bytes:
        if self._random.random() < 0.001:
            return b'"' + b"x" * LONGEST_FACT + b'"'
        return self._random.randbytes(self._random.randint(0, 200))

    def _change(self, event: dict[str, Any]) -> None:
        """One attribute or one member is other than it was, gone, or too many."""
        self._random.choices((self._change_member, self._change_attribute, self._reuse_id), (7, 3, 0.3))[0](
            event
        )

    def _change_member(self, event: dict[str, Any]) -> None:
        data = event.get("data")
        if not isinstance(data, dict):
            return
        data = event["data"] = dict(data)
        name = self._random.choice(list(data) or self._members)
        how = self._random.random()
        if how < 0.1:
            data.pop(name, None)
        elif how < 0.2:
            data[self._random.choice(self._members)] = self._odd()
        elif how < 0.3:
            data[self._random.choice(("", "x", "Kind", "data.kind", "\0", "长" * 70))] = self._odd()
        elif how < 0.4:
            data[name] = [data.get(name)]
        else:
            data[name] = self._odd()

    def _change_attribute(self, event: dict[str, Any]) -> None:
        name = self._random.choice(_ATTRIBUTES)
        if self._random.random() < 0.2:
            event.pop(name, None)
        elif name == "subject" and self._random.random() < 0.7:
            event[name] = self._random.choice(_CODES)
        elif name == "supersedes":
            event[name] = self._random.choice(
                (event.get("id"), f"fuzz-{self._random.randint(1, 999)}", self._odd())
            )
        else:
            event[name] = self._odd()

    def _reuse_id(self, event: dict[str, Any]) -> None:
        event["id"] = f"fuzz-{self._random.randint(1, self._number)}"

    def _odd(self) -> Any:
        return self._random.choice(_ODD)

    def _bytes_changes(self) -> Sequence[Callable[[bytes], bytes]]:
        at = self._random.random()
        return (
            lambda sent: sent[: int(len(sent) * at)],
            lambda sent: _inserted(sent, at, self._random.randbytes(3)),
            lambda sent: _inserted(sent, at, b"\0"),
            lambda sent: _inserted(sent, at, b"\xed\xa0\x80"),
            lambda sent: b"\xef\xbb\xbf" + sent,
            lambda sent: sent + sent,
            lambda sent: sent.replace(b"{", b'{"id":"again","type":"again","data":{},', 1),
            lambda sent: sent.replace(b'"data": {', b'"data": {"reason":1,"kind":"x",', 1),
        )


def _inserted(sent: bytes, at: float, what: bytes) -> bytes:
    place = int(len(sent) * at)
    return sent[:place] + what + sent[place:]


def _encoded(value: Any, random: Random) -> bytes:
    """As JSON, with what JSON libraries do not write put in its place."""
    encoded = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if b"@" not in encoded:
        return encoded
    for name, raw in _RAW.items():
        depth = random.choice((30, 700, 2_000, 20_000)) if name == "@deep@" else 0
        encoded = encoded.replace(f'"{name}"'.encode(), b"[" * depth + b"]" * depth if depth else raw)
    return encoded


def _is_json(sent: bytes) -> bool:
    """Whether it is JSON that stands for characters alone: without halves of surrogate pairs, nested not too deeply."""
    try:
        json.dumps(json.loads(sent.decode(), parse_constant=int), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True
