"""Reads from the services' own statistics what came of the city."""

from collections import Counter
from pathlib import Path

from creditloop_cli.services import Services


async def signals(services: Services) -> dict[str, int]:
    """Open signals by family (预警)."""
    families = [signal["family"] async for signal in services.pages("profiling", "/v1/signals", open="true")]
    return dict(sorted(Counter(families).items()))


async def classes(services: Services) -> tuple[dict[str, int], dict[str, float]]:
    """Entities by class and their shares; cancelled and revoked ones are not counted."""
    found = await services.get("classification", "/v1/statistics/classes")
    mix = found["groups"][0] if found["groups"] else {"counts": {}, "shares": {}}
    return mix["counts"], mix["shares"]


async def records(services: Services) -> dict[str, int]:
    """Dishonesty records by kind and state (失信记录)."""
    counts: Counter[str] = Counter()
    for row in await services.get("repair", "/v1/statistics"):
        counts[f"{row['kind']} {row['state']}"] += row["records"]
    return dict(sorted(counts.items()))


async def notices(services: Services) -> dict[str, int]:
    """Notices by state (告知与提示)."""
    counts: Counter[str] = Counter()
    for row in await services.get("notification", "/v1/statistics"):
        if row["what"] == "notice":
            counts[row["state"]] += row["count"]
    return dict(sorted(counts.items()))


async def discovery(services: Services) -> list[dict[str, object]]:
    """Discovery rates by class at the draw, all strata together, each result weighted by its ratio (问题发现率)."""
    found = await services.get("classification", "/v1/reviews/discovery", by="class", stratum="all")
    rates: list[dict[str, object]] = found["rates"]
    return rates


async def one_letter(services: Services, outbox: Path, uscc: str) -> str:
    """The file of a letter to this entity and the notice's id, else any file of letters; empty where there is none."""
    page = await services.get("notification", "/v1/notices", uscc=uscc, state="delivered", limit=1)
    own = [(outbox / f"{notice['issued_on']}.jsonl", f" ({notice['notice_id']})") for notice in page["items"]]
    return _first_file(own, outbox)


def _first_file(own: list[tuple[Path, str]], outbox: Path) -> str:
    files = [*own, *((path, "") for path in sorted(outbox.glob("*.jsonl")))]
    return next((f"{path}{which}" for path, which in files if path.is_file()), "")
