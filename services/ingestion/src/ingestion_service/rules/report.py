"""What stands in the summary of a report."""

from collections.abc import Mapping

import msgspec

from ingestion_service.model.file import Job, JobKind, JobState
from ingestion_service.model.verdict import Outcome, Problem
from ingestion_service.rules.listing import MOST_LISTED, OTHER

_ZH = {
    Outcome.ACCEPTED: "接受",
    Outcome.DUPLICATE: "重复",
    Outcome.QUARANTINED: "隔离",
    Outcome.REJECTED: "拒绝",
}
_STATES = {
    JobState.DONE: "完成 done",
    JobState.FAILED: "中断 failed: only the rows before the fault are counted",
    JobState.CANCELLED: "取消 cancelled: only the rows until then are counted",
}
_key = msgspec.json.Decoder(tuple[str, str, str]).decode


def summary(job: Job, state: JobState, problem: Problem | None) -> list[tuple[str, str]]:
    """Names and values, in order."""
    checked = job.kind is JobKind.CHECK
    rows = [
        ("文件 file", job.file.name),
        ("来源 source", job.file.source),
        ("映射 mapping", f"{job.file.mapping} v{job.mapping_version}"),
        ("SHA-256", (job.file.sha256 or b"").hex()),
        ("作业 job", "试运行 check: nothing was recorded" if checked else "入库 load"),
        ("状态 state", _STATES.get(state, state.value)),
        ("行数 rows", str(job.rows)),
    ]
    would = "would be " if checked else ""
    rows += [(f"{_ZH[outcome]} {would}{outcome}", str(job.counts.get(outcome, 0))) for outcome in Outcome]
    if problem is not None:
        rows.append(("问题 problem", f"{problem.field} {problem.problem}; expected: {problem.expected}"))
    rows.append(("明细 lines", _lines(job)))
    return rows


def _lines(job: Job) -> str:
    if job.listed > MOST_LISTED:
        return f"the first {MOST_LISTED} of {job.listed}; {job.listed - MOST_LISTED} are left out"
    return f"{job.listed}" + ("" if job.every_row else "; rows that were accepted are not listed")


def reason_rows(reasons: Mapping[str, int]) -> list[tuple[str, str, str, int]]:
    """Verdict, field, problem and how many rows, the most frequent first."""
    known = [(*_key(key), count) for key, count in reasons.items() if key != OTHER]
    others = [("", "", "other reasons", reasons[OTHER])] if OTHER in reasons else []
    return sorted(known, key=lambda row: -row[3]) + others
