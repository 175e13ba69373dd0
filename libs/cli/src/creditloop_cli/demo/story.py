"""What the demo found out, stage by stage; the same for people and machines."""

from typing import NamedTuple

from creditloop_cli.demo.logins import Login


class Clues(NamedTuple):
    """What the fictional platform received, and the clue it answered."""

    received: int
    refused: int
    answered: str
    action: str


class Drawn(NamedTuple):
    """The draw and its results.

    Attributes:
        population: Entities that could be drawn.
        strata: Drawn entities by stratum.
        findings: Reasons not to believe the draw's file; 0 means `verify-draw` accepts it.
        results: Verdicts on the results reported, `recorded` among them.
        discovery: Discovery rates by class at the draw, with Wilson's interval.
        usccs: The entities visited.
    """

    draw_id: str
    population: int
    strata: dict[str, int]
    drawn: int
    file: str
    findings: int
    results: dict[str, int]
    discovery: list[dict[str, object]]
    usccs: list[str]


class Console(NamedTuple):
    """Where the console is, and who may log in."""

    url: str
    logins: list[Login]


class Story(NamedTuple):
    """One turn of the loop.

    Attributes:
        posted: Facts of the city by type.
        verdicts: What ingestion said of them.
        signals: Open signals by family.
        classes: Entities by class, and their shares.
        records: Dishonesty records by kind and state.
        stopped: Records stopped by the daily run, by kind.
        notices: Notices by state.
        letter: The file of one letter, and which line of it.
        follow: An entity whose way is worth following.
        seconds: How long each stage took.
    """

    stack: str
    today: str
    entities: int
    posted: dict[str, int]
    verdicts: dict[str, int]
    signals: dict[str, int]
    classes: dict[str, int]
    shares: dict[str, float]
    records: dict[str, int]
    stopped: dict[str, int]
    notices: dict[str, int]
    letter: str
    draw: Drawn
    clues: Clues
    console: Console
    urls: dict[str, str]
    follow: str
    seconds: dict[str, float]

    def document(self) -> dict[str, object]:
        """The story for machines."""
        draw = self.draw._asdict()
        del draw["usccs"]
        console = {"url": self.console.url, "logins": [each._asdict() for each in self.console.logins]}
        return {**self._asdict(), "draw": draw, "clues": self.clues._asdict(), "console": console}
