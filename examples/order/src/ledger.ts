// An append-only file of effects, standing in for the payment provider, the warehouse and the carrier.
// It keeps the promise real ones keep: the same idempotency key takes effect once.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

export interface Effect {
  readonly key: string;
  readonly detail: string;
}

export function ledgerFile(): string {
  return process.env['ORDER_LEDGER'] ?? 'ledger.jsonl';
}

export function readLedger(file: string): Effect[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Effect);
}

/** Synchronous from look-up to fsync, so that two attempts in one worker cannot both find the key missing. */
export function recordOnce(key: string, detail: string): Effect & { readonly repeated: boolean } {
  const file = ledgerFile();
  const earlier = readLedger(file).find((effect) => effect.key === key);
  if (earlier) return { ...earlier, repeated: true };

  const effect: Effect = { key, detail };
  const fd = openSync(file, 'a');
  try {
    writeSync(fd, `${JSON.stringify(effect)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { ...effect, repeated: false };
}
