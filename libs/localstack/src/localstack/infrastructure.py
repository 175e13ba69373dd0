"""PostgreSQL and Kafka brought up, with the databases and topics the services need."""

import msgspec

from localstack import services
from localstack.external import ExternalServers
from localstack.kafka import broker, jars, topics
from localstack.launch import Launcher, together
from localstack.postgres import databases, server
from localstack.postgres.binaries import find_binaries
from localstack.record import PostgresRecord


class Infrastructure:
    """The servers of one stack; external ones are used where their addresses are given."""

    def __init__(self, launcher: Launcher, external: ExternalServers, partitions: int) -> None:
        """`partitions` is for topics that do not exist yet."""
        self._launcher = launcher
        self._external = external
        self._partitions = partitions

    async def up(self) -> None:
        """Both servers answer, and databases and topics exist.

        Raises:
            PrerequisiteMissing: The machine lacks a program one of them needs; neither was started.
        """
        await self._check_prerequisites()
        await together(self._postgres(), self._kafka())

    async def _check_prerequisites(self) -> None:
        launcher = self._launcher
        if self._external.postgres_needed(services.PROCESSES) and not launcher.running("postgres"):
            find_binaries()
        if not self._external.kafka and not launcher.running("kafka"):
            await jars.check_prerequisites(launcher.layout.cache)

    async def _postgres(self) -> None:
        if not self._external.postgres_needed(services.PROCESSES):
            return
        launcher = self._launcher
        running = launcher.running("postgres")
        if running:
            await launcher.wait(running)
        else:
            await self._start_postgres()
        await self._provision(launcher.record.postgres)

    async def _start_postgres(self) -> None:
        launcher = self._launcher
        record = server.remember(launcher.layout, launcher.record.postgres)
        launcher.record.postgres = record
        if not record.data.startswith(str(launcher.layout.state)):
            launcher.progress(
                f"PostgreSQL's user cannot reach {launcher.layout.state}: its data is in {record.data}"
            )
        await launcher.start(await server.prepare(launcher.layout, record))

    async def _provision(self, record: PostgresRecord | None) -> None:
        """Databases are made once; the passwords are remembered only when the roles have them."""
        if record is None or record.role_passwords.keys() >= set(services.PROCESSES):
            return
        passwords = databases.new_passwords(services.PROCESSES, record.role_passwords)
        await databases.provision(server.admin_url(record), passwords)
        self._launcher.record.postgres = msgspec.structs.replace(record, role_passwords=passwords)
        self._launcher.save()

    async def _kafka(self) -> None:
        launcher = self._launcher
        running = launcher.running("kafka")
        if self._external.kafka:
            await self._create_topics(self._external.kafka)
        elif running:
            await launcher.wait(running)
        else:
            launcher.record.kafka = broker.remember(launcher.record.kafka)
            process = await broker.prepare(launcher.layout, launcher.record.kafka)
            await launcher.start(process)
            await self._create_topics(process.address)

    async def _create_topics(self, bootstrap: str) -> None:
        await topics.create(bootstrap, services.topics(), partitions=self._partitions)
