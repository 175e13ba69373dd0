"""One page of HTML that needs nothing else and prints on A4."""

from collections.abc import Sequence
from html import escape

_STYLE = """
body{font:14px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#222}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #bbb}
.en{color:#555;font-weight:normal;font-size:.9em}table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{border-bottom:1px solid #ddd;padding:.2rem .4rem;text-align:left;vertical-align:top}
td:nth-child(2),td:nth-child(3){white-space:nowrap}
th{background:#f2f4f7}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:1rem}figure{margin:0}
svg{width:100%;height:auto}.words{font-size:11px;fill:#333}.grid{stroke:#e2e2e2;fill:none}
@page{size:A4;margin:15mm}
@media print{body{margin:0;max-width:none;font-size:10.5pt}
figure,tr{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}
"""


def page(title: str, parts: Sequence[str]) -> str:
    """The whole document, in Chinese with English beside."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def heading(zh: str, en: str, level: int = 2) -> str:
    """A heading in both languages."""
    return f"<h{level}>{both(zh, en)}</h{level}>"


def paragraph(zh: str, en: str) -> str:
    """A paragraph in both languages."""
    return f'<p>{escape(zh)}<br><span class="en">{escape(en)}</span></p>'


def both(zh: str, en: str) -> str:
    """A phrase in both languages."""
    return f'{escape(zh)} <span class="en">{escape(en)}</span>'


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; names and cells are HTML already."""
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def figure(zh: str, en: str, chart: str) -> str:
    """A chart with what it shows beneath."""
    return f"<figure>{chart}<figcaption>{both(zh, en)}</figcaption></figure>"
