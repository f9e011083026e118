import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { certificateInfo, certificateLines, validityOf } from './certificate.ts';
import { EXPIRED_CERT } from './testing/expired-certificate.ts';

const CERTIFICATE = new X509Certificate(EXPIRED_CERT);
const FROM_MS = Date.parse('2020-01-01T00:00:00Z');
const TO_MS = Date.parse('2020-02-01T00:00:00Z');
const DAY_MS = 86_400_000;

test('what a certificate says of itself', () => {
  assert.deepEqual(certificateInfo(CERTIFICATE, TO_MS - 3 * DAY_MS), {
    ...{ subject: 'CN=expired.test', issuer: 'CN=expired.test', names: ['DNS:expired.test'], daysLeft: 3 },
    ...{ validFrom: '2020-01-01T00:00:00.000Z', validTo: '2020-02-01T00:00:00.000Z' },
  });
});

test('it is valid from its first moment to its last, and from 14 days before that on it ends soon', () => {
  const at = (nowMs: number) => validityOf(certificateInfo(CERTIFICATE, nowMs), nowMs);
  assert.equal(at(FROM_MS - 1), 'not yet valid');
  assert.equal(at(FROM_MS), 'valid');
  assert.equal(at(TO_MS - 14 * DAY_MS), 'valid');
  assert.equal(at(TO_MS - 14 * DAY_MS + 1), 'ends soon');
  assert.equal(at(TO_MS), 'ends soon');
  assert.equal(at(TO_MS + 1), 'over');
});

test('people read it in lines', () => {
  const lines = (nowMs: number, isForHost?: boolean) => {
    const info = certificateInfo(CERTIFICATE, nowMs);
    return certificateLines(isForHost === undefined ? info : { ...info, isForHost });
  };
  const whose = ['subject CN=expired.test (DNS:expired.test)', 'issuer CN=expired.test'];
  assert.deepEqual(lines(TO_MS - DAY_MS), [...whose, 'expires on 2020-02-01, in 1 day']);
  const later = ['expired on 2020-02-01, 2 days ago', 'is not for this host'];
  assert.deepEqual(lines(TO_MS + 2 * DAY_MS, false), [...whose, ...later]);
  assert.deepEqual(lines(TO_MS, true), [...whose, 'expires on 2020-02-01, in 0 days', 'is for this host']);
});
