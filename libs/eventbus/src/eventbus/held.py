"""The lanes a stage holds: where each stands, and what of that is stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from aiokafka import TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine

from eventbus import outbox
from eventbus.lane import Position
from eventbus.outbox import Advance
from eventbus.relay import Relay


def lane_name(place: TopicPartition) -> str:
    """The name of the lane that reads a partition: topic without the common prefix and version, and partition."""
    parts = place.topic.split(".")
    name = parts[-2] if len(parts) > 2 and parts[0] == "creditloop" else place.topic
    return f"{name}-{place.partition}"


class HeldLanes:
    """Lanes of the partitions this process was given.

    Args:
        engine: The service's database.
        relay: Publishes what a lane's last holder left in its outbox.
        partitions: Partitions of the service's own topic.
    """

    def __init__(self, engine: AsyncEngine, relay: Relay, partitions: int) -> None:
        self._engine = engine
        self._relay = relay
        self._partitions = partitions
        self._positions: dict[TopicPartition, Position] = {}
        self._stored: dict[TopicPartition, int] = {}

    @property
    def positions(self) -> Mapping[TopicPartition, Position]:
        """Where each lane stands, stored or not."""
        return self._positions

    def stored(self) -> dict[TopicPartition, int]:
        """The next offset of each lane as last stored."""
        return dict(self._stored)

    def dirty(self) -> dict[TopicPartition, Position]:
        """Lanes that moved past records nobody handles, and are not stored there yet."""
        return {
            place: position
            for place, position in self._positions.items()
            if self._stored[place] != position.next_offset
        }

    async def take(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Hold these partitions' lanes; gives the offsets to read from.

        What a lane's last holder left in the outbox is published before anything new.
        """
        names = {lane_name(place): place for place in places}
        async with self._engine.begin() as connection:
            positions = await outbox.load(connection, list(names), self._partitions)
        for name, place in names.items():
            self._relay.publish_rows(name)
            self._positions[place] = positions[name]
            self._stored[place] = positions[name].next_offset
        return {place: self._stored[place] for place in places}

    def release(self) -> None:
        """Hold nothing any more."""
        self._positions.clear()
        self._stored.clear()

    def pass_over(self, positions: Mapping[TopicPartition, Position]) -> None:
        """Move in memory alone: there was nothing to apply."""
        self._positions.update(positions)

    def stepped(self, steps: Sequence[Advance]) -> None:
        """These steps are committed."""
        places = {lane_name(place): place for place in self._positions}
        for step in steps:
            place = places[step.lane]
            step.position.next_batch += 1
            self._positions[place] = step.position
            self._stored[place] = step.position.next_offset

    async def store(self) -> None:
        """Store the lanes that moved in memory alone."""
        dirty = self.dirty()
        steps = steps_of(dirty.items())
        if steps:
            async with self._engine.begin() as connection:
                await outbox.advance(connection, steps)
            self.stepped(steps)


def steps_of(positions: Iterable[tuple[TopicPartition, Position]]) -> list[Advance]:
    """Steps that publish nothing."""
    return [Advance(lane_name(place), position.next_batch, position, []) for place, position in positions]
