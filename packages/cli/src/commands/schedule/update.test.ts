import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { loadSchema, messageFromJson } from '@perdure/api/json';
import type { Client, JsonObject } from '../../client/client.ts';
import { Message } from '../../client/message.ts';
import { testContext } from '../../testing.ts';
import { SCHEDULE } from '../schedule.ts';
import { update } from './update.ts';

const options = SCHEDULE.commands.find(({ path }) => path[1] === 'update')?.options ?? {};
const CONFLICT = new StatusError(code.FAILED_PRECONDITION, 'mismatched conflict token');

/** A server on which someone else changes the notes before each of the first updates. */
async function updatedAmongOthers(conflicts: number): Promise<JsonObject[]> {
  const schema = await loadSchema();
  const sent: JsonObject[] = [];
  const reply = (name: string, value: JsonObject) => {
    const typeName = `temporal.api.workflowservice.v1.${name}Response`;
    return new Message(schema, typeName, messageFromJson(schema, typeName, JSON.stringify(value)));
  };
  const call = async (method: string, request: JsonObject) => {
    if (method === 'DescribeSchedule') {
      const notes = `note ${sent.length}`;
      return reply(method, { schedule: { state: { notes } }, conflictToken: btoa(String(sent.length)) });
    }
    sent.push(request);
    if (sent.length <= conflicts) throw CONFLICT;
    return reply(method, {});
  };
  const context = testContext(options, ['--schedule-id', 'OrderCheck', '--jitter', '5m']);
  context.client = () => Promise.resolve({ namespace: 'default', identity: 'me', call } as unknown as Client);
  await update(context);
  return sent;
}

describe('an update of a schedule that others change at the same time', () => {
  it('is made of what they have left', async () => {
    const sent = await updatedAmongOthers(2);
    assert.equal(sent.length, 3);
    const last = sent.at(-1);
    assert.equal(last?.['conflictToken'], btoa('2'));
    const schedule = last?.['schedule'] as { state: unknown; spec: unknown };
    assert.deepEqual([schedule.state, schedule.spec], [{ notes: 'note 2' }, { jitter: '300s' }]);
  });

  it('is given up after ten attempts', async () => {
    assert.equal((await updatedAmongOthers(9)).length, 10);
    await assert.rejects(updatedAmongOthers(10), CONFLICT);
  });
});
