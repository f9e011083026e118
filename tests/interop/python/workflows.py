"""Workflows and activities of the scenarios."""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception


@activity.defn
async def greet(name: str) -> str:
    return f"hello {name}"


@activity.defn
async def fail_until(attempt: int) -> int:
    now = activity.info().attempt
    if now < attempt:
        raise RuntimeError(f"attempt {now} fails")
    return now


@activity.defn
async def fail_for_good() -> None:
    raise ApplicationError("hopeless", "a detail", type="Hopeless", non_retryable=True)


@activity.defn
async def until_cancelled() -> None:
    """Learns of its cancellation by its heartbeats."""
    while True:
        activity.heartbeat()
        await asyncio.sleep(0.05)


OPTIONS = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(seconds=10),
    heartbeat_timeout=timedelta(seconds=2),
    cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20)),
)


@workflow.defn
class Activity:
    @workflow.run
    async def run(self, name: str) -> str:
        return await workflow.execute_activity(greet, name, **OPTIONS)


@workflow.defn
class Retry:
    @workflow.run
    async def run(self, until: int) -> int:
        return await workflow.execute_activity(fail_until, until, **OPTIONS)


@workflow.defn
class Hopeless:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(fail_for_good, **OPTIONS)


@workflow.defn
class Timer:
    @workflow.run
    async def run(self, seconds: float) -> float:
        began = workflow.now()
        await asyncio.sleep(seconds)
        return (workflow.now() - began).total_seconds()


@workflow.defn
class Listen:
    """Collects the words that it is signalled, until `stop`."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: "stop" in self._heard)
        return self._heard

    @workflow.signal
    def say(self, word: str) -> None:
        self._heard.append(word)

    @workflow.query
    def heard(self) -> list[str]:
        return self._heard


@workflow.defn
class Count:
    """Adds up what its updates bring, until a signal ends it. An update does an activity before it answers."""

    def __init__(self) -> None:
        self._total = 0
        self._ended = False

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._ended)
        return self._total

    @workflow.signal
    def end(self) -> None:
        self._ended = True

    @workflow.update
    async def add(self, number: int) -> int:
        await workflow.execute_activity(greet, "update", **OPTIONS)
        self._total += number
        return self._total

    @add.validator
    def only_positive(self, number: int) -> None:
        if number <= 0:
            raise ValueError("only positive numbers")


@workflow.defn
class Parent:
    """Starts a child that listens, tells it two words, and returns what the child heard."""

    @workflow.run
    async def run(self, child_id: str) -> list[str]:
        child = await workflow.start_child_workflow(Listen.run, id=child_id)
        for word in ("from the parent", "stop"):
            await child.signal(Listen.say, word)
        return await child


@workflow.defn
class CountDown:
    """Counts one number in each run, and goes on as the next."""

    @workflow.run
    async def run(self, start: int, counted: list[int]) -> list[int]:
        counted.append(start)
        if start > 0:
            workflow.continue_as_new(args=[start - 1, counted])
        return counted


@workflow.defn
class CleanUp:
    """Is cancelled while its activity runs, and does another activity before it obeys."""

    @workflow.run
    async def run(self) -> None:
        try:
            await workflow.execute_activity(until_cancelled, **OPTIONS)
        except ActivityError as error:
            if not is_cancelled_exception(error):
                raise
            await workflow.execute_activity(greet, "clean-up", **OPTIONS)
            raise


ACTIVITIES = [greet, fail_until, fail_for_good, until_cancelled]
WORKFLOWS = [Activity, Retry, Hopeless, Timer, Listen, Count, Parent, CountDown, CleanUp]
