"""The codes and names: are they valid, does one occur twice?"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from vocabulary.uscc import LENGTH, UsccVerdict, check_many, normalise, organisation_check

from creditloop_cli.reporting.firm import Firm
from creditloop_cli.reporting.tables import Table, counted, share

_VERDICTS: Mapping[UsccVerdict, str] = {
    UsccVerdict.VALID: "valid",
    UsccVerdict.LEGACY_PILOT: "pilot: only the organisation code's check character is right",
    UsccVerdict.WRONG_CHECK_DIGIT: "wrong check character",
    UsccVerdict.OLD_REGISTRATION_NUMBER: "15 digits, the number before 2015-10",
    UsccVerdict.WRONG_LENGTH: "wrong length",
    UsccVerdict.WRONG_ALPHABET: "a character that cannot stand there",
}
_DEPARTMENTS: Mapping[str, str] = {
    "91": "91 enterprise", "92": "92 individual business", "93": "93 farmers' cooperative",
    "52": "52 civil organisation", "12": "12 public institution",
}  # fmt: skip


def tables(firms: Sequence[Firm]) -> list[Table]:
    """Validity, spelling, kind and duplicates."""
    codes = [normalise(firm.code) for firm in firms]
    verdicts = [UsccVerdict(verdict) for verdict in check_many([firm.code for firm in firms]).tolist()]
    return [
        _validity(verdicts),
        _organisation_codes(codes, verdicts),
        _spelling(firms),
        _kinds(codes),
        _repeated(firms, codes),
    ]


def _validity(verdicts: Sequence[UsccVerdict]) -> Table:
    counts = Counter(verdicts)
    return Table(
        "codes",
        "Unified social credit codes",
        "Each row's code, after normalising its letters, judged by GB 32100-2015 and GB 11714-1997.",
        ("verdict", "rows", "share"),
        counted({text: counts[verdict] for verdict, text in _VERDICTS.items()}, len(verdicts)),
    )


def _organisation_codes(codes: Sequence[str], verdicts: Sequence[UsccVerdict]) -> Table:
    readable = [
        (verdict is UsccVerdict.VALID, organisation_check(code[8:16]) == code[16])
        for code, verdict in zip(codes, verdicts, strict=True)
        if len(code) == LENGTH and verdict is not UsccVerdict.WRONG_ALPHABET
    ]
    counts = Counter(readable)
    names = {
        "both": (True, True),
        "the credit code's": (True, False),
        "the organisation code's": (False, True),
    }
    named = {name: counts[rights] for name, rights in names.items()} | {"neither": counts[False, False]}
    return Table(
        "organisation_codes",
        "Credit code against the organisation code inside it",
        "Of codes of 18 characters, which check character is right: the code's own or the 组织机构代码's.",
        ("right", "rows", "share"),
        counted(named, len(readable)),
    )


def _spelling(firms: Sequence[Firm]) -> Table:
    counts = {
        "lower-case letters": sum(firm.code != firm.code.upper() for firm in firms),
        "full-width or invisible characters, spaces": sum(
            normalise(firm.code) != firm.code.upper() for firm in firms
        ),
        "no code": sum(not firm.code.strip() for firm in firms),
    }
    return Table(
        "code_spelling",
        "How codes are spelled",
        "Rows whose code must be normalised before it can be compared.",
        ("spelling", "rows", "share"),
        counted(counts, len(firms)),
    )


def _kinds(codes: Sequence[str]) -> Table:
    counts = Counter(_DEPARTMENTS.get(code[:2], "other") for code in codes if len(code) == LENGTH)
    return Table(
        "code_kinds",
        "Who registered them",
        "The first two characters of codes of 18 characters: registering department and kind.",
        ("kind", "rows", "share"),
        counted(dict(counts.most_common()), counts.total()),
    )


def _repeated(firms: Sequence[Firm], codes: Sequence[str]) -> Table:
    names_of, codes_of = defaultdict(set), defaultdict(set)
    for firm, code in zip(firms, codes, strict=True):
        names_of[code].add(firm.name)
        codes_of[firm.name].add(code)
    texts = Counter(firm.row.raw for firm in firms)
    rows = [
        _times("the same row", texts),
        _times("the same code", Counter(codes)),
        _times("the same name", Counter(firm.name for firm in firms)),
        ("one code with several names", *_several(names_of)),
        ("one name with several codes", *_several(codes_of)),
    ]
    return Table(
        "duplicates",
        "Duplicates",
        "Values that occur more than once, and how often beyond the first; several names or codes count once each.",
        ("what repeats", "values", "beyond the first", "share of rows"),
        [(*row, share(int(row[2]), len(firms))) for row in rows],
    )


def _times(what: str, counts: Counter[str]) -> tuple[str, int, int]:
    several = [count for count in counts.values() if count > 1]
    return what, len(several), sum(several) - len(several)


def _several(found: Mapping[str, set[str]]) -> tuple[int, int]:
    sizes = [len(values) for values in found.values() if len(values) > 1]
    return len(sizes), sum(sizes) - len(sizes)
