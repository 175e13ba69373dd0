"""One PostgreSQL server: its cluster on disk, its command line, and recovery from a killed one."""

# mypy: allow-untyped-calls
# psutil ships no types.

import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import msgspec
import psutil

from localstack.child import run
from localstack.errors import StartFailed
from localstack.layout import Layout
from localstack.ports import HOST, keep_or_choose
from localstack.postgres.binaries import find_binaries, reachable_binaries
from localstack.record import Kind, PostgresRecord, ProcessRecord
from localstack.user import ServerUser, command_as, own_folder, server_user

SUPERUSER = "postgres"
_PROGRAM = "postgres"
_SPARE_ROOT = Path("/var/tmp")  # noqa: S108 -- survives a restart of the machine; `own_folder` guards ours in it


def settings(port: int, memory_bytes: int) -> dict[str, str]:
    """The server's settings: fully durable, sized for one machine that also runs everything else."""
    return {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "shared_buffers": os.environ.get("PG_SHARED_BUFFERS", f"{min(3072, memory_bytes >> 23)}MB"),
        "max_wal_size": "8GB",
        "jit": "off",
        "max_connections": "200",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "log_line_prefix": "%m [%p] %d ",
    }


def remember(layout: Layout, record: PostgresRecord | None) -> PostgresRecord:
    """The cluster's place, port and password: those of last time; a new port only if that one is taken."""
    if record is not None:
        return msgspec.structs.replace(record, port=keep_or_choose(record.port))
    layout.create()
    data = _home(layout, server_user()) / "data"
    return PostgresRecord(str(data), keep_or_choose(None), secrets.token_urlsafe(16))


def _home(layout: Layout, user: ServerUser | None) -> Path:
    """The state's own folder, or one in /var/tmp where the server's user cannot pass through to the state."""
    if user is None or user.can_reach(layout.state):
        return layout.state / "postgres"
    return _spare(layout)


def _spare(layout: Layout) -> Path:
    digest = hashlib.sha256(str(layout.state).encode()).hexdigest()[:12]
    return _SPARE_ROOT / f"creditloop-{os.getuid()}-{digest}"


def admin_url(record: PostgresRecord, database: str = "postgres") -> str:
    """The superuser's address for the database."""
    return f"postgresql://{SUPERUSER}:{record.password}@{HOST}:{record.port}/{database}"


def role_url(record: PostgresRecord, name: str, password: str) -> str:
    """The address of the database `name` for the role of that name, as SQLAlchemy takes it."""
    return f"postgresql+asyncpg://{name}:{password}@{HOST}:{record.port}/{name}"


async def prepare(layout: Layout, record: PostgresRecord) -> ProcessRecord:
    """The server can be started: cluster made, nothing left of a killed one.

    Raises:
        PrerequisiteMissing: No PostgreSQL of a good version, or no user to run it.
        StartFailed: The cluster could not be made, or its folder is not ours.
    """
    user, data, spare = server_user(), Path(record.data), _spare(layout)
    if data.parent == spare:
        own_folder(spare)
    binaries = reachable_binaries(find_binaries(), user, spare)
    if not (data / "PG_VERSION").exists():
        await _initdb(binaries, user, record)
    clear_remains(data)
    options = [f"-c{name}={value}" for name, value in settings(record.port, _memory()).items()]
    return ProcessRecord(
        name="postgres",
        kind=Kind.POSTGRES,
        command=tuple(command_as(user, [str(binaries / _PROGRAM), "-D", str(data), *options])),
        address=f"{HOST}:{record.port}",
        health=admin_url(record),
        log=str(layout.log_file("postgres")),
    )


def _memory() -> int:
    return int(psutil.virtual_memory().total)


async def _initdb(binaries: Path, user: ServerUser | None, record: PostgresRecord) -> None:
    """Made beside its place and moved there whole, so that an interrupted one is not taken for a cluster."""
    partial = Path(record.data).with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w") as password:
        password.write(record.password)
        password.flush()
        if user is not None:
            user.own(partial)
            os.chown(password.name, user.uid, user.gid)
        arguments = ["-D", str(partial), "-U", SUPERUSER, f"--pwfile={password.name}", "--encoding=UTF8"]
        authentication = ["--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256"]
        code, output = await run(command_as(user, [str(binaries / "initdb"), *arguments, *authentication]))
    if code:
        raise StartFailed(f"PostgreSQL's cluster could not be made:\n{output}")
    partial.rename(record.data)


def clear_remains(data: Path) -> None:
    """No process of an earlier server is left in the cluster, and no pid file that names a stranger.

    The backends of a killed server live on until they notice, and hold its shared memory; all of them work in
    the data folder, which is how they are told from any other server's.
    """
    end_remains(data)
    (data / "postmaster.pid").unlink(missing_ok=True)


def end_remains(data: Path) -> None:
    """No process of any server of this cluster runs any longer; whoever else works in its folder is left alone."""
    remains = [each for each in psutil.process_iter() if _works_in(each, data)]
    for each in remains:
        each.kill()
    psutil.wait_procs(remains, timeout=10)


def _works_in(each: psutil.Process, folder: Path) -> bool:
    try:
        return Path(each.exe()).name == _PROGRAM and Path(each.cwd()).resolve() == folder.resolve()
    except psutil.Error:
        return False
