import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduleSpec } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import fc from 'fast-check';
import { fingerprint32 } from './fingerprint.ts';
import { jitterOf } from './jitter.ts';
import { compileSpec } from './spec.ts';

const compile = (init: Init<ScheduleSpec>) => compileSpec(ScheduleSpec.decode(ScheduleSpec.encode(init)));
const NOMINAL = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);

test('is the share of the range that the hash of the time and the seed is of all hashes', () => {
  fc.assert(
    fc.property(NOMINAL, fc.string(), fc.nat({ max: 2 ** 31 }), (nominalMs, seed, maxMs) => {
      // The time as Go writes it: a version, seconds since the year 1, nanoseconds, and -1 for UTC.
      const time = Buffer.alloc(15);
      time.writeUInt8(1, 0);
      time.writeBigInt64BE(BigInt(nominalMs / 1000) + 62_135_596_800n, 1);
      time.writeInt16BE(-1, 13);
      const hash = BigInt(fingerprint32(Buffer.concat([time, Buffer.from(seed)])));
      assert.equal(jitterOf(nominalMs, seed, maxMs), Number((hash * BigInt(maxMs)) >> 32n));
    }),
  );
});

test('is at least zero and less than the range, which is whole milliseconds and not above 2^32', () => {
  fc.assert(
    fc.property(NOMINAL, fc.string(), fc.nat({ max: 100_000 }), (nominalMs, seed, maxMs) => {
      const jitterMs = jitterOf(nominalMs, seed, maxMs);
      assert.ok(Number.isInteger(jitterMs) && jitterMs >= 0 && jitterMs < Math.max(1, maxMs));
      assert.equal(jitterOf(nominalMs, seed, maxMs), jitterMs);
      assert.equal(jitterOf(nominalMs, seed, maxMs + 0.9), jitterMs);
    }),
  );
  assert.equal(jitterOf(0, 'seed', 2 ** 40), jitterOf(0, 'seed', 2 ** 32 - 1));
  for (const none of [0, 0.9, -1000]) assert.equal(jitterOf(0, 'seed', none), 0);
});

test('depends on the time and on the seed, and fills the range evenly', () => {
  const seeds = Array.from({ length: 4000 }, (_, i) => `namespace-schedule-${i}`);
  const ofSeeds = seeds.map((seed) => jitterOf(1_700_000_000_000, seed, 1000));
  const ofTimes = seeds.map((_, i) => jitterOf(1_700_000_000_000 + i * 1000, 'seed', 1000));
  for (const jitters of [ofSeeds, ofTimes]) {
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = jitters.filter((ms) => Math.floor(ms / 100) === tenth).length;
      assert.ok(count > 300 && count < 500, `${count} of 4000 in tenth ${tenth}`);
    }
  }
});

test('a schedule acts before its next time, whatever its jitter is', () => {
  const { between } = compile({ cronString: ['0 9 * * *', '0 10 * * *'], jitter: 30 * 86_400_000 });
  const found = between(1_700_000_000_000, 1_710_000_000_000, 200, 'seed');
  assert.equal(found.length, 200);
  found.forEach(({ nextMs, nominalMs }, i) => {
    assert.ok(nextMs >= nominalMs && nextMs < (found[i + 1]?.nominalMs ?? Infinity));
  });
  assert.ok(found.some(({ nextMs, nominalMs }) => nextMs - nominalMs > 12 * 3_600_000));
});

test('the range is not longer than the jitter, and there is none without one', () => {
  const withJitter = compile({ cronString: ['@hourly'], jitter: 5000 }).between(0, 3_600_000 * 500, 500, 'seed');
  for (const { nextMs, nominalMs } of withJitter) assert.ok(nextMs - nominalMs < 5000);
  assert.ok(withJitter.some(({ nextMs, nominalMs }) => nextMs - nominalMs > 4900));
  for (const jitter of [undefined, 0, -5]) {
    const time = compile({ cronString: ['@hourly'], jitter }).next(0, 'seed');
    assert.deepEqual(time, { nominalMs: 3_600_000, nextMs: 3_600_000 });
  }
});

test('the last time of all has its jitter too, also beyond the end', () => {
  const endTime = Date.parse('2030-01-01T00:00:00Z');
  const last = compile({ cronString: ['0 0 1 1 * 2030'], jitter: 60_000, endTime }).next(0, 'seed');
  assert.equal(last?.nominalMs, endTime);
  assert.equal(last.nextMs, endTime + jitterOf(endTime, 'seed', 60_000));
  assert.ok(last.nextMs > endTime);
});
