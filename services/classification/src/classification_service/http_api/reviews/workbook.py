"""A review as an Excel workbook."""

import asyncio
import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from fastapi import Response

from classification_service.model.figures import Estimate, GroupRate, Summary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_TOO_FEW = "样本不足 too few"
Row = Sequence[Any]
_RATES = (
    *(
        "分组方式 by",
        "分组 group",
        "检查数 results",
        "有效 valid",
        "发现问题 problems",
        "发现率 rate",
        "下限 low",
        "上限 high",
    ),
    *("加权发现率 weighted", "下限 low", "上限 high", "提升度 lift"),
)


_FAIRNESS = (
    *(
        "维度 by",
        "分组 group",
        "有效 valid",
        "发现问题 problems",
        "发现率之比 rate ratio",
        "下限 low",
        "上限 high",
    ),
    *("误判占比 false alarms", "下限 low", "上限 high", "误判之比 ratio", "下限 low", "上限 high"),
)


async def workbook(summary: Summary) -> Response:
    """The answer that is a workbook: sentences, figures and rates."""
    body = await asyncio.to_thread(_write, summary)
    headers = {"Content-Disposition": 'attachment; filename="review.xlsx"'}
    return Response(body, 200, headers, media_type=XLSX)


def _write(summary: Summary) -> bytes:
    sheets: dict[str, list[Row]] = {
        "结论 findings": [
            ("代码 code", "中文", "English"),
            *((f.code, f.zh, f.en) for f in summary.findings),
        ],
        "指标 figures": [
            ("指标 figure", "数值 value", "下限 low", "上限 high", "样本 n"),
            *_figures(summary),
        ],
        "发现率 rates": [_RATES, *_rates(summary)],
    }
    sheets["公平性 fairness"] = [_FAIRNESS, *_fairness(summary)]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _PLAIN) as book:
        bold = book.add_format({"bold": True})
        for name, (header, *rows) in sheets.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, header, bold)
            for number, row in enumerate(rows, start=1):
                page.write_row(number, 0, row)
    return buffer.getvalue()


def _figures(summary: Summary) -> Iterator[Row]:
    yield "抽查 drawn", summary.drawn
    yield "均匀抽查 control group", summary.control
    yield "部门报送 reported", summary.reported_results
    yield "捕获率 capture", *_cells(summary.capture), summary.capture.n
    yield "命中率 hit rate", *_cells(summary.hit), summary.hit.n
    yield "提升度 lift of C and D", *_cells(summary.lift), summary.lift.n
    yield "AUC", *_cells(summary.auc), summary.auc.n
    yield "KS", _TOO_FEW if summary.ks is None else summary.ks
    yield (
        "趋势检验p Cochran-Armitage p",
        _TOO_FEW if summary.trend.p is None else summary.trend.p,
        "",
        "",
        summary.trend.n,
    )


def _rates(summary: Summary) -> Iterator[Row]:
    yield _row("全部 all", summary.overall)
    for by, rates in summary.rates.items():
        yield from (_row(by, rate) for rate in rates)
    yield from (_row("部门报送 reported", rate) for rate in summary.reported)


def _fairness(summary: Summary) -> Iterator[Row]:
    for row in summary.fairness:
        figures = row.rate_ratio, row.false_alarm_share, row.false_alarm_ratio
        yield row.by, row.group, row.valid, row.problems, *(cell for each in figures for cell in _cells(each))


def _row(by: str, rate: GroupRate) -> Row:
    weighted = _cells(rate.weighted) if rate.weighted else ("", "", "")
    counts = rate.results, rate.valid, rate.problems
    return (by, rate.group, *counts, *_cells(rate.rate), *weighted, "" if rate.lift is None else rate.lift)


def _cells(estimate: Estimate) -> tuple[Any, Any, Any]:
    if estimate.value is None:
        return _TOO_FEW, "", ""
    return estimate.value, estimate.low, estimate.high
