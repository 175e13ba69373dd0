"""Asks classification to learn from a stack's own outcomes, and saves what it proposes among the drafts."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from httpapi.identity import Role
from localstack import Stack
from rich.console import Console
from rich.table import Table

from creditloop_cli.errors import Refused
from creditloop_cli.evaluating.call import ONE_THREAD
from creditloop_cli.local import require_up, subject_of
from creditloop_cli.output import say
from creditloop_cli.services import open_services

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToLearn:
    """What is to be learned; None leaves a choice to its default."""

    code: str
    today: date
    valid_from: date
    until: date | None
    report: Path | None
    draft: Path | None


async def proposed(stack: str, asked: ToLearn, *, save: bool) -> Document:
    """What was learned, with the id of the draft where it was saved: only where it ranks better than what is in force.

    Raises:
        NotUp: The stack does not run.
        Refused: Nothing can be learned, or the draft cannot be kept.
    """
    local = await require_up(stack)
    learned = await _learned(local, asked)
    if asked.draft:
        _write(asked.draft, learned["text"])
    for written in (asked.report, asked.draft):
        if written:
            say(f"written: {written}")
    draft_id = await _saved(local, learned["text"]) if save and learned["is_better"] else None
    return {**learned, "draft_id": draft_id}


def show_proposal(answer: Document, out: Console) -> None:
    """A table of the periods, and beneath it what became of the draft."""
    title = f"{answer['model']} from {answer['from']}: {answer['visits']} drawn visits, {answer['problems']} problems"
    table = Table(title=title)
    for name in (
        "period",
        "visits",
        "problems",
        "AUC in force",
        "AUC revised",
        "uniform: in force",
        "revised",
    ):
        table.add_column(name, justify="left" if name == "period" else "right")
    for part, name in (
        *((each, "chosen by") for each in answer["chosen_by"]),
        (answer["judged_by"], "judged by"),
    ):
        days = f"{part['first_day']} – {part['last_day']} ({name})"
        figures = (part[name] for name in ("live", "learned", "live_uniform", "learned_uniform"))
        table.add_row(days, str(part["visits"]), str(part["problems"]), *map(_figure, figures))
    out.print(table)
    out.print(_became(answer))


def _became(answer: Document) -> str:
    if answer["draft_id"]:
        return f"draft {answer['draft_id']}: another person approves it before anybody can promote it"
    return "not saved" if answer["is_better"] else "no better than what is in force: not saved"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


async def _learned(local: Stack, asked: ToLearn) -> Document:
    """What the service itself says: it alone learns."""
    command = (sys.executable, "-m", "classification_service.learn", *_arguments(asked))
    environment = {**os.environ, **ONE_THREAD, "DATABASE_URL": local.database_url("classification")}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
    said, wrong = await process.communicate()
    if process.returncode not in (0, 1) or not said:
        raise Refused(f"learning itself failed: {' '.join(wrong.decode().strip().splitlines()[-1:])}")
    document: Document = json.loads(said)
    if not document["learned"]:
        raise Refused(f"nothing can be learned: {document['problem']}")
    return document


def _arguments(asked: ToLearn) -> Sequence[str]:
    options: dict[str, object] = {
        "author": subject_of(Role.MODEL_MANAGER),
        "today": asked.today,
        "valid-from": asked.valid_from,
        "until": asked.until,
        "report": asked.report,
    }
    return [asked.code, *(f"--{name}={value}" for name, value in options.items() if value is not None)]


async def _saved(local: Stack, text: str) -> int:
    """The same text asked for again is the same draft."""
    async with open_services(local, Role.MODEL_MANAGER) as services:
        key = sha256(text.encode()).hexdigest()
        draft = await services.post("classification", "/v1/drafts", {"text": text}, key=key)
    if draft["problems"]:
        raise Refused(f"draft {draft['id']} is kept and cannot be submitted: {draft['problems']}")
    return int(draft["id"])


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror}") from error
