"""One turn of the loop: collect, profile, sense, classify, dispose, review.

信息归集 – 精准画像 – 智能感知 – 科学分类 – 高效处置 – 结果回溯
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from localstack import Stack
from localstack.services import CONSOLE

from creditloop_cli.city.generate import City, generate
from creditloop_cli.city.sources import CITY_SOURCES
from creditloop_cli.demo import draw, figures, logins, platform
from creditloop_cli.demo.fresh import start_fresh
from creditloop_cli.demo.pace import Pace, drain
from creditloop_cli.demo.receiver import receiving
from creditloop_cli.demo.story import Clues, Console, Drawn, Story
from creditloop_cli.errors import Refused, TooSlow
from creditloop_cli.loading.post import post_facts
from creditloop_cli.loading.tally import Tally
from creditloop_cli.local import outbox_folder
from creditloop_cli.services import Services, open_services
from creditloop_cli.sources import source_key

_CONNECTIONS = 2
_RUNS_OF_A_DAY = ("profiling", "repair", "notification")
_PATIENCE_S = 60.0
_POLL_S = 0.25


@dataclass(frozen=True)
class Order:
    """What to demonstrate: how many entities, from which seed, on which business day, on which stack."""

    entities: int
    seed: int
    today: date
    stack: str


async def turn(stack: Stack, order: Order) -> Story:
    """The loop has turned once, from an empty stack; the stack runs on."""
    pace = Pace()
    with pace.stage("start the stack 启动"):
        await start_fresh(stack)
    async with open_services(stack) as services:
        return await _Turn(stack, order, services, pace).run()


@dataclass(frozen=True)
class _Turn:
    stack: Stack
    order: Order
    services: Services
    pace: Pace

    async def run(self) -> Story:
        with receiving() as receiver:
            await platform.subscribe(self.services, receiver)
            with self.pace.stage("make a city 生成城市"):
                city = generate(self.order.entities, self.order.seed, self.order.today)
            tally = await self._collect(city)
            stopped = await self._run_day()
            drawn = await self._review(city)
            with self.pace.stage("clues and letters 线索与文书"):
                await platform.receive_all(self.services, receiver)
                clues = await platform.answer_one(self.services, receiver, self.order.stack, drawn.usccs)
                await self._letters()
        return await self._story(city, tally, stopped, drawn, clues)

    async def _console(self) -> Console:
        """Somebody of every role may log in to the console."""
        with self.pace.stage("logins of the console 控制台账号"):
            made = await logins.seed(self.stack, self.services)
        return Console(self.stack.service_url(CONSOLE), made)

    async def _collect(self, city: City) -> Tally:
        """All facts are posted in order of time, and have arrived everywhere."""
        state = self.stack.layout.state
        keys = {name: source_key(state, name) for name in CITY_SOURCES}
        with self.pace.stage("post two years of facts 信息归集", city.facts) as bar:
            tally = await post_facts(
                self.services.urls["ingestion"],
                keys,
                city.batches(lanes=_CONNECTIONS),
                connections=_CONNECTIONS,
                advance=bar.advance,
            )
        if tally.rejected:
            raise Refused(f"ingestion rejected {tally.rejected} facts of the city: {tally.rejections[0]}")
        with self.pace.stage("profile, sense, classify 画像、感知、分类") as bar:
            await drain(self.services, bar)
        return tally

    async def _run_day(self) -> dict[str, int]:
        """The day has been run in every service that has one; how many records stopped, by kind."""
        stopped: dict[str, int] = {}
        day = {"day": self.order.today.isoformat()}
        with self.pace.stage("run the day 日终处理") as bar:
            for service in _RUNS_OF_A_DAY:
                done = await self._run_until_complete(service, day)
                stopped = done.get("stopped_on_day", stopped)
                await drain(self.services, bar)
        return stopped

    async def _run_until_complete(self, service: str, day: dict[str, str]) -> dict[str, Any]:
        """A run that was cut short goes on where it stopped when it is asked for again."""
        while True:
            done: dict[str, Any] = await self.services.post(service, "/v1/daily-runs", day)
            if done.get("complete", True):
                return done

    async def _review(self, city: City) -> Drawn:
        """A draw was made and verified, its visits have results, and these are back as facts."""
        with self.pace.stage("draw 双随机抽取"):
            made = await draw.make(self.services, self.stack.layout.state)
        with self.pace.stage("inspect and review 检查与结果回溯") as bar:
            results = await draw.inspect(self.services, made, city.problem_share(), self.order.seed)
            await drain(self.services, bar)
        return made.told(results, await figures.discovery(self.services))

    async def _letters(self) -> None:
        """No notice waits to be delivered.

        Raises:
            TooSlow: Some do after a minute.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while planned := (await figures.notices(self.services)).get("planned"):
            if time.monotonic() > deadline:
                raise TooSlow(f"{planned} notices wait to be delivered after {_PATIENCE_S:g} s")
            await asyncio.sleep(_POLL_S)

    async def _story(
        self, city: City, tally: Tally, stopped: dict[str, int], drawn: Drawn, clues: Clues
    ) -> Story:
        counts, shares = await figures.classes(self.services)
        follow = clues.answered or drawn.usccs[0]
        return Story(
            stack=self.order.stack,
            today=self.order.today.isoformat(),
            entities=self.order.entities,
            posted=city.counts(),
            verdicts=tally.counts(),
            signals=await figures.signals(self.services),
            classes=counts,
            shares=shares,
            records=await figures.records(self.services),
            stopped=stopped,
            notices=await figures.notices(self.services),
            letter=await figures.one_letter(self.services, outbox_folder(self.stack.layout.state), follow),
            draw=drawn,
            clues=clues,
            console=await self._console(),
            urls=dict(self.services.urls),
            follow=follow,
            seconds=self.pace.seconds,
        )
