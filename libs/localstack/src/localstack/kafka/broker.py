"""One combined broker and controller: its properties, its storage, its command line."""

import base64
import uuid
from pathlib import Path

from localstack.child import run
from localstack.errors import StartFailed
from localstack.kafka.jars import fetch_jars, find_java
from localstack.layout import Layout
from localstack.ports import HOST, free_ports, is_free
from localstack.record import KafkaRecord, Kind, ProcessRecord

_HEAP = ("-Xms256m", "-Xmx768m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20")
_LOGGING = tuple(
    f"-Dorg.slf4j.simpleLogger.{setting}"
    for setting in (
        "defaultLogLevel=warn",
        "log.kafka.server.KafkaRaftServer=info",
        "showDateTime=true",
        "dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    )
)

_ALWAYS = """broker.heartbeat.interval.ms=250
broker.session.timeout.ms=2000
auto.create.topics.enable=false
log.retention.ms=-1
num.network.threads=2
num.io.threads=2
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
"""


def remember(record: KafkaRecord | None) -> KafkaRecord:
    """The broker's identity and ports: those of last time while they are free, else new ones."""
    if record is not None and is_free(record.port) and is_free(record.controller_port):
        return record
    cluster_id = record.cluster_id if record else cluster_id_of(uuid.uuid4().bytes)
    port, controller_port = free_ports(2)
    return KafkaRecord(cluster_id, port, controller_port)


def cluster_id_of(sixteen: bytes) -> str:
    """Sixteen bytes as Kafka writes an id: 22 characters of URL-safe base 64.

    The first bit is dropped, which makes the first character a letter: an id that begins with `-` would be
    taken for an option by Kafka's tools.
    """
    return base64.urlsafe_b64encode(bytes([sixteen[0] & 0x7F]) + sixteen[1:]).rstrip(b"=").decode()


async def prepare(layout: Layout, record: KafkaRecord) -> ProcessRecord:
    """The broker can be started: jars fetched, properties written, storage formatted.

    Raises:
        PrerequisiteMissing: No Java 17, or no Maven to fetch the jars with.
        StartFailed: The jars could not be fetched or the storage not formatted.
    """
    java, jars = await find_java(), await fetch_jars(layout.cache)
    folder = layout.state / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "server.properties"
    settings.write_text(properties(record, folder / "data"))
    if not (folder / "data" / "meta.properties").exists():
        await _format(java, jars, settings, record.cluster_id)
    address = f"{HOST}:{record.port}"
    return ProcessRecord(
        name="kafka",
        kind=Kind.KAFKA,
        command=(java, *_HEAP, *_LOGGING, "-cp", f"{jars}/*", "kafka.Kafka", str(settings)),
        address=address,
        health=f"kafka://{address}",
        log=str(layout.log_file("kafka")),
    )


def properties(record: KafkaRecord, data: Path) -> str:
    """The broker's server.properties; every internal topic is made for a single broker.

    A killed broker is let in again only after its session ran out: 9 s by default, here 2 s.
    """
    broker, controller = f"{HOST}:{record.port}", f"{HOST}:{record.controller_port}"
    return f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{broker},CONTROLLER://{controller}
advertised.listeners=PLAINTEXT://{broker}
log.dirs={data}
{_ALWAYS}"""


async def _format(java: str, jars: Path, settings: Path, cluster_id: str) -> None:
    tool = ("-XX:TieredStopAtLevel=1", "-cp", f"{jars}/*", "kafka.tools.StorageTool")
    arguments = ("format", "--ignore-formatted", "-t", cluster_id, "-c", str(settings))
    code, output = await run([java, *tool, *arguments])
    if code:
        raise StartFailed(f"Kafka's storage could not be formatted:\n{output}")
