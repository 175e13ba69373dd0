"""Proposes the next version of a model from the service's own outcomes: `python -m classification_service.learn`.

Reads the database that DATABASE_URL names and writes nothing to it. Prints one JSON object with the draft's text; the
exit code is 1, with the reason in the object, when nothing can be learned. One thread: the same books give the same
points.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml
from sqlalchemy.ext.asyncio import create_async_engine
from threadpoolctl import threadpool_limits

from classification_service.errors import CannotWrite, ClassificationError
from classification_service.learn.report import report_of
from classification_service.learn.telling import told
from classification_service.model.learning import Sample
from classification_service.rules.learning.proposing import Proposal, propose
from classification_service.rules.learning.redrafting import Heading
from classification_service.store.learning_reads import Judging, drawn_visits, judging
from classification_service.store.packs import shipped_catalogue, shipped_widths


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what came of it; 0 when something could be learned."""
    asked = _parser().parse_args(arguments)
    try:
        with threadpool_limits(1):
            document = {"learned": True, **_learned(asked)}
    except ClassificationError as error:
        document = {"learned": False, "problem": str(error)}
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return 0 if document["learned"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="classification_service.learn", allow_abbrev=False)
    parser.add_argument("code")
    parser.add_argument("--author", required=True)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--valid-from", type=date.fromisoformat, required=True)
    parser.add_argument("--until", type=date.fromisoformat)
    parser.add_argument("--report", type=Path)
    return parser


def _learned(asked: argparse.Namespace) -> dict[str, object]:
    live, sample = asyncio.run(_read(asked))
    proposal = propose(live.model, shipped_catalogue(), sample, lambda *how: _heading(asked, live, *how))
    text = yaml.safe_dump(proposal.document, allow_unicode=True, sort_keys=False, width=140)
    _write(asked.report, proposal)
    return told(proposal, text)


async def _read(asked: argparse.Namespace) -> tuple[Judging, Sample]:
    engine = create_async_engine(os.environ["DATABASE_URL"], isolation_level="REPEATABLE READ")
    try:
        async with engine.connect() as connection:
            live = await judging(connection, shipped_catalogue(), asked.code, asked.today)
            return live, await drawn_visits(connection, shipped_widths(), asked.code, asked.until)
    finally:
        await engine.dispose()


def _heading(asked: argparse.Namespace, live: Judging, penalty: float, visits: int) -> Heading:
    how = (
        f"{live.model.id}的分值，依{visits}次抽查结果调整，按抽取概率的倒数加权，检查人员的影响一并拟合；"
        f"以强度{penalty:g}约束于{live.model.id}，按时间先后选定"
    )
    return Heading(live.next_version, asked.valid_from, asked.author, how)


def _write(path: Path | None, proposal: Proposal) -> None:
    if path is None:
        return
    try:
        path.write_text(report_of(proposal), encoding="utf-8")
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from error


if __name__ == "__main__":
    sys.exit(main())
