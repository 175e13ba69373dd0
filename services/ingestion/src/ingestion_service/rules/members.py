"""Members of data as their classes tell: which are days, which are checked by what, what is right for each."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from msgspec import inspect

from ingestion_service.model.data import CHECK, Check, Data
from ingestion_service.model.fact import FACT_TYPES


class Member(NamedTuple):
    """One member of the data of a type of fact.

    Attributes:
        name: As senders write it.
        kind: What its values are, without null.
        nullable: Whether null is one of them.
        check: The check that its schema cannot make, if any.
        required: Whether it must be there.
    """

    name: str
    kind: inspect.Type
    nullable: bool
    check: Check | None
    required: bool

    @property
    def is_day(self) -> bool:
        """Whether it is a calendar day."""
        return isinstance(self.kind, inspect.DateType)

    @property
    def codes(self) -> str:
        """What its values are one of, or some of; empty when they are not codes."""
        of = bare(self.kind.item_type) if isinstance(self.kind, inspect.ListType) else self.kind
        if not isinstance(of, inspect.EnumType):
            return ""
        how = "one of" if of is self.kind else "one or more of"
        return f"{how} {', '.join(filter(None, of.cls))}"


def bare(info: inspect.Type) -> inspect.Type:
    """The type without what is said of it."""
    return info.type if isinstance(info, inspect.Metadata) else info


def _members(of: type[Data]) -> Iterator[Member]:
    info = inspect.type_info(of)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - tells the type checker what `Data` says
    for field in info.fields:
        extra = field.type.extra if isinstance(field.type, inspect.Metadata) else None
        found = bare(field.type)
        either = [bare(each) for each in found.types] if isinstance(found, inspect.UnionType) else [found]
        kinds = [each for each in either if not isinstance(each, inspect.NoneType)]
        check = (extra or {}).get(CHECK)
        yield Member(field.name, kinds[0], len(kinds) < len(either), check, field.required)


MEMBERS: Mapping[type[Data], Mapping[str, Member]] = MappingProxyType(
    {
        known.data: MappingProxyType({member.name: member for member in _members(known.data)})
        for known in FACT_TYPES.values()
    }
)
"""By class of data, by name."""
