import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { OptionTable } from '../table/options.ts';
import { PAYLOAD_INPUT } from '../table/sets.ts';
import { testContext } from '../testing.ts';
import { inputPayloads, namedPayloads } from './inputs.ts';

async function inputs(args: readonly string[], stdin?: string) {
  const given = await inputPayloads(testContext(PAYLOAD_INPUT, args, stdin));
  return given?.payloads.map(({ metadata, data }) => {
    const entries = Object.entries(metadata).map(([key, value]) => [key, decoded(value)]);
    return [decoded(data), Object.fromEntries(entries) as Record<string, string>] as const;
  });
}

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString();
const JSON_PLAIN = { encoding: 'json/plain' };

describe('inputPayloads', () => {
  it('has each argument as it was written', async () => {
    assert.equal(await inputs([]), undefined);
    assert.deepEqual(await inputs(['-i', '{"a": 1}', '--input', '1e400']), [
      ['{"a": 1}', JSON_PLAIN],
      ['1e400', JSON_PLAIN],
    ]);
  });

  it('takes every JSON', async () => {
    const json = fc.json();
    await fc.assert(
      fc.asyncProperty(json, async (text) => assert.deepEqual(await inputs([`--input=${text}`]), [[text, JSON_PLAIN]])),
    );
  });

  it('says which argument is no JSON, and where', async () => {
    await assert.rejects(inputs(['-i', '1', '-i', '{"a":}']), /^UsageError: --input 2 is not JSON .*line 1:6/);
    await assert.rejects(inputs(['-i', 'Order']), /^UsageError: --input is not JSON \(texts need quotes/);
  });

  it('reads files, and standard input', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inputs-test-'));
    try {
      const file = join(folder, 'order.json');
      writeFileSync(file, '[1]\n');
      assert.deepEqual(await inputs(['--input-file', file, '--input-file', '-'], '"in"'), [
        ['[1]\n', JSON_PLAIN],
        ['"in"', JSON_PLAIN],
      ]);
      writeFileSync(file, '[1');
      await assert.rejects(inputs(['--input-file', file]), /--input-file .*order\.json is not JSON/);
      await assert.rejects(inputs(['--input-file', join(folder, 'none')]), { code: 'ENOENT' });
    } finally {
      rmSync(folder, { recursive: true });
    }
    await assert.rejects(inputs(['--input-file', '-', '-i', '1']), /--input does not go with --input-file/);
  });

  it('refuses to read standard input twice, for whichever message', async () => {
    const twice = /^UsageError: standard input can be read once, but "-" is given 2 times/;
    await assert.rejects(inputs(['--input-file', '-', '--input-file', '-'], '1'), twice);
    const options: OptionTable = { ...PAYLOAD_INPUT, 'signal-input-file': PAYLOAD_INPUT['input-file'] };
    const context = testContext(options, ['--input-file', '-', '--signal-input-file', '-'], '1');
    await assert.rejects(inputPayloads(context), twice);
  });

  it('gives arguments their metadata in order, and the first to all others', async () => {
    const meta = ['encoding=json/protobuf', 'messageType=Order', 'messageType=Item'];
    const args = [...['1', '2', '3'].flatMap((one) => ['-i', one]), ...meta.flatMap((one) => ['--input-meta', one])];
    assert.deepEqual(await inputs(args), [
      ['1', { encoding: 'json/protobuf', messageType: 'Order' }],
      ['2', { encoding: 'json/protobuf', messageType: 'Item' }],
      ['3', { encoding: 'json/protobuf', messageType: 'Order' }],
    ]);
    assert.deepEqual(await inputs(['-i', 'Order', '--input-meta', 'encoding=binary/plain']), [
      ['Order', { encoding: 'binary/plain' }],
    ]);
  });

  it('refuses more metadata than there are arguments', async () => {
    const meta = ['encoding=json/plain', 'encoding=binary/plain'].flatMap((one) => ['--input-meta', one]);
    assert.equal((await inputs(['-i', '1', '-i', '2', ...meta]))?.length, 2);
    const surplus = /^UsageError: --input-meta encoding=\.\.\. is given 2 times, for 1 argument\(s\)/;
    await assert.rejects(inputs(['-i', '1', ...meta]), surplus);
    await assert.rejects(
      inputs(['--input-meta', 'a=b']),
      /--input-meta a=\.\.\. is given 1 times, for 0 argument\(s\)/,
    );
  });

  it('reads base64, and checks what is in it', async () => {
    const base64 = (text: string) => ['-i', Buffer.from(text).toString('base64'), '--input-base64'];
    assert.deepEqual(await inputs(base64('{}')), [['{}', JSON_PLAIN]]);
    assert.deepEqual(await inputs([...base64('plain'), '--input-meta', 'encoding=binary/plain']), [
      ['plain', { encoding: 'binary/plain' }],
    ]);
    await assert.rejects(inputs(base64('plain')), /is not JSON/);
    await assert.rejects(inputs(['-i', 'e30', '--input-base64']), /--input is not base64/);
  });
});

describe('namedPayloads', () => {
  const options = {
    memo: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: '' },
  } as const satisfies OptionTable;

  it('has JSON under names', () => {
    const memo = namedPayloads(testContext(options, ['--memo', 'a=1', '--memo', 'b="x=y"']), 'memo');
    assert.deepEqual(
      Object.entries(memo ?? {}).map(([key, { data }]) => [key, decoded(data)]),
      [
        ['a', '1'],
        ['b', '"x=y"'],
      ],
    );
    assert.equal(namedPayloads(testContext(options, []), 'memo'), undefined);
    assert.throws(
      () => namedPayloads(testContext(options, ['--memo', 'a=b']), 'memo'),
      /the value of a in --memo is not JSON/,
    );
  });
});
