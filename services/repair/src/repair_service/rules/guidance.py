"""What an enterprise reads about its own record: what to do, and by when; nothing of how it is supervised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from repair_service.model import Ruling, Stop, Tier


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wording in Chinese and English."""

    zh: str
    en: str


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Wordings of conditions and of sentences, by code."""

    conditions: Mapping[str, Text]
    sentences: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do and by when, in Chinese and English."""

    zh: str
    en: str


def advice(ruled: Ruling, stop: Stop | None, phrases: Phrases) -> Advice:
    """What the owner of a record should do, and by when it ends."""
    texts = _texts(ruled, stop, phrases)
    return Advice("".join(text.zh for text in texts), " ".join(text.en for text in texts))


def _texts(ruled: Ruling, stop: Stop | None, phrases: Phrases) -> list[Text]:
    sentences = phrases.sentences
    if ruled.tier is Tier.NEVER_PUBLISHED:
        return [sentences["never_published"]]
    if stop is not None:
        return [_dated(sentences["stopped"], stop.on)]
    if ruled.apply_from is None:
        texts = [sentences["no_early"]]
    else:
        texts = [_dated(sentences["apply_from"], ruled.apply_from), *_conditions(ruled, phrases)]
    ends = sentences["no_day"] if ruled.stops_on is None else _dated(sentences["stops_on"], ruled.stops_on)
    return [*texts, ends]


def _conditions(ruled: Ruling, phrases: Phrases) -> list[Text]:
    if not ruled.conditions:
        return []
    named = [phrases.conditions[code] for code in ruled.conditions]
    sentence = phrases.sentences["conditions"]
    zh = sentence.zh.format(list="、".join(text.zh for text in named))
    return [Text(zh, sentence.en.format(list="; ".join(text.en for text in named)))]


def _dated(text: Text, day: date) -> Text:
    return Text(text.zh.format(day=day.isoformat()), text.en.format(day=day.isoformat()))
