"""The stack as a whole: started, asked, disturbed and ended."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from localstack import process, services
from localstack.errors import NotRunning, UnknownProcess
from localstack.external import external_servers
from localstack.infrastructure import Infrastructure
from localstack.launch import Launcher
from localstack.layout import layout
from localstack.lock import file_lock
from localstack.postgres import databases, server
from localstack.record import Kind, ProcessRecord, StackRecord, load
from localstack.services import PROCESSES, ServiceEnvironment, Surroundings, nothing_more
from localstack.status import ProcessStatus, statuses

Progress = Callable[[str], None]
DEFAULT_PARTITIONS = 4


def silent(_message: str) -> None:
    """Progress that nobody reads."""


class Stack:
    """PostgreSQL, Kafka and the services of one name, shared by every process that asks for it.

    State is on disk, not in this object: two objects of the same name are the same stack.
    """

    def __init__(
        self,
        name: str = "default",
        *,
        partitions: int = DEFAULT_PARTITIONS,
        environment: ServiceEnvironment = nothing_more,
    ) -> None:
        """`partitions` is for topics not there yet; `environment` may add to what the services are told."""
        self.layout = layout(name)
        self._external = external_servers(PROCESSES)
        self._partitions = partitions
        self._environment = environment

    async def up(self, *, services: bool = True, progress: Progress = silent) -> None:
        """All servers run and are healthy, and so do the services unless told otherwise; those that did stay.

        Raises:
            PrerequisiteMissing: The machine lacks a program; nothing was started that needs it.
            StartFailed: A process died or did not become healthy. Servers already up stay, services do not.
        """
        async with self._changing(progress) as launcher:
            await Infrastructure(launcher, self._external, self._partitions).up()
            if services:
                await self._services_up(launcher)

    async def _services_up(self, launcher: Launcher) -> None:
        record = launcher.record
        started = [each for each in map(record.processes.get, PROCESSES) if each and process.is_alive(each)]
        running = {each.name for each in started}
        record.service_ports = services.remember_ports(record.service_ports, running)
        surroundings = self._surroundings(record)
        missing = [name for name in PROCESSES if name not in running]
        processes = [surroundings.process(name) for name in missing]
        await launcher.start_all(processes, running=started)

    def _surroundings(self, record: StackRecord) -> Surroundings:
        urls = {name: self.database_url(name) for name in PROCESSES}
        return Surroundings(self.layout, self.kafka, urls, record.service_ports, self._environment)

    async def down(self, *, servers: bool = True, progress: Progress = silent) -> None:
        """Every process we started has ended, or the services alone; data, passwords and ports are kept."""
        async with self._changing(progress) as launcher:
            await launcher.end_all(servers=servers)

    async def destroy(self, *, progress: Progress = silent) -> None:
        """The stack has ended and its data is deleted; a folder that holds no stack is left alone."""
        if not self.layout.record_file.exists():
            return
        async with self._changing(progress) as launcher:
            await launcher.end_all(servers=True)
            postgres = launcher.record.postgres
            if postgres is not None:
                shutil.rmtree(Path(postgres.data).parent, ignore_errors=True)
            shutil.rmtree(self.layout.state, ignore_errors=True)

    async def restart(self, name: str, *, progress: Progress = silent) -> None:
        """The process runs anew, at the same address and healthy, whether it ran before or had been killed.

        Raises:
            UnknownProcess: It was never started.
            StartFailed: It died or did not become healthy.
        """
        async with self._changing(progress) as launcher:
            await launcher.restart(self._process(name))

    async def kill(self, name: str) -> None:
        """The process is dead without warning, as after a power cut; PostgreSQL's backends with it.

        Raises:
            UnknownProcess: It was never started.
        """
        self._process(name)
        async with self._changing(silent):
            record = self._process(name)
            await process.kill(record)
            if record.kind is Kind.POSTGRES:
                server.end_remains(self._postgres_data())

    async def supervise(self, *, poll_s: float = 0.2, progress: Progress = silent) -> None:
        """Until cancelled: start again whatever died, without waiting for it to be healthy."""
        while True:
            async with self._changing(progress) as launcher:
                launcher.revive()
            await asyncio.sleep(poll_s)

    async def status(self) -> list[ProcessStatus]:
        """Every process started and not ended by `down`, and whether it is alive and healthy."""
        return await statuses(self._read(), self._external)

    def database_url(self, service: str) -> str:
        """The service's own database, as SQLAlchemy's asynchronous engine takes it.

        Raises:
            NotRunning: The stack was never started.
        """
        if service in self._external.databases:
            return self._external.databases[service]
        if self._external.admin:
            raise NotRunning(f"POSTGRES_ADMIN_URL is given but {service.upper()}_DATABASE_URL is not")
        record = self._read().postgres
        if record is None or service not in record.role_passwords:
            raise NotRunning(self._not_running(f"the database of {service}"))
        return server.role_url(record, databases.PREFIX + service, record.role_passwords[service])

    @property
    def admin_database_url(self) -> str:
        """The superuser's connection to PostgreSQL, `postgresql://…`; for tests and audits of ours only."""
        if self._external.admin:
            return self._external.admin
        record = self._read().postgres
        if record is None:
            raise NotRunning(self._not_running("PostgreSQL"))
        return server.admin_url(record)

    @property
    def kafka(self) -> str:
        """Bootstrap servers, `host:port`."""
        if self._external.kafka:
            return self._external.kafka
        return self._process("kafka").address

    def service_url(self, name: str) -> str:
        """The service's base URL."""
        return self._process(name).address

    def _process(self, name: str) -> ProcessRecord:
        try:
            return self._read().processes[name]
        except KeyError:
            raise UnknownProcess(self._not_running(name)) from None

    def _postgres_data(self) -> Path:
        record = self._read().postgres
        if record is None:
            raise NotRunning(self._not_running("PostgreSQL"))
        return Path(record.data)

    def _not_running(self, what: str) -> str:
        return f"{what} is not running in stack '{self.layout.name}': start it with `localstack up`"

    def _read(self) -> StackRecord:
        return load(self.layout)

    @asynccontextmanager
    async def _changing(self, progress: Progress) -> AsyncIterator[Launcher]:
        """The only one to change the stack, with its latest record."""
        async with file_lock(self.layout.lock_file):
            self.layout.create()
            yield Launcher(self.layout, load(self.layout), progress)
