"""What the local stack must never touch: folders and processes that are not its own."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from localstack import LocalStackError, Stack, StartFailed
from localstack.__main__ import main
from localstack.lock import file_lock
from localstack.postgres.server import end_remains
from localstack.process import is_alive, spawn
from localstack.record import Kind, ProcessRecord, StackRecord, save
from localstack.user import own_folder

OwnStack = Callable[..., Stack]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a process of a program's name that works in a folder; it ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, folder: Path) -> subprocess.Popen[bytes]:
        program = tmp_path / name
        if not program.exists():
            shutil.copy(shutil.which("sleep") or "", program)
        started.append(subprocess.Popen([program, "60"], cwd=folder))  # noqa: S603
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/", "cache", "-x", "A", "a\n", "x" * 42])
def test_a_name_that_is_no_plain_one_is_refused(name: str) -> None:
    """It becomes a folder that is deleted: `..` would be the checkout, no name all stacks, `cache` the jars."""
    with pytest.raises(LocalStackError, match="a stack cannot be named"):
        Stack(name)


def test_the_command_calls_it_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """One line and exit code 2, as for an option that does not exist."""
    code = main(["down", "--stack", ".."])

    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1


async def test_a_folder_without_a_stack_is_not_deleted(own_stack: OwnStack) -> None:
    """Whatever lies there, we did not put it there."""
    stack = own_stack("letters")
    stack.layout.state.mkdir(parents=True)
    (stack.layout.state / "letter").touch()

    await stack.destroy()

    assert [each.name for each in stack.layout.state.iterdir()] == ["letter"]


async def test_a_process_is_not_killed_while_another_changes_the_stack(own_stack: OwnStack) -> None:
    """A killer that does not wait may end the server that somebody is just starting in its place."""
    stack = own_stack("held")
    stack.layout.create()
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    log = str(stack.layout.log_file("sleeper"))
    sleeper = spawn(ProcessRecord("sleeper", Kind.SERVICE, command, address="", health="", log=log))
    save(stack.layout, StackRecord(processes={"sleeper": sleeper}))

    async with file_lock(stack.layout.lock_file):
        killing = asyncio.create_task(stack.kill("sleeper"))
        await asyncio.wait({killing}, timeout=0.2)
        waited = is_alive(sleeper)
    await killing

    assert waited
    assert not is_alive(sleeper)


def test_whoever_else_works_in_the_data_folder_is_left_alone(
    worker: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """An operator's shell may stand there; a killed server's backends must go, however the folder is written."""
    data = tmp_path / "data"
    data.mkdir()
    link = tmp_path / "link"
    link.symlink_to(data)
    shell, backend, elsewhere = worker("shell", data), worker("postgres", data), worker("postgres", tmp_path)

    end_remains(link)

    backend.wait(timeout=10)
    assert shell.poll() is None
    assert elsewhere.poll() is None


def test_a_folder_of_ours_is_made_and_found_again(tmp_path: Path) -> None:
    """The server's user must pass through it, whatever our umask."""
    folder = tmp_path / "spare"

    own_folder(folder)
    own_folder(folder)

    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_folder_that_others_may_have_filled_is_refused(tmp_path: Path) -> None:
    """Its name can be guessed: programs put there by somebody else would run, as root's or the server's user."""
    real, link, shared = tmp_path / "real", tmp_path / "link", tmp_path / "shared"
    own_folder(real)
    link.symlink_to(real)
    shared.mkdir()
    shared.chmod(0o777)

    for folder in (link, shared):
        with pytest.raises(StartFailed, match="must be a folder that we own"):
            own_folder(folder)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed to others or not, its owner may change it under us."""
    own_folder(tmp_path / "spare")
    monkeypatch.setattr("localstack.user.os.geteuid", lambda: 4242)

    with pytest.raises(StartFailed):
        own_folder(tmp_path / "spare")
