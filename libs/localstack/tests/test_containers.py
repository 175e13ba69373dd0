"""docker-compose.yml runs what the local stack runs; nothing here starts a container."""

import json
import re
from pathlib import Path

import pytest
from localstack.kafka.jars import kafka_version
from localstack.services import PROCESSES, SERVICES, topics

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def test_the_broker_is_the_one_that_is_tested() -> None:
    """Another version would be one that nobody has run the loop on."""
    assert set(re.findall(r"apache/kafka:(\S+)", COMPOSE)) == {kafka_version()}


def test_the_broker_writes_into_its_volume() -> None:
    """Its own default is a folder that goes with the container, and every topic with it."""
    folder = re.search(r"KAFKA_LOG_DIRS: (\S+)", COMPOSE)

    assert folder
    assert f"volumes: [kafka:{folder[1]}]" in COMPOSE


def test_every_topic_is_made() -> None:
    """A topic is not made by whoever first writes to it."""
    names = re.search(r"for topic in (.*); do", COMPOSE)

    assert names
    assert [f"creditloop.{name}.v1" for name in names[1].split()] == topics()


@pytest.mark.parametrize("service", PROCESSES)
def test_a_service_has_a_password_of_its_own(service: str) -> None:
    """One for all would open every database to whoever reads one service's environment."""
    password = f"${{{service.upper()}_PASSWORD}}"

    assert f"creditloop_{service}:{password}@postgres/creditloop_{service}" in COMPOSE
    assert COMPOSE.count(password) == 1


def test_the_console_is_told_where_every_service_is() -> None:
    """It forwards to them by these addresses, and starts with no fewer."""
    told = re.search(r"SERVICE_URLS: >-\n(.*?)\n      OIDC", COMPOSE, re.DOTALL)

    assert told
    assert json.loads(told[1]) == {name: f"http://{name}:8000" for name in SERVICES}


def test_every_process_is_given_its_database() -> None:
    """On the first start, with its role."""
    made = (ROOT / "deploy/postgres-init.sh").read_text(encoding="utf-8")
    names = re.search(r"for service in (.*); do", made)

    assert names
    assert tuple(names[1].split()) == PROCESSES


def test_the_image_serves_the_page_that_was_built_for_it() -> None:
    """A page of whoever builds the image, or none, would not be the one that is tested."""
    image = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    page = "services/console/src/console_service/page"

    assert f"COPY --from=page /app/{page} {page}" in image
    assert page in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_no_port_is_open_to_the_network() -> None:
    """The services speak plain HTTP: something with TLS stands before them."""
    ports = re.findall(r"ports: \[(.*)\]", COMPOSE)

    assert len(ports) == len(PROCESSES)
    assert all(port.startswith('"127.0.0.1:') for port in ports)
