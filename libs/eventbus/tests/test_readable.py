"""Events as people read and correct them; the types are those that every protobuf brings along."""

import pytest
from eventbus import Unfit
from eventbus.readable import document_of, event_of
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

FILE = "google.protobuf.FileDescriptorProto"


def some_event() -> bytes:
    file = FileDescriptorProto(name="a.proto")
    file.message_type.add(name="Fact").field.add(
        name="fine_fen", number=3, type=FieldDescriptorProto.TYPE_INT64
    )
    return file.SerializeToString()


def test_what_is_read_and_sent_back_is_the_same_event() -> None:
    """A keeper who corrects one field must not change another."""
    document = document_of(FILE, some_event())

    assert document is not None
    assert event_of(FILE, document, b"") == some_event()


def test_fields_without_a_value_are_shown_too() -> None:
    """Who is to fill in what is missing must see that it is."""
    document = document_of(FILE, b"")

    assert document is not None
    assert document["message_type"] == []


@pytest.mark.parametrize(
    ("document", "field", "expected"),
    [
        ({"nmae": "x"}, "nmae", "no such field"),
        ({"name": 5}, "name", "text"),
        ({"dependency": 5}, "dependency", "a list, each text"),
        (
            {"message_type": [{"field": [{"number": "three"}]}]},
            "message_type.0.field.0.number",
            "a whole number",
        ),
        ({"message_type": [{"field": [{"nr": 3}]}]}, "message_type.0.field.0.nr", "no such field"),
        ({"message_type": [7]}, "message_type", "a list, each an object"),
        (
            {"options": {"optimize_for": "SIZE"}},
            "options.optimize_for",
            "one of SPEED, CODE_SIZE, LITE_RUNTIME",
        ),
    ],
)
def test_a_field_that_does_not_fit_is_named(document: dict[str, object], field: str, expected: str) -> None:
    """A correction that loses a field by a slip of the pen would be a second fault."""
    with pytest.raises(Unfit) as unfit:
        event_of(FILE, document, b"")

    assert unfit.value.args == (field, expected)


def test_what_nobody_here_can_read_is_not_shown_and_not_made_up() -> None:
    """Rubbish stays rubbish: its bytes can be replaced, not its fields."""
    assert document_of("stranger.Event", b"\xff\x00") is None
    assert document_of(FILE, b"\xff\xff") is None
    with pytest.raises(Unfit, match="payload_base64"):
        event_of("stranger.Event", {"a": 1}, b"\xff\x00")
