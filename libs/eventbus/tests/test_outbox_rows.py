"""What an outbox row holds."""

import msgspec
from eventbus import outbox
from eventbus.envelope import Stamped

EVENT = Stamped(1, 7, "test.Number", "k", b"7", 5, "", "mine")


def test_a_row_is_read_back_as_it_was_packed() -> None:
    """What Kafka has not acknowledged when a process dies is published from there."""
    assert outbox.unpacked(outbox.packed([EVENT])) == [EVENT]


def test_a_row_of_before_rows_were_compressed_is_published_all_the_same() -> None:
    """A service that is replaced by a new version may leave some behind; they say nothing of what they are about."""
    old = msgspec.msgpack.encode([[1, 7, "test.Number", "k", b"7", 5, ""]])

    assert outbox.unpacked(old) == [EVENT._replace(about="")]
