"""Public seeds: which texts can be the seed of a draw is fixed in its commitment, so that one event is one text.

A format is either `digits N`: exactly N digits, as a public lottery announces its numbers, in the order announced and
with nothing between them; or `decimal N`: a figure of at least three digits before the point and exactly N after it,
as an index closes. Both are project-chosen: a spelling more is a draw more to choose from, and a seed with few values
could be outweighed by trying many secrets.
"""

import re
from typing import Final

FORMAT: Final = re.compile(r"digits ([6-9]|[1-5][0-9]|60)|decimal [2-6]")


def fits(seed: str, seed_format: str) -> bool:
    """Whether the text is a seed of this format; `seed_format` is one that `FORMAT` allows."""
    kind, _, count = seed_format.partition(" ")
    pattern = f"[0-9]{{{count}}}" if kind == "digits" else rf"[1-9][0-9]{{2,9}}\.[0-9]{{{count}}}"
    return re.fullmatch(pattern, seed) is not None
