import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTimeZoneFile } from './time-zone-file.ts';
import { namedZone } from './zone.ts';

const HOUR = 3600;

interface File {
  readonly version?: string;
  /** Epoch seconds and the type that begins then. */
  readonly changes?: readonly (readonly [number, number])[];
  readonly offsets?: readonly number[];
  readonly rule?: string;
  readonly leapSeconds?: number;
}

/** A file as the RFC lays it out: a body with times of 32 bits, then (from version 2 on) one with 64, and the rule. */
function file({ changes = [], leapSeconds = 0, offsets = [0], rule = '', version = '2' }: File): Uint8Array {
  const body = (timeBytes: 4 | 8, withContent: boolean) => {
    const used = withContent ? changes : [];
    const header = Buffer.alloc(44);
    header.write('TZif');
    if (version !== '1') header.write(version, 4);
    [0, 0, withContent ? leapSeconds : 0, used.length, offsets.length, 4].forEach((n, i) =>
      header.writeUInt32BE(n, 20 + i * 4),
    );
    const times = used.map(([time]) => {
      const bytes = Buffer.alloc(timeBytes);
      if (timeBytes === 8) bytes.writeBigInt64BE(BigInt(time));
      else bytes.writeInt32BE(time);
      return bytes;
    });
    const types = offsets.map((offset) => {
      const bytes = Buffer.alloc(6);
      bytes.writeInt32BE(offset);
      return bytes;
    });
    const leaps = Buffer.alloc((withContent ? leapSeconds : 0) * (timeBytes + 4));
    return Buffer.concat([
      header,
      ...times,
      Buffer.from(used.map(([, type]) => type)),
      ...types,
      Buffer.alloc(4),
      leaps,
    ]);
  };
  if (version === '1') return body(4, true);
  return Buffer.concat([body(4, false), body(8, true), Buffer.from(`\n${rule}\n`)]);
}

function offsetsAt(bytes: Uint8Array, ...times: string[]): number[] {
  const zone = parseTimeZoneFile(bytes);
  assert.ok(zone);
  return times.map((time) => zone.offsetAt(Date.parse(time)) / 1000 / HOUR);
}

const seconds = (time: string) => Date.parse(time) / 1000;
const CHANGES = [
  [seconds('2001-05-01T00:00:00Z'), 1],
  [seconds('2001-05-02T00:00:00Z'), 0],
  [seconds('2060-01-01T00:00:00Z'), 2],
] as const;
const OFFSETS = [HOUR, 2 * HOUR, -5 * HOUR];

test('changes of the clocks, also two on consecutive days, and none after the last one', () => {
  const times = [
    '1990-01-01',
    '2001-05-01T00:00:00Z',
    '2001-05-01T23:59:59Z',
    '2001-05-02',
    '2059-12-31',
    '2060-01-01',
  ];
  const expected = [1, 2, 2, 1, 1, -5];
  assert.deepEqual(offsetsAt(file({ changes: CHANGES, offsets: OFFSETS }), ...times), expected);
  const old = file({ changes: CHANGES.slice(0, 2), offsets: OFFSETS, version: '1' });
  assert.deepEqual(offsetsAt(old, ...times.slice(0, 5)), expected.slice(0, 5));
});

test('after the last change comes the rule', () => {
  const bytes = file({ changes: CHANGES.slice(0, 2), offsets: OFFSETS, rule: 'CET-1CEST,M3.5.0,M10.5.0/3' });
  assert.deepEqual(offsetsAt(bytes, '2001-05-01T12:00:00Z', '2001-06-01', '2091-01-01', '2091-07-01'), [2, 2, 1, 2]);
  const zone = parseTimeZoneFile(bytes);
  assert.equal(zone?.periodAt(Date.parse('2001-05-01T12:00:00Z')).untilMs, Date.parse('2001-05-02T00:00:00Z'));
  assert.equal(zone?.periodAt(Date.parse('2091-01-01')).untilMs, Date.parse('2091-03-25T01:00:00Z'));
});

