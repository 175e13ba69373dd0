"""Where a stack keeps its state on disk."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localstack.errors import WrongName

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_CACHE = "cache"


@dataclass(frozen=True)
class Layout:
    """The folders and files of one stack.

    Attributes:
        root: The folder that holds all stacks and the cache they share.
        name: The stack's name, also the name of its folder.
        cache: Downloads shared by all stacks.
    """

    root: Path
    name: str
    cache: Path

    @property
    def state(self) -> Path:
        """The folder of this stack alone; deleting it forgets the stack."""
        return self.root / self.name

    @property
    def record_file(self) -> Path:
        """What was started, and how to start it again."""
        return self.state / "stack.json"

    @property
    def lock_file(self) -> Path:
        """Held while the stack is changed; outside the state, which may be deleted meanwhile."""
        return self.root / f"{self.name}.lock"

    def log_file(self, process: str) -> Path:
        """The log of one process."""
        return self.state / "logs" / f"{process}.log"

    def create(self) -> None:
        """The folders exist, and other users may pass through them (PostgreSQL's user has to)."""
        for folder in (self.root, self.state, self.cache, self.state / "logs", self.state / "spans"):
            folder.mkdir(parents=True, exist_ok=True)


def layout(name: str, environment: Mapping[str, str] | None = None) -> Layout:
    """The layout of the stack `name`: under CREDITLOOP_STATE, else `.creditloop` in the repository.

    The cache lies beside the stacks unless CREDITLOOP_CACHE names another folder.

    Raises:
        WrongName: The name is not a plain one, or is that of the cache.
    """
    if not _NAME.fullmatch(name) or name == _CACHE:
        raise WrongName(
            f"a stack cannot be named {name!r}: 1 to 41 of a-z, 0-9, _ and -, not beginning with _ or -, not '{_CACHE}'"
        )
    variables = os.environ if environment is None else environment
    root = Path(variables.get("CREDITLOOP_STATE") or _repository() / ".creditloop").absolute()
    return Layout(root, name, Path(variables.get("CREDITLOOP_CACHE") or root / _CACHE).absolute())


def _repository() -> Path:
    """The workspace this file belongs to; the working directory where it was installed apart from one."""
    for folder in Path(__file__).resolve().parents:
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.uv.workspace]" in project.read_text():
            return folder
    return Path.cwd()
