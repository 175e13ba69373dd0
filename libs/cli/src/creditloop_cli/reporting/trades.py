"""What the firms do, inferred from their scopes and names."""

from collections import Counter
from collections.abc import Sequence

from vocabulary.industries import sections
from vocabulary.scope.sectors import supervised_sectors

from creditloop_cli.reporting.firm import Firm
from creditloop_cli.reporting.tables import Table, counted, share

_CONFIDENT = 0.9
_DIVISIONS_SHOWN = 30


def tables(firms: Sequence[Firm]) -> list[Table]:
    """Sections with confidence, divisions, and sectors."""
    return [_sections(firms), _confidence(firms), _divisions(firms), _sectors(firms)]


def _sections(firms: Sequence[Firm]) -> Table:
    rows = [_section(row.code, row.zh, firms) for row in sections().values()]
    nothing = sum(firm.industry is None for firm in firms)
    rows.append(("nothing inferred", nothing, share(nothing, len(firms)), 0.0, 0.0))
    return Table(
        "sections",
        "Industries, by section",
        "Rows by the section inferred from scope and name; mean confidence, and the share with 0.9 or more.",
        ("section", "rows", "share", "mean confidence", "share confident"),
        rows,
    )


def _section(letter: str, name: str, firms: Sequence[Firm]) -> tuple[str, int, float, float, float]:
    found = [each.confidence for firm in firms if (each := firm.industry) and each.letter == letter]
    sure = sum(confidence >= _CONFIDENT for confidence in found)
    mean = round(sum(found) / len(found), 3) if found else 0.0
    return f"{letter} {name}", len(found), share(len(found), len(firms)), mean, share(sure, len(found))


def _confidence(firms: Sequence[Firm]) -> Table:
    counts = Counter(firm.industry.confidence for firm in firms if firm.industry)
    return Table(
        "confidence",
        "Confidence of the inferred section",
        "Rows by the share of right answers among labelled ones of the same clarity.",
        ("confidence", "rows", "share"),
        counted({f"{value:.2f}": counts[value] for value in sorted(counts, reverse=True)}, len(firms)),
    )


def _divisions(firms: Sequence[Firm]) -> Table:
    codes = Counter(firm.industry.code[:3] for firm in firms if firm.industry and len(firm.industry.code) > 1)
    shown = dict(codes.most_common(_DIVISIONS_SHOWN))
    shown["other divisions"] = codes.total() - sum(shown.values())
    shown["only a section"] = sum(bool(firm.industry and len(firm.industry.code) == 1) for firm in firms)
    return Table(
        "divisions",
        "Industries, by division",
        "Rows by the division (大类) that the text says plainly, the most frequent first.",
        ("division", "rows", "share"),
        counted(shown, len(firms)),
    )


def _sectors(firms: Sequence[Firm]) -> Table:
    counts = Counter(sector for firm in firms for sector in firm.sectors)
    named = {f"{row.code} {row.zh}": counts[code] for code, row in supervised_sectors().items()}  # type: ignore[index]
    named["in none"] = sum(not firm.sectors for firm in firms)
    return Table(
        "sectors",
        "Sectors",
        "Rows whose scope or name says that they belong to a sector; one may belong to several.",
        ("sector", "rows", "share"),
        counted(named, len(firms)),
    )
