"""The unprivileged user that runs PostgreSQL when we are root, which PostgreSQL refuses to be."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localstack.errors import PrerequisiteMissing, StartFailed


@dataclass(frozen=True)
class ServerUser:
    """A user to run a server as."""

    name: str
    uid: int
    gid: int

    def command(self, command: Sequence[str]) -> list[str]:
        """The command that runs `command` as this user, in the same process."""
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise PrerequisiteMissing(
                "setpriv not found, needed to start PostgreSQL as root: apt install util-linux"
            )
        return [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", "--", *command]

    def can_reach(self, path: Path) -> bool:
        """Whether this user may pass through all parents of `path` (a home of root's is closed to it)."""
        probe = self.command(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)])
        return subprocess.run(probe, check=False, capture_output=True).returncode == 0  # noqa: S603

    def own(self, folder: Path) -> None:
        """This user alone owns the folder and what is in it."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_user() -> ServerUser | None:
    """`postgres`, else `nobody`, when we are root; None when we may run servers as ourselves.

    Raises:
        PrerequisiteMissing: We are root and the machine has neither user.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise PrerequisiteMissing(
        "PostgreSQL must not run as root and no user postgres exists: adduser --system postgres"
    )


def own_folder(folder: Path) -> None:
    """The folder exists in a place where anybody may create things, and is ours: others may only look.

    Raises:
        StartFailed: It is a link or no folder, or somebody else owns it or may write to it.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o755)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    if not ours:
        raise StartFailed(f"{folder} must be a folder that we own and nobody else may write to: remove it")
    folder.chmod(0o755)


def command_as(user: ServerUser | None, command: Sequence[str]) -> list[str]:
    """The command as it must be run for `user`; unchanged for None."""
    return list(command) if user is None else user.command(command)
