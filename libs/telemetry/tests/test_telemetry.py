import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from opentelemetry import trace
from opentelemetry.trace import Link
from telemetry import Metrics, Telemetry, configure_logs, tracer_provider

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def spans_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_span_is_one_line_with_its_parent_links_and_attributes(tmp_path: Path) -> None:
    """`creditloop follow` and the test of the trace's edges read these lines."""
    path = tmp_path / "deep" / "spans.jsonl"
    provider = tracer_provider("profiling", spans_file=path, otlp_endpoint=None, sample_ratio=1)
    tracer = provider.get_tracer("t")
    with tracer.start_as_current_span("receive") as parent:
        link = Link(parent.get_span_context())
        with tracer.start_as_current_span("apply", attributes={"uscc": "9151"}, links=[link]):
            pass
    provider.shutdown()

    child, root = spans_of(path)

    assert (child["name"], child["service"], child["attributes"]) == ("apply", "profiling", {"uscc": "9151"})
    assert (child["parent_id"], child["trace_id"]) == (root["span_id"], root["trace_id"])
    assert child["links"] == [{"trace_id": root["trace_id"], "span_id": root["span_id"]}]
    assert root["parent_id"] is None


def test_a_trace_that_is_not_sampled_leaves_nothing(tmp_path: Path) -> None:
    """At ten thousand facts a second most traces are not recorded."""
    path = tmp_path / "spans.jsonl"
    provider = tracer_provider("s", spans_file=path, otlp_endpoint=None, sample_ratio=0)

    with provider.get_tracer("t").start_as_current_span("x") as span:
        recording = span.is_recording()
    provider.shutdown()

    assert (recording, path.read_text()) == (False, "")


def test_without_a_place_to_go_spans_are_not_recorded() -> None:
    """A process that exports nothing must not pay for attributes."""
    provider = tracer_provider("s", spans_file=None, otlp_endpoint=None, sample_ratio=1)

    with provider.get_tracer("t").start_as_current_span("x") as span:
        assert not span.is_recording()


async def test_a_request_continues_the_senders_trace_and_health_is_left_out(tmp_path: Path) -> None:
    """One trace from the sender through Kafka to the last service begins here."""
    path = tmp_path / "spans.jsonl"
    provider = tracer_provider("api", spans_file=path, otlp_endpoint=None, sample_ratio=0)
    app, router = FastAPI(), APIRouter()
    router.get("/things/{thing}")(lambda thing: thing)
    app.get("/health/live")(lambda: "ok")
    app.include_router(router, prefix="/v1")
    telemetry = Telemetry(provider, Metrics("api"))
    telemetry.instrument(app)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        await client.get("/v1/things/7", headers={"traceparent": PARENT})
        await client.get("/health/live", headers={"traceparent": PARENT})
    telemetry.shutdown()

    assert [(s["trace_id"], s["parent_id"], s["name"]) for s in spans_of(path)] == [
        (PARENT[3:35], PARENT[36:52], "GET /v1/things/{thing}")
    ]


async def test_a_request_that_fails_is_a_span_in_error(tmp_path: Path) -> None:
    """The one trace somebody looks for is the one that failed."""
    path = tmp_path / "spans.jsonl"
    provider = tracer_provider("api", spans_file=path, otlp_endpoint=None, sample_ratio=1)
    app = FastAPI()

    @app.get("/broken")
    async def broken() -> None:
        raise KeyError("odd")

    telemetry = Telemetry(provider, Metrics("api"))
    telemetry.instrument(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        await client.get("/broken", headers={"traceparent": "not-a-trace"})
    telemetry.shutdown()

    (span,) = spans_of(path)
    assert (span["name"], span["kind"], span["status"]) == ("GET /broken", "server", "error")


async def test_an_unsampled_request_still_hands_its_trace_on(tmp_path: Path) -> None:
    """What is sent to Kafka must carry the sender's id, recorded or not."""
    app, seen = FastAPI(), list[str]()

    @app.get("/id")
    async def read_id() -> None:
        seen.append(trace.format_trace_id(trace.get_current_span().get_span_context().trace_id))

    provider = tracer_provider("api", spans_file=tmp_path / "s", otlp_endpoint=None, sample_ratio=1)
    Telemetry(provider, Metrics("api")).instrument(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        await client.get("/id", headers={"traceparent": PARENT[:-1] + "0"})
    provider.shutdown()

    assert seen == [PARENT[3:35]]
    assert spans_of(tmp_path / "s") == []


@pytest.mark.usefixtures("logging_restored")
def test_a_log_line_is_json_with_the_running_trace(tmp_path: Path) -> None:
    """From a log line to its trace in one search."""
    out = io.StringIO()
    configure_logs("sampling", stream=out)
    provider = tracer_provider("sampling", spans_file=tmp_path / "s", otlp_endpoint=None, sample_ratio=1)

    with provider.get_tracer("t").start_as_current_span("x") as span:
        structlog.get_logger(log="access").info("read", what="class", name="成都")
    provider.shutdown()

    line = json.loads(out.getvalue())
    assert line["trace_id"] == trace.format_trace_id(span.get_span_context().trace_id)
    assert (line["event"], line["service"], line["level"], line["log"]) == (
        "read",
        "sampling",
        "info",
        "access",
    )
    assert line["timestamp"].endswith("Z")
    assert "成都" in out.getvalue()


@pytest.mark.usefixtures("logging_restored")
def test_a_librarys_log_takes_the_same_form_and_debug_is_left_out() -> None:
    """One stream, one form: nothing to parse twice."""
    out = io.StringIO()
    configure_logs("s", stream=out)

    logging.getLogger("some.library").warning("odd %s", "thing")
    logging.getLogger("uvicorn.error").info("chatter")
    structlog.get_logger().debug("detail")

    (line,) = map(json.loads, out.getvalue().splitlines())
    assert (line["event"], line["level"], line["logger"]) == ("odd thing", "warning", "some.library")


@pytest.mark.usefixtures("logging_restored")
def test_an_exception_is_one_line_with_its_stack() -> None:
    """A stack over many lines cannot be searched as one event."""
    out = io.StringIO()
    configure_logs("s", stream=out)

    try:
        int("inner")
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error, odd="\ud800")

    (line,) = map(json.loads, out.getvalue().splitlines())
    assert "ValueError: invalid literal" in line["exception"]


def test_figures_come_out_in_prometheus_form() -> None:
    """Lag, batch size and outbox depth are read by Prometheus."""
    metrics = Metrics("profiling")

    metrics.provider.get_meter("t").create_counter("facts_applied").add(3, {"outcome": "new"})
    text = metrics.as_text().decode()
    metrics.shutdown()

    assert "facts_applied_total{" in text
    assert 'outcome="new"' in text


def test_setup_serves_a_whole_process(tmp_path: Path) -> None:
    """Providers are process-wide and can be set once, so this runs in a process of its own."""
    path = tmp_path / "spans.jsonl"
    program = f"""
import warnings; warnings.simplefilter("error")
from pathlib import Path
import structlog
from opentelemetry import metrics, trace
from telemetry import setup
telemetry = setup("whole", spans_file=Path({str(path)!r}))
with trace.get_tracer("t").start_as_current_span("use case"):
    structlog.get_logger().info("done")
metrics.get_meter("t").create_counter("facts").add(1)
assert b"facts_total" in telemetry.metrics_text()
telemetry.shutdown()
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["trace_id"] == spans_of(path)[0]["trace_id"]
