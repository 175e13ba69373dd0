"""Mappings and files on PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service.errors import JobAtWork, QuotaUsed, UnknownFile, UnknownMapping, UnknownSource
from ingestion_service.model.file import File
from ingestion_service.model.mapping import Mapping, StoredMapping
from ingestion_service.store.files.jobs import FILE_COLUMNS, file_of

_MAPPING = """
    select source.name as source, mapping.name, version, body, created_by, mapping.created_at
    from mapping join source on source.id = source_id
"""
_ONE = text(
    _MAPPING
    + """
    where source.name = :source and mapping.name = :name
      and (cast(:version as integer) is null or version = :version) order by version desc limit 1
"""
)
_NEWEST = text(
    _MAPPING
    + """
    where source.name = :source and not exists (
        select from mapping newer
        where newer.source_id = mapping.source_id and newer.name = mapping.name and newer.version > mapping.version
    ) order by mapping.name
"""
)
_LOCK_SOURCE = text("select id from source where name = :source for no key update")
_ADD = text("""
    insert into mapping (source_id, name, version, body, created_by)
    values (:source_id, :name, :version, :body, :by)
""")
_FILE = f"select {FILE_COLUMNS} from file join source on source.id = file.source_id"
_GET_FILE = text(_FILE + " where file.id = :id")
_PAGE = text(
    _FILE
    + """
    where file.state <> 'deleted'
      and (cast(:source as text) is null or source.name = :source)
      and (cast(:by as text) is null or file.created_by = :by)
      and (cast(:before as uuid) is null
           or (file.created_at, file.id) < (select created_at, id from file where id = :before))
    order by file.created_at desc, file.id desc limit :limit
"""
)
_TAKEN = text("""
    select coalesce(sum(size), 0) from file where source_id = :source_id and state <> 'deleted'
""")
_ADD_FILE = text("""
    insert into file (id, source_id, mapping, name, size, sha256, created_by, created_at)
    select :id, source.id, :mapping, :name, :size, :sha256, :created_by, :created_at
    from source where source.name = :source
""")
_COMPLETE = text(
    "update file set state = 'complete', sha256 = :sha256 where id = :id and state = 'receiving'"
)
_LOCK_FILE = text("select 1 from file where id = :id for update")
_DELETE = text("""
    update file set state = 'deleted'
    where id = :id and not exists (
        select from file_job where file_id = :id and state in ('waiting', 'running')
    )
""")


class SqlMappings:
    """`Mappings`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def put(self, source: str, name: str, mapping: Mapping, by: str) -> StoredMapping:
        """See `Mappings`. Who changes mappings of one source at once takes turns."""
        async with self._engine.begin() as connection:
            source_id = (await connection.execute(_LOCK_SOURCE, {"source": source})).scalar_one_or_none()
            if source_id is None:
                raise UnknownSource(source)
            one = {"source": source, "name": name, "version": None}
            newest = (await connection.execute(_ONE, one)).one_or_none()
            body = msgspec.json.encode(mapping)
            if newest is not None and bytes(newest.body) == body:
                return _mapping(newest)
            version = 1 if newest is None else newest.version + 1
            values = {"source_id": source_id, "name": name, "version": version, "body": body, "by": by}
            await connection.execute(_ADD, values)
            return _mapping((await connection.execute(_ONE, one)).one())

    async def get(self, source: str, name: str, version: int | None = None) -> StoredMapping:
        """See `Mappings`."""
        async with self._engine.connect() as connection:
            values = {"source": source, "name": name, "version": version}
            row = (await connection.execute(_ONE, values)).one_or_none()
        if row is None:
            raise UnknownMapping(name)
        return _mapping(row)

    async def newest(self, source: str) -> Sequence[StoredMapping]:
        """See `Mappings`."""
        async with self._engine.connect() as connection:
            return [_mapping(row) for row in await connection.execute(_NEWEST, {"source": source})]


class SqlFiles:
    """`Files`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, file: File, quota: int) -> None:
        """See `Files`. Who announces files of one source at once takes turns."""
        values = {
            "id": file.id,
            "source": file.source,
            "mapping": file.mapping,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "created_by": file.created_by,
            "created_at": file.created_at,
        }
        async with self._engine.begin() as connection:
            locked = await connection.execute(_LOCK_SOURCE, {"source": file.source})
            if (source_id := locked.scalar_one_or_none()) is None:
                raise UnknownSource(file.source)
            taken = (await connection.execute(_TAKEN, {"source_id": source_id})).scalar_one()
            if taken + file.size > quota:
                raise QuotaUsed(max(quota - int(taken), 0))
            await connection.execute(_ADD_FILE, values)

    async def get(self, file_id: UUID) -> File:
        """See `Files`."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_GET_FILE, {"id": file_id})).one_or_none()
        if row is None:
            raise UnknownFile(str(file_id))
        return file_of(row)

    async def complete(self, file_id: UUID, sha256: bytes) -> None:
        """See `Files`."""
        async with self._engine.begin() as connection:
            await connection.execute(_COMPLETE, {"id": file_id, "sha256": sha256})

    async def delete(self, file_id: UUID) -> None:
        """See `Files`. Locked first: a job added meanwhile is seen only by a statement that begins after."""
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK_FILE, {"id": file_id})
            if (await connection.execute(_DELETE, {"id": file_id})).rowcount != 1:
                raise JobAtWork(str(file_id))

    async def page(
        self, *, source: str | None, by: str | None, before: UUID | None, limit: int
    ) -> Sequence[File]:
        """See `Files`."""
        values = {"source": source, "by": by, "before": before, "limit": limit}
        async with self._engine.connect() as connection:
            return [file_of(row) for row in await connection.execute(_PAGE, values)]


def _mapping(row: Row[Any]) -> StoredMapping:
    mapping = msgspec.json.decode(row.body, type=Mapping)
    return StoredMapping(
        row.source, row.name, row.version, mapping, row.created_by, row.created_at.isoformat()
    )
