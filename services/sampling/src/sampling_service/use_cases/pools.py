"""The pools follow classification and profiling."""

from collections.abc import Sequence

from sampling_service.model.members import ClassNews, Description
from sampling_service.ports import UnitOfWork
from sampling_service.rules import pools
from sampling_service.rules.pools import PoolChanges


async def follow_classes(news: Sequence[ClassNews], tx: UnitOfWork) -> None:
    """Members have these classes, and the key-supervision pool follows; older news changes nothing."""
    members = await tx.members.lock({each.uscc for each in news})
    await _save(pools.with_classes(news, members), tx)


async def follow_descriptions(descriptions: Sequence[Description], tx: UnitOfWork) -> None:
    """Members are described so; older descriptions change nothing."""
    members = await tx.members.lock({each.uscc for each in descriptions})
    await _save(pools.with_descriptions(descriptions, members), tx)


async def _save(changes: PoolChanges, tx: UnitOfWork) -> None:
    await tx.members.save(changes.members.values())
    tx.publish(*changes.events)