test('rules say what the zones do that they are of', () => {
  const rules = {
    'CET-1CEST,M3.5.0,M10.5.0/3': 'Europe/Berlin',
    'EST5EDT,M3.2.0,M11.1.0': 'America/New_York',
    '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0': 'Australia/Lord_Howe',
    // Its winter time is the exception.
    'IST-1GMT0,M10.5.0,M3.5.0/1': 'Europe/Dublin',
    // Changes on the evening of the day before.
    '<-02>2<-01>,M3.5.0/-1,M10.5.0/0': 'America/Nuuk',
    'EET-2EEST,M3.4.4/50,M10.4.4/50': 'Asia/Gaza',
    '<+0545>-5:45': 'Asia/Kathmandu',
  };
  const times = fc.integer({ min: seconds('2088-01-01'), max: seconds('2099-12-31') });
  for (const [rule, name] of Object.entries(rules)) {
    const zone = parseTimeZoneFile(file({ rule }));
    assert.ok(zone, rule);
    fc.assert(
      fc.property(times, (time) => {
        const text = `${name} ${new Date(time * 1000).toISOString()}`;
        assert.equal(zone.offsetAt(time * 1000), namedZone(name)?.offsetAt(time * 1000), text);
      }),
      { numRuns: 300 },
    );
  }
});

test('days of a rule that are counted, with and without 29 February', () => {
  const counted = file({ rule: 'AAA0BBB,J60,J61' });
  const [beforeMs, startMs] = [Date.parse('2024-03-01T01:59:59Z'), Date.parse('2024-03-01T02:00:00Z')];
  assert.equal(parseTimeZoneFile(counted)?.periodAt(beforeMs).untilMs, startMs);
  const withLeapDay = parseTimeZoneFile(file({ rule: 'AAA0BBB,59,60' }));
  assert.equal(withLeapDay?.periodAt(Date.parse('2024-02-01')).untilMs, Date.parse('2024-02-29T02:00:00Z'));
  assert.equal(withLeapDay?.periodAt(Date.parse('2023-02-01')).untilMs, Date.parse('2023-03-01T02:00:00Z'));
});

test('a summer time that never ends', () => {
  const bytes = file({ rule: 'XXX3EDT4,0/0,J365/23' });
  assert.deepEqual(offsetsAt(bytes, '2030-01-01T04:00:00Z', '2030-07-01', '2030-12-31T23:59:59Z'), [-4, -4, -4]);
});

test('a broken file is refused', () => {
  const good = { changes: CHANGES, offsets: OFFSETS, rule: 'CET-1' };
  const bytes = file(good);
  assert.ok(parseTimeZoneFile(bytes));
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(parseTimeZoneFile(bytes.subarray(0, length)), undefined, `${length} bytes`);
  }
  const broken: readonly File[] = [
    { ...good, offsets: [] },
    // A type that is not there.
    { ...good, offsets: [0, 1] },
    { ...good, changes: [CHANGES[1], CHANGES[0]] },
    { ...good, changes: [CHANGES[0], CHANGES[0]] },
    { ...good, offsets: [0, 26 * HOUR + 1, 0] },
    { ...good, leapSeconds: 1 },
  ];
  for (const content of broken) assert.equal(parseTimeZoneFile(file(content)), undefined, JSON.stringify(content));
  assert.ok(parseTimeZoneFile(file({ ...good, offsets: [0, 26 * HOUR, 0] })));
  const rules = [
    ...['CET', 'CET-25', 'CET-1:60', 'CET-1CEST', 'CET-1CEST,M13.1.0,M1.1.0', 'CET-1CEST,M3.6.0,M1.1.0', 'é'],
    ...['CET-1CEST,M3.5.7,M10.5.0', 'CET-1CEST,J0,J5', 'CET-1CEST,366,1', 'CET-1CEST,1/168,2', 'CET-1CEST,1'],
  ];
  for (const rule of rules) assert.equal(parseTimeZoneFile(file({ ...good, rule })), undefined, rule);
});

test('arbitrary bytes never crash', () => {
  const header = file({ changes: CHANGES, offsets: OFFSETS, rule: 'CET-1CEST,M3.5.0,M10.5.0/3' });
  const spoilt = fc.array(fc.tuple(fc.nat({ max: header.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 });
  fc.assert(
    fc.property(spoilt, fc.uint8Array(), (bytes, noise) => {
      const copy = Uint8Array.from(header);
      for (const [index, value] of bytes) copy[index] = value;
      const zone = parseTimeZoneFile(copy);
      if (zone !== undefined) assert.ok(zone.periodAt(0).untilMs > 0);
      assert.equal(parseTimeZoneFile(noise), undefined);
    }),
    { numRuns: 2000 },
  );
});

test('a file with more changes than any zone has is refused: each may have to be looked at', () => {
  const changes = (count: number) => Array.from({ length: count }, (_, i) => [i, i % 2] as const);
  assert.ok(parseTimeZoneFile(file({ changes: changes(1000), offsets: [0, HOUR] })));
  assert.equal(parseTimeZoneFile(file({ changes: changes(1001), offsets: [0, HOUR] })), undefined);
});
