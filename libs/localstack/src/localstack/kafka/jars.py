"""The broker's program: a Java 17 and Apache Kafka's jars, fetched once by Maven."""

import os
import re
import shutil
from pathlib import Path

from localstack.child import run
from localstack.errors import PrerequisiteMissing, StartFailed
from localstack.lock import file_lock

POM = Path(__file__).with_name("pom.xml")
_INSTALL_JAVA = "install Java 17 or later: apt install default-jre-headless"


def kafka_version() -> str:
    """The pinned version."""
    match = re.search(r"<kafka\.version>([^<]+)<", POM.read_text())
    if match is None:
        raise StartFailed(f"{POM} pins no kafka.version")
    return match[1]


async def find_java() -> str:
    """The path of a Java that runs Kafka 4: JAVA_HOME's, else the one on PATH.

    Raises:
        PrerequisiteMissing: There is none, or it is older than 17.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        raise PrerequisiteMissing(f"java not found; {_INSTALL_JAVA}")
    _, output = await run([java, "-version"])
    version = java_version(output)
    if version < 17:
        raise PrerequisiteMissing(f"{java} is version {version}, Kafka 4 needs 17; {_INSTALL_JAVA}")
    return java


def java_version(output: str) -> int:
    """The major version that `java -version` printed; 0 if it printed none."""
    match = re.search(r'version "(?:1\.)?(\d+)', output)
    return int(match[1]) if match else 0


async def check_prerequisites(cache: Path) -> None:
    """Kafka can be started here, or fetched and started.

    Raises:
        PrerequisiteMissing: There is no Java 17, or no Maven while the jars are not cached.
    """
    await find_java()
    if not _jars(cache).is_dir():
        _find_maven()


def _find_maven() -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise PrerequisiteMissing("mvn not found, needed once to fetch Apache Kafka: apt install maven")
    return maven


def _jars(cache: Path) -> Path:
    return cache / f"kafka-{kafka_version()}"


async def fetch_jars(cache: Path) -> Path:
    """The folder with Kafka's jars; Maven fetches them the first time.

    Raises:
        PrerequisiteMissing: They are not cached and there is no Maven.
        StartFailed: Maven could not fetch them.
    """
    folder = _jars(cache)
    async with file_lock(cache / "kafka.lock"):
        if not folder.is_dir():
            await _fetch(folder)
    return folder


async def _fetch(folder: Path) -> None:
    maven = _find_maven()
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    goal = ("dependency:copy-dependencies", f"-DoutputDirectory={partial}")
    code, output = await run([maven, "-B", "-q", "-f", str(POM), *goal])
    if code:
        raise StartFailed(f"Maven could not fetch Apache Kafka {kafka_version()}:\n{output}")
    partial.rename(folder)
