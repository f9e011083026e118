import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { Writer } from '@perdure/api/wire';
import * as fc from 'fast-check';
import { decodeHistoryToken, encodeHistoryToken } from './history-token.ts';
import { decodeToken, encodeToken, type TaskToken, TokenKind } from './tokens.ts';

const eventId = fc.maxSafeNat();
const token: fc.Arbitrary<TaskToken> = fc.record({
  kind: fc.constantFrom(...Object.values(TokenKind)),
  namespaceId: fc.string(),
  workflowId: fc.string({ unit: 'grapheme' }),
  runId: fc.string({ minLength: 1 }),
  scheduledEventId: eventId,
  startedEventId: eventId,
  attempt: fc.nat(),
  startedMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
  queryId: fc.string(),
});

/** Whatever it is, it is refused as the caller's mistake, or taken; nothing else is thrown. */
function refuses(decode: () => unknown): boolean {
  try {
    decode();
    return false;
  } catch (error) {
    assert(error instanceof StatusError, String(error));
    assert.equal(error.code, code.INVALID_ARGUMENT);
    return true;
  }
}

test('a token comes back as it was', () => {
  fc.assert(
    fc.property(token, (given) => {
      assert.deepEqual(decodeToken(encodeToken(given), given.kind), { ...given });
    }),
  );
});

test('a token of another kind is refused', () => {
  fc.assert(
    fc.property(token, fc.constantFrom(...Object.values(TokenKind)), (given, kind) => {
      fc.pre(kind !== given.kind);
      assert(refuses(() => decodeToken(encodeToken(given), kind)));
    }),
  );
});

test('garbage is refused', () => {
  const garbage = fc.uint8Array({ maxLength: 200 });
  fc.assert(fc.property(garbage, (bytes) => assert(refuses(() => decodeToken(bytes, TokenKind.ACTIVITY)))));
});

test('an activity token that the Temporal service has made is read, and names no task of ours', () => {
  const writer = Writer.acquire();
  for (const [field, text] of [
    [1, 'namespace id'],
    [2, 'workflow id'],
    [3, 'run id'],
    [6, 'activity id'],
    [8, 'type'],
  ] as const) {
    writer.string(field * 8 + 2, text);
  }
  writer.uint64(4 * 8, 5);
  writer.uint64(5 * 8, 1);
  const bytes = writer.finish();
  const { namespaceId, workflowId, runId, scheduledEventId, startedMs } = decodeToken(bytes, TokenKind.ACTIVITY);
  assert.deepEqual([namespaceId, workflowId, runId], ['namespace id', 'workflow id', 'run id']);
  assert.deepEqual([scheduledEventId, startedMs], [5, 0]);
  assert(refuses(() => decodeToken(bytes, TokenKind.WORKFLOW_TASK)));
});

test('a token that was cut or changed is refused or is still a token, but nothing breaks', () => {
  fc.assert(
    fc.property(token, fc.nat(), fc.nat(255), fc.nat(), (given, at, byte, length) => {
      const bytes = encodeToken(given);
      bytes[at % bytes.length] = byte;
      refuses(() => decodeToken(bytes, given.kind));
      const cut = bytes.subarray(0, length % bytes.length);
      refuses(() => decodeToken(cut, given.kind));
    }),
    { numRuns: 1000 },
  );
});

test('the page token of a history comes back as it was', () => {
  const content = { runId: fc.string(), nextEventId: eventId, endEventId: eventId, transient: fc.boolean() };
  fc.assert(
    fc.property(fc.record(content), (given) => {
      assert.deepEqual(decodeHistoryToken(encodeHistoryToken(given)), { ...given });
    }),
  );
});

test('a page token that holds anything else is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const bytes = Buffer.from(text);
      refuses(() => decodeHistoryToken(bytes));
    }),
  );
  for (const fields of [[], ['run', -1, 0, false], ['run', 1.5, 0, false], ['run', 1, 0], [1, 1, 0, true], {}, null]) {
    assert(refuses(() => decodeHistoryToken(Buffer.from(JSON.stringify(fields)))));
  }
});
