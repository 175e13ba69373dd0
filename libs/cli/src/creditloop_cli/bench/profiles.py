"""How many profiles profiling has told: asked of its database, since no other figure counts them."""

import asyncpg


async def profiles_told(admin_dsn: str) -> int:
    """`IndicatorsChanged` of all entities so far: an entity's profile version rises by one with each."""
    connection = await asyncpg.connect(f"{admin_dsn.rpartition('/')[0]}/creditloop_profiling")
    try:
        return int(await connection.fetchval("select coalesce(sum(profile_version), 0) from entity"))
    finally:
        await connection.close()
