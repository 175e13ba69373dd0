"""Asks classification to learn from files and to rank later inspections."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from creditloop_cli.errors import Refused, WrongUse

INSPECTIONS = "chicago-inspections-2011-2014h1.csv.gz"
CONTEXT = "chicago-context-2011-2014h1.csv.gz"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be evaluated; None leaves a choice to its default."""

    inspections: Path | None
    context: Path | None
    train_until: date
    test_from: date
    test_to: date | None
    report: Path | None
    scorecard: Path | None


def evaluated(study: str, asked: Asked) -> Document:
    """What the service itself says: it alone learns.

    Raises:
        WrongUse: There are no files, or the days cannot be meant.
        Refused: The files cannot be used.
    """
    command = [sys.executable, "-m", "classification_service.evaluate", study, *_arguments(asked)]
    said = subprocess.run(  # noqa: S603 - our own module, and files that were looked at
        command, capture_output=True, text=True, check=False, env={**os.environ, **ONE_THREAD}
    )
    if said.returncode not in (0, 1) or not said.stdout:
        raise Refused(f"the evaluation itself failed: {' '.join(said.stderr.strip().splitlines()[-1:])}")
    document: Document = json.loads(said.stdout)
    if not document["usable"]:
        raise Refused(f"cannot be evaluated: {document['problem']}")
    return document


def _arguments(asked: Asked) -> Sequence[str]:
    _look_at(asked)
    usual = _usual_files()
    inspections, context = asked.inspections or usual[0], asked.context or usual[1]
    for path in (inspections, context):
        if not path.is_file():
            raise WrongUse(f"'{path}' is no file: name both with --inspections and --context")
    options: dict[str, object] = {
        "inspections": inspections,
        "context": context,
        "train-until": asked.train_until,
        "test-from": asked.test_from,
        "test-to": asked.test_to,
        "report": asked.report,
        "scorecard": asked.scorecard,
    }
    if asked.inspections and all(path.is_file() for path in usual):
        options |= {"earlier-inspections": usual[0], "earlier-context": usual[1]}
    return [f"--{name}={value}" for name, value in options.items() if value is not None]


def _look_at(asked: Asked) -> None:
    if asked.test_from <= asked.train_until:
        raise WrongUse(f"--test-from {asked.test_from} is not after --train-until {asked.train_until}")
    if asked.test_to and asked.test_to < asked.test_from:
        raise WrongUse(f"--test-to {asked.test_to} is before --test-from {asked.test_from}")
    if (asked.inspections is None) != (asked.context is None):
        raise WrongUse("--inspections and --context belong together")


def _usual_files() -> tuple[Path, Path]:
    """In the folder CREDITLOOP_REAL_DATA, else in shared/data beside the repository."""
    told = os.environ.get("CREDITLOOP_REAL_DATA")
    folder = Path(told) if told else Path(__file__).resolve().parents[5].parent / "shared" / "data"
    return folder / INSPECTIONS, folder / CONTEXT
