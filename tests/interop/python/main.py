"""Scenarios of the official Python SDK against the server at the given address. Prints one line for each:
`ok <name>` or `not ok <name> <reason>`; tests/interop/run.ts reads them.

    main.py <address>
"""

import asyncio
import os
import sys
from datetime import timedelta
from uuid import uuid4

from temporalio.client import Client
from temporalio.worker import Worker

from scenarios import SCENARIOS, Starter
from workflows import ACTIVITIES, WORKFLOWS

SCENARIO_SECONDS_MAX = 20


async def main(address: str) -> None:
    client = await Client.connect(address)
    task_queue = f"python-{uuid4()}"
    worker = Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=ACTIVITIES,
        max_heartbeat_throttle_interval=timedelta(milliseconds=100),
    )
    async with worker:
        for name, scenario in SCENARIOS.items():
            try:
                async with asyncio.timeout(SCENARIO_SECONDS_MAX):
                    await scenario(Starter(client, task_queue))
                print(f"ok {name}", flush=True)
            except Exception as error:
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                print(f"not ok {name} {reason}", flush=True)


asyncio.run(main(sys.argv[1]))
# Threads of the SDK that are still at work can bring the interpreter down while it takes itself apart.
os._exit(0)
