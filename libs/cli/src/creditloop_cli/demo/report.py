"""The story of one turn as a table that a newcomer understands, stage by stage in the order of the loop."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from creditloop_cli.commands.options import DEFAULT_STACK
from creditloop_cli.demo.draw import PUBLIC_SEED
from creditloop_cli.demo.story import Story
from creditloop_cli.output import console

Line = tuple[str, str, str]


def show(story: Story) -> None:
    """The table, the addresses, and what to do next."""
    out = console()
    table = Table("stage 环节", "what happened 事项", "how many 数量", pad_edge=False)
    for stage, what, count in lines(story):
        table.add_row(f"[bold]{stage}[/]" if stage else "", escape(what), escape(count))
    out.print(
        f"\n[bold]creditloop demo[/]: a fictional city on {story.today}; every name and code in it is invented 虚构\n"
    )
    out.print(table)
    _show_places(story, out)


def _show_places(story: Story, out: Console) -> None:
    """Addresses, files, and what to do next on this very stack."""
    option = "" if story.stack == DEFAULT_STACK else f" --stack {story.stack}"
    out.print(
        f"\nServices 服务 (for staff routes: `creditloop login city_administrator{option}` prints a token)"
    )
    for name, url in story.urls.items():
        out.print(f"  {name:15} {url}")
    _show_logins(story, out)
    out.print(f"\nOne letter 一份文书: {story.letter}", soft_wrap=True)
    out.print(f"The draw's file 抽取文件: {story.draw.file}", soft_wrap=True)
    out.print("\nNext 下一步:")
    out.print(f"  creditloop follow {story.follow}{option}")
    out.print(f"  creditloop audit{option}")
    out.print(f"  creditloop verify-draw {story.draw.file}", soft_wrap=True)
    out.print(f"  creditloop down{option}")


def _show_logins(story: Story, out: Console) -> None:
    """One login per role, and where."""
    table = Table("user 用户名", "password 密码", "role 角色", "area 区域", "acts for 代表", pad_edge=False)
    for each in story.console.logins:
        whom = each.entity or each.platform or each.source or ""
        table.add_row(each.username, escape(each.password), each.role, each.area or "", whom)
    out.print(f"\nConsole 控制台: [bold]{story.console.url}[/]")
    out.print(table)


def lines(story: Story) -> Iterator[Line]:
    """The table's rows; a stage is named on its first row only."""
    for stage, rows in _stages(story).items():
        for number, (what, count) in enumerate(rows):
            yield (stage if number == 0 else "", what, count)


def _stages(story: Story) -> dict[str, list[tuple[str, str]]]:
    return {
        "collect 信息归集": _collected(story),
        "profile 精准画像": [("entities 经营主体", f"{story.entities:,}")],
        "sense 智能感知": [
            (f"open signals: {family}", f"{count:,}") for family, count in story.signals.items()
        ],
        "classify 科学分类": _classified(story),
        "dispose 高效处置": _disposed(story),
        "review 结果回溯": _reviewed(story),
        "repair 信用修复": _repaired(story),
        "inform 告知与共治": _informed(story),
    }


def _collected(story: Story) -> list[tuple[str, str]]:
    posted = sum(story.posted.values())
    rows = [("facts posted in order of time, two years 报送事实", f"{posted:,}")]
    rows += [(f"  {kind}", f"{count:,}") for kind, count in story.posted.items()]
    return rows + [(f"  verdict: {verdict}", f"{count:,}") for verdict, count in story.verdicts.items()]


def _classified(story: Story) -> list[tuple[str, str]]:
    names = {"A": "low 低", "B": "ordinary 一般", "C": "higher 较高", "D": "high 高"}
    return [
        (
            f"class {letter}, risk {names[letter]} (internal 内部使用)",
            f"{count:,}  {story.shares[letter]:.1%}",
        )
        for letter, count in story.classes.items()
    ]


def _disposed(story: Story) -> list[tuple[str, str]]:
    draw = story.draw
    verdict = "accepted 通过" if not draw.findings else f"REFUSED, {draw.findings} findings"
    return [
        ("draw: population 抽取总体", f"{draw.population:,}"),
        *((f"  drawn: {stratum}", f"{count:,}") for stratum, count in draw.strata.items()),
        ("  drawn in all 抽中", f"{draw.drawn:,}"),
        (f"  seed, fixed for the demo and so no real lot: {PUBLIC_SEED}", ""),
        ("  verify-draw 验证", verdict),
    ]


def _reviewed(story: Story) -> list[tuple[str, str]]:
    rows = [
        (f"results {verdict} 检查结果（虚构）", f"{count:,}") for verdict, count in story.draw.results.items()
    ]
    return rows + [
        (f"discovery rate, class {rate['group']} 问题发现率", _rate(rate)) for rate in story.draw.discovery
    ]


def _rate(rate: Mapping[str, object]) -> str:
    share, low, high = rate["rate"], rate["low"], rate["high"]
    if not isinstance(share, float) or not isinstance(low, float) or not isinstance(high, float):
        return "–"
    return f"{share:.1%} ({low:.1%}–{high:.1%})  {rate['problems']}/{rate['valid']}"


def _repaired(story: Story) -> list[tuple[str, str]]:
    rows = [(f"records: {kind} 失信记录", f"{count:,}") for kind, count in story.records.items()]
    stopped = sum(story.stopped.values())
    return [*rows, ("publicity stopped by the daily run, no application 届满自动停止", f"{stopped:,}")]


def _informed(story: Story) -> list[tuple[str, str]]:
    clues = story.clues
    answered = f"{clues.answered}: {clues.action}" if clues.answered else "none"
    return [
        *((f"notices {state} 告知与提示", f"{count:,}") for state, count in story.notices.items()),
        ("clues received by the platform, signature good 平台线索", f"{clues.received:,}"),
        ("clue answered by the platform 平台反馈", answered),
    ]
