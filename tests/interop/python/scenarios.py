"""What the client does and expects in each scenario."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError

from workflows import Activity, CleanUp, Count, CountDown, Hopeless, Listen, Parent, Retry, Timer


@dataclass
class Starter:
    client: Client
    task_queue: str

    async def start(self, workflow: Any, *args: Any, **options: Any) -> WorkflowHandle[Any, Any]:
        return await self.client.start_workflow(
            workflow.run, args=args, id=f"python-{uuid4()}", task_queue=self.task_queue, **options
        )


def equal(what: str, got: object, want: object) -> None:
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, not {want!r}")


async def activity(s: Starter) -> None:
    handle = await s.start(Activity, "Ada")
    equal("greeting", await handle.result(), "hello Ada")


async def retry(s: Starter) -> None:
    handle = await s.start(Retry, 3)
    equal("attempt", await handle.result(), 3)
    handle = await s.start(Hopeless)
    failed = await failure_of(handle)
    if not isinstance(failed, ActivityError) or not isinstance(failed.cause, ApplicationError):
        raise AssertionError(f"not the failure of the activity: {failed!r}")
    equal("type", failed.cause.type, "Hopeless")
    equal("details", list(failed.cause.details), ["a detail"])


async def timer(s: Starter) -> None:
    handle = await s.start(Timer, 0.3)
    slept = await handle.result()
    if slept < 0.3:
        raise AssertionError(f"slept {slept} s instead of 0.3")


async def signal(s: Starter) -> None:
    handle = await s.start(Listen, start_signal="say", start_signal_args=["one"])
    for word in ("two", "three", "stop"):
        await handle.signal(Listen.say, word)
    equal("heard", await handle.result(), ["one", "two", "three", "stop"])


async def query(s: Starter) -> None:
    handle = await s.start(Listen)
    equal("heard while it runs", await handle.query(Listen.heard), [])
    await handle.signal(Listen.say, "stop")
    await handle.result()
    equal("heard when it is closed", await handle.query(Listen.heard), ["stop"])
    try:
        await handle.query("never defined")
    except WorkflowQueryFailedError:
        return
    raise AssertionError("an unknown query was answered")


async def update(s: Starter) -> None:
    handle = await s.start(Count)
    accepted = await handle.start_update(Count.add, 5, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    equal("total", await accepted.result(), 5)
    equal("total", await handle.execute_update(Count.add, 5), 10)
    try:
        await handle.execute_update(Count.add, -1)
    except WorkflowUpdateFailedError as error:
        equal("reason", str(error.cause), "ValueError: only positive numbers")
    else:
        raise AssertionError("an invalid update was accepted")
    await handle.signal(Count.end)
    equal("total", await handle.result(), 10)


async def update_with_start(s: Starter) -> None:
    workflow_id = f"python-{uuid4()}"
    for call in (1, 2):
        start = WithStartWorkflowOperation(
            Count.run,
            id=workflow_id,
            task_queue=s.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        total = await s.client.execute_update_with_start_workflow(Count.add, 1, start_workflow_operation=start)
        equal("total", total, call)
    await s.client.get_workflow_handle(workflow_id).terminate()


async def child(s: Starter) -> None:
    child_id = f"python-child-{uuid4()}"
    handle = await s.start(Parent, child_id)
    equal("heard", await handle.result(), ["from the parent", "stop"])
    described = await s.client.get_workflow_handle(child_id).describe()
    equal("status", described.status, WorkflowExecutionStatus.COMPLETED)
    equal("parent", described.parent_id, handle.id)
    equal("parent's run", described.parent_run_id, handle.first_execution_run_id)


async def continue_as_new(s: Starter) -> None:
    handle = await s.start(CountDown, 3, [])
    equal("counted", await handle.result(), [3, 2, 1, 0])
    described = await s.client.get_workflow_handle(handle.id).describe()
    equal("status", described.status, WorkflowExecutionStatus.COMPLETED)
    first = described.raw_description.workflow_execution_info.first_run_id
    equal("first run", first, handle.first_execution_run_id)
    if described.run_id == first:
        raise AssertionError("the last run is the first one")


async def cancellation(s: Starter) -> None:
    handle = await s.start(CleanUp)
    await until_activity_runs(handle)
    await handle.cancel()
    failed = await failure_of(handle)
    if not isinstance(failed, CancelledError):
        raise AssertionError(f"not cancelled: {failed!r}")
    equal("status", (await handle.describe()).status, WorkflowExecutionStatus.CANCELED)


async def failure_of(handle: WorkflowHandle[Any, Any]) -> BaseException:
    try:
        result = await handle.result()
    except WorkflowFailureError as error:
        return error.cause
    raise AssertionError(f"it succeeded with {result!r}")


async def until_activity_runs(handle: WorkflowHandle[Any, Any]) -> None:
    while True:
        pending = (await handle.describe()).raw_description.pending_activities
        if pending and pending[0].state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            return
        await asyncio.sleep(0.02)


SCENARIOS: dict[str, Callable[[Starter], Awaitable[None]]] = {
    "activity": activity,
    "retry": retry,
    "timer": timer,
    "signal": signal,
    "query": query,
    "update": update,
    "update-with-start": update_with_start,
    "child": child,
    "continue-as-new": continue_as_new,
    "cancellation": cancellation,
}
