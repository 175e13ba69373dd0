"""Many phrases looked for at once: at each place the longest, and none inside another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, Generic, TypeVar

Meaning = TypeVar("Meaning")
_END: Final = ""
_BRANCHES: Final = 32
"""First characters behind one guard: a place is dismissed by a few guards, not by hundreds of branches."""


class Phrases(Generic[Meaning]):
    """Phrases compiled into one regular expression, a tree by their characters, so that no prefix is read twice."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = meanings
        self._expression = _compiled(_tree(meanings))

    def get(self, phrase: str) -> Meaning | None:
        """What the phrase means by itself."""
        return self._meanings.get(phrase)

    def find(self, text: str) -> list[tuple[int, str, Meaning]]:
        """Where which phrase stands in the text, from left to right."""
        meanings = self._meanings
        return [(match.start(), match[0], meanings[match[0]]) for match in self._expression.finditer(text)]


def joined(rows: Iterable[tuple[str, Meaning]]) -> dict[str, Meaning]:
    """Phrases separated by spaces, each with its row's meaning; a later row wins."""
    return {phrase: meaning for phrases, meaning in rows for phrase in phrases.split()}


def _tree(phrases: Iterable[str]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for phrase in phrases:
        node = root
        for character in phrase:
            node = node.setdefault(character, {})
        node[_END] = {}
    return root


def _compiled(tree: Mapping[str, Any]) -> re.Pattern[str]:
    guarded = [f"(?={_any_of(branch)})(?:{_branches(branch)})" for branch in _in_groups(tree)]
    return re.compile(f"(?={_any_of(tree)})(?:{'|'.join(guarded)})" if tree else r"(?!)")


def _in_groups(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    rest = iter(tree.items())
    while group := dict(islice(rest, _BRANCHES)):
        yield group


def _any_of(tree: Mapping[str, Any]) -> str:
    return f"[{''.join(map(re.escape, tree))}]"


def _branches(tree: Mapping[str, Any]) -> str:
    return "|".join(re.escape(character) + _rest(tree[character]) for character in tree if character != _END)


def _rest(tree: Mapping[str, Any]) -> str:
    """What may follow; greedy, so that the longest phrase is found."""
    branches = _branches(tree)
    return f"(?:{branches}){'?' if _END in tree else ''}" if branches else ""
