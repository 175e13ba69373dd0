"""People find an entity by what they remember of it."""

from profiling_service.model.searching import Hit
from profiling_service.ports.searching import SearchReads
from profiling_service.rules.searching.asking import question
from profiling_service.rules.searching.ranking import ranked, shortlist

_MOST_EXACT, _MOST_NEAR = 1000, 300
"""So many are looked at that have what was typed; and so many for each place of a slip."""
_SHORTLIST = 60
_SHORT = 8
"""Something longer that somebody has as it was typed is what was meant."""


async def search(typed: str, area_code: str | None, limit: int, reads: SearchReads) -> list[Hit]:
    """The entities that are meant, best first; who has it but for a slip only when there is room beside who has it."""
    asked = question(typed)
    seen = await reads.asked(asked.exact(), area_code, _MOST_EXACT)
    usccs = set(await reads.beginning(asked.code, asked.person, area_code, limit))
    usccs.update(shortlist(asked, seen, max(_SHORTLIST, limit)))
    hits = ranked(asked, await reads.entities(usccs, area_code), limit)
    if len(hits) == limit or (len(asked.name) > _SHORT and any(hit.match.asked == 1 for hit in hits)):
        return hits
    near = await reads.asked(asked.near(), area_code, _MOST_NEAR)
    usccs |= {*shortlist(asked, near, max(_SHORTLIST, limit)), *asked.near_codes()}
    return ranked(asked, await reads.entities(usccs, area_code), limit)
