"""Keys of sources: issued, rotated with an overlap, revoked (密钥管理)."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from httpapi.api_key import key_id_of, new_key
from httpapi.field_errors import FieldError
from httpapi.problems import Invalid, NotFound
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ingestion_service.errors import UnknownKey, UnknownSource
from ingestion_service.http_api.edge import Edge
from ingestion_service.http_api.figures import SourceName
from ingestion_service.http_api.sources import READER, Administrator, no_such_source, sign
from ingestion_service.model.source import ApiKey, expiring

KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]
_LONGEST_OVERLAP = timedelta(days=90)


class KeyIn(BaseModel):
    """A key to issue; without an end it holds until it is revoked."""

    model_config = ConfigDict(extra="forbid")

    expires_at: AwareDatetime | None = None


class RotateIn(KeyIn):
    """A key in place of another, and how long both hold."""

    overlap: timedelta = Field(
        default=timedelta(days=7),
        ge=timedelta(0),
        le=_LONGEST_OVERLAP,
        description="how long the old key still holds, such as P7D",
    )


class KeyOut(BaseModel):
    """A new key; `key` is shown this once and kept nowhere."""

    key_id: str
    source: str
    key: str
    expires_at: datetime | None


class RotatedOut(KeyOut):
    """A new key, and when the one it replaces ends."""

    replaces: str
    replaced_expires_at: datetime


class KeyStanding(BaseModel):
    """A key as it stands, without its secret."""

    key_id: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None = Field(description="last day, Asia/Shanghai, on which facts came with it")
    expiring: bool = Field(description="it ends within 14 days")


def keys_router(edge: Edge) -> APIRouter:
    """Routes that manage keys."""
    router = APIRouter(prefix="/v1/sources/{name}/keys", tags=["sources 信息源"])
    _reading(router, edge)
    _issuing(router, edge)
    _revoking(router, edge)
    return router


def _reading(router: APIRouter, edge: Edge) -> None:
    @router.get("", dependencies=[READER], summary="Keys of a source (信息源密钥清单)")
    async def list_keys(name: SourceName) -> list[KeyStanding]:
        if name not in await edge.register.sources():
            raise no_such_source()
        return [
            KeyStanding(
                key_id=key.key_id,
                created_at=key.created_at,
                expires_at=key.expires_at,
                revoked_at=key.revoked_at,
                last_used_on=key.last_used_on,
                expiring=expiring(key, edge.now()),
            )
            for key in await edge.register.keys_of(name)
        ]


def _issuing(router: APIRouter, edge: Edge) -> None:
    @router.post("", status_code=201, summary="Issue a source's key (签发信息源密钥)")
    async def issue_key(caller: Administrator, name: SourceName, order: KeyIn | None = None) -> KeyOut:
        """The key is shown once. No Idempotency-Key here: to repeat the answer it would have to be kept."""
        plain, key = _made(edge, name, order or KeyIn())
        try:
            await edge.register.add_key(key, sign(edge, caller))
        except UnknownSource as error:
            raise no_such_source() from error
        await edge.senders.refresh()
        return KeyOut(key_id=key.key_id, source=name, key=plain, expires_at=key.expires_at)

    @router.post("/{key_id}/rotate", status_code=201, summary="Replace a source's key (轮换信息源密钥)")
    async def rotate_key(
        caller: Administrator, name: SourceName, key_id: KeyId, order: RotateIn | None = None
    ) -> RotatedOut:
        """The new key holds at once, the old one until the overlap is over; it never holds longer than before."""
        wanted = order or RotateIn()
        plain, key = _made(edge, name, wanted)
        try:
            ends = await edge.register.rotate_key(
                key_id, key, edge.now() + wanted.overlap, sign(edge, caller)
            )
        except UnknownKey as error:
            raise _no_such_key() from error
        await edge.senders.refresh()
        return RotatedOut(
            key_id=key.key_id,
            source=name,
            key=plain,
            expires_at=key.expires_at,
            replaces=key_id,
            replaced_expires_at=ends,
        )


def _revoking(router: APIRouter, edge: Edge) -> None:
    @router.delete("/{key_id}", status_code=204, summary="Revoke a source's key (吊销信息源密钥)")
    async def revoke_key(caller: Administrator, name: SourceName, key_id: KeyId) -> None:
        try:
            await edge.register.revoke_key(name, key_id, sign(edge, caller))
        except UnknownKey as error:
            raise _no_such_key() from error
        await edge.senders.refresh()


def _made(edge: Edge, source: str, order: KeyIn) -> tuple[str, ApiKey]:
    if order.expires_at is not None and order.expires_at <= edge.now():
        raise Invalid(errors=[FieldError("body.expires_at", "is over", "an instant that is still to come")])
    plain, secret_hash = new_key()
    return plain, ApiKey(key_id_of(plain), source, secret_hash, edge.now(), order.expires_at)


def _no_such_key() -> NotFound:
    return NotFound("This source has no such key, or it holds no longer.")
