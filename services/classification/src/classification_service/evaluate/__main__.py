"""Learns from a city's inspections with outcomes and ranks later ones: `python -m classification_service.evaluate`.

One thread: sums come in one order, and the same files give the same points. Prints one JSON object; the exit code is 1,
with the reason in the object, when the files cannot be used.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

import yaml
from threadpoolctl import threadpool_limits

from classification_service.errors import CannotWrite, ClassificationError
from classification_service.evaluate.files import joined, read_visits
from classification_service.evaluate.report import report_of
from classification_service.evaluate.telling import Source, told
from classification_service.model.learning import Study, Visit
from classification_service.rules.learning.reading import study_of
from classification_service.rules.learning.scorecard import scorecard_of
from classification_service.rules.learning.studying import Outcome, Window, conduct, day_of

_STUDIES = files("classification_service").joinpath("packs", "learning")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what came of it; 0 when the files could be used."""
    asked = _parser().parse_args(arguments)
    try:
        with threadpool_limits(1):
            document = {"usable": True, **_evaluated(asked)}
    except ClassificationError as error:
        document = {"usable": False, "problem": str(error)}
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
    return 0 if document["usable"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="classification_service.evaluate", allow_abbrev=False)
    parser.add_argument("study")
    parser.add_argument("--inspections", type=Path, required=True)
    parser.add_argument("--context", type=Path, required=True)
    parser.add_argument("--earlier-inspections", type=Path)
    parser.add_argument("--earlier-context", type=Path)
    parser.add_argument("--train-until", type=date.fromisoformat, required=True)
    parser.add_argument("--test-from", type=date.fromisoformat, required=True)
    parser.add_argument("--test-to", type=date.fromisoformat)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--scorecard", type=Path)
    return parser


def _evaluated(asked: argparse.Namespace) -> dict[str, object]:
    visits, source = _visits(asked)
    last = day_of(max((visit.day for visit in visits), default=0))
    window = Window(asked.train_until, asked.test_from, asked.test_to or max(last, asked.test_from))
    outcome = conduct(visits, _study(asked.study), window)
    document = told(outcome, source)
    _write(asked, outcome)
    return document


def _visits(asked: argparse.Namespace) -> tuple[Sequence[Visit], Source]:
    """The visits of the files, and before them what earlier files have of the time before."""
    read = read_visits(asked.inspections, asked.context)
    visits, taken = read.visits, 0
    if asked.earlier_inspections is not None:
        visits, taken = joined(visits, read_visits(asked.earlier_inspections, asked.earlier_context).visits)
    of = "the files given and the earlier files" if taken else "the files given"
    return visits, Source(of, taken, read.without_outcome, read.context_alone)


def _study(name: str) -> Study:
    return study_of(yaml.safe_load(_STUDIES.joinpath(f"{name}-1.yaml").read_text(encoding="utf-8")))


def _write(asked: argparse.Namespace, outcome: Outcome) -> None:
    if asked.scorecard:
        text = yaml.safe_dump(dict(scorecard_of(outcome)), allow_unicode=True, sort_keys=False, width=140)
        _save(asked.scorecard, text)
    if asked.report:
        _save(asked.report, report_of(outcome))


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from error


if __name__ == "__main__":
    sys.exit(main())
