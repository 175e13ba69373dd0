"""What members the data of a fact type has, as a mapping needs to know them."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cache
from typing import NamedTuple

from msgspec import inspect

from ingestion_service.model.fact import FACT_TYPES


class Kind(StrEnum):
    """What a cell must be read as."""

    TEXT = "text"
    WHOLE = "whole"
    AMOUNT = "amount"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    CODE = "code"


class Member(NamedTuple):
    """One place a cell can go to.

    Attributes:
        place: subject, time, id or `data.<member>`.
        kind: what its cells are read as.
        is_list: whether it takes several.
        required: whether a fact without it is rejected, or quarantined.
        codes: the codes it takes, where it takes only some.
        description: what the schema says of it.
    """

    place: str
    kind: Kind
    is_list: bool = False
    required: bool = False
    codes: tuple[str, ...] = ()
    description: str = ""


_ATTRIBUTES = (
    Member("subject", Kind.TEXT, required=True, description="统一社会信用代码"),
    Member("time", Kind.INSTANT, required=True, description="when it happened (发生时间)"),
    Member("id", Kind.TEXT, required=True, description="unique within the source (编号)"),
)


@cache
def members_of(fact_type: str) -> Mapping[str, Member]:
    """Every place of a fact of this type, by its name.

    Raises:
        KeyError: There is no such type.
    """
    info = inspect.type_info(FACT_TYPES[fact_type].data)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - facts' data are structs
    found = [*_ATTRIBUTES, *(_member(field) for field in info.fields)]
    return {member.place: member for member in found}


def _member(field: inspect.Field) -> Member:
    bare, description = _bare(field.type)
    is_list = isinstance(bare, inspect.ListType | inspect.VarTupleType)
    if isinstance(bare, inspect.ListType | inspect.VarTupleType):
        bare, _ = _bare(bare.item_type)
    kind = _kind(bare)
    if kind is Kind.WHOLE and field.encode_name.endswith("_fen"):
        kind = Kind.AMOUNT
    return Member(
        f"data.{field.encode_name}",
        kind,
        is_list,
        field.required,
        _codes(bare),
        _described(description, bare),
    )


def _bare(info: inspect.Type) -> tuple[inspect.Type, str]:
    """The type beneath its notes and its null, and what the notes say."""
    description = ""
    while True:
        if isinstance(info, inspect.Metadata):
            description = description or str((info.extra_json_schema or {}).get("description", ""))
            info = info.type
        elif isinstance(info, inspect.UnionType):
            info = next(each for each in info.types if not isinstance(each, inspect.NoneType))
        else:
            return info, description


def _kind(info: inspect.Type) -> Kind:
    if isinstance(info, inspect.EnumType | inspect.LiteralType):
        return Kind.CODE
    simple: tuple[tuple[type[inspect.Type], Kind], ...] = (
        (inspect.BoolType, Kind.FLAG),
        (inspect.IntType, Kind.WHOLE),
        (inspect.DateType, Kind.DAY),
        (inspect.DateTimeType, Kind.INSTANT),
    )
    return next((kind for of, kind in simple if isinstance(info, of)), Kind.TEXT)


def _codes(info: inspect.Type) -> tuple[str, ...]:
    if isinstance(info, inspect.EnumType):
        return tuple(str(each.value) for each in info.cls)
    return tuple(str(each) for each in info.values) if isinstance(info, inspect.LiteralType) else ()


def _described(description: str, info: inspect.Type) -> str:
    named: type[Enum] | None = info.cls if isinstance(info, inspect.EnumType) else None
    return description or ((named.__doc__ or "") if named else "")


def schema_path(fact_type: str) -> str:
    """Where the members of a type are told of."""
    return f"GET /v1/fact-types/{fact_type}/schema"
