// Payloads through the codec server that a person has set: many in one request, each once.
import { jsonValue, type Payload, payloadsIn } from '@perdure/ui-core';
import { useEffect, useState } from 'react';
import { type CodecSettings, preferences, usePreferences } from '../settings/preferences.ts';
import { callCodec } from './codec.ts';
import { AS_STORED, type Reading } from './payload-text.ts';

export type Decoded =
  | { readonly state: 'done'; readonly payload: Payload }
  | { readonly state: 'waiting'; readonly payload: Payload }
  /** Shown as it is stored, with the reason why. */
  | { readonly state: 'failed'; readonly payload: Payload; readonly reason: string };

interface Wish {
  readonly payload: Payload;
  readonly resolve: (decoded: Decoded) => void;
}

let cache = new WeakMap<Payload, Promise<Decoded>>();
let cacheOf: CodecSettings | undefined;
/** What is asked for in one moment, by namespace: one request each. */
let batches = new Map<string, Wish[]>();

/** The payload as it is to be shown. Without a codec server that is the payload itself, at once. */
export function useDecoded(payload: Payload, namespace: string): Decoded {
  const { codec } = usePreferences();
  const [found, setFound] = useState<{
    readonly of: Payload;
    readonly codec: CodecSettings;
    readonly decoded: Decoded;
  }>();
  const isPlain = codec.endpoint === '' || payload.data === undefined;
  useEffect(() => {
    if (isPlain) return undefined;
    let current = true;
    void decode(payload, namespace, codec).then((decoded) => current && setFound({ of: payload, codec, decoded }));
    return () => {
      current = false;
    };
  }, [isPlain, payload, namespace, codec]);
  if (isPlain) return { state: 'done', payload };
  // What was found of another payload, or by another codec server, is not this one.
  return found?.of === payload && found.codec === codec ? found.decoded : { state: 'waiting', payload };
}

const NO_PAYLOAD: Payload = {};

/** The text that a payload holds, such as a summary; empty if it is anything else, or cannot be read. */
export function useDecodedText(payload: Payload | undefined, namespace: string): string {
  const value = jsonValue(useDecoded(payload ?? NO_PAYLOAD, namespace).payload);
  return typeof value === 'string' ? value : '';
}

/** Never rejects. */
export function decode(payload: Payload, namespace: string, codec: CodecSettings): Promise<Decoded> {
  if (cacheOf !== codec) {
    cacheOf = codec;
    cache = new WeakMap();
    batches = new Map();
  }
  const known = cache.get(payload);
  if (known !== undefined) return known;
  const promise = new Promise<Decoded>((resolve) => {
    batchOf(namespace, codec).push({ payload, resolve });
  });
  cache.set(payload, promise);
  const itsCache = cache;
  // A failure may be over the next time somebody looks.
  void promise.then(({ state }) => state === 'failed' && itsCache.delete(payload));
  return promise;
}

/** It is sent when whoever asks now has asked for all. */
function batchOf(namespace: string, codec: CodecSettings): Wish[] {
  const known = batches.get(namespace);
  if (known !== undefined) return known;
  const batch: Wish[] = [];
  const of = batches.set(namespace, batch);
  queueMicrotask(() => {
    of.delete(namespace);
    void send(batch, namespace, codec);
  });
  return batch;
}

/** All data of an answer at once, for those who have to look into it. */
export interface ReadData {
  readonly read: Reading;
  /** As it came. */
  readonly stored: ReadonlySet<Payload>;
  /** Why some of it is read as it is stored. */
  readonly problem: string | undefined;
}

export const NOTHING_READ: ReadData = { read: AS_STORED, stored: new Set(), problem: undefined };

/** Never rejects. */
export async function readData(answer: unknown, namespace: string): Promise<ReadData> {
  const { codec } = preferences();
  const payloads = payloadsIn(answer);
  const stored = new Set(payloads);
  if (codec.endpoint === '' || payloads.length === 0) return { ...NOTHING_READ, stored };
  const decoded = await Promise.all(payloads.map((payload) => decode(payload, namespace, codec)));
  const readable = new Map(payloads.map((payload, at) => [payload, decoded[at]?.payload ?? payload]));
  const failed = decoded.find((each) => each.state === 'failed');
  return { read: (payload) => readable.get(payload) ?? payload, stored, problem: failed?.reason };
}

/** undefined: it is being decoded. */
export function useReadData(answer: object, namespace: string): ReadData | undefined {
  const { codec } = usePreferences();
  const [found, setFound] = useState<{
    readonly answer: object;
    readonly codec: CodecSettings;
    readonly data: ReadData;
  }>();
  useEffect(() => {
    let current = true;
    void readData(answer, namespace).then((data) => current && setFound({ answer, codec, data }));
    return () => {
      current = false;
    };
  }, [answer, namespace, codec]);
  return found?.answer === answer && found.codec === codec ? found.data : undefined;
}

async function send(batch: readonly Wish[], namespace: string, codec: CodecSettings): Promise<void> {
  if (codec !== preferences().codec) {
    for (const { payload, resolve } of batch)
      resolve({ state: 'failed', payload, reason: 'the codec server was changed' });
    return;
  }
  try {
    const decoded = await callCodec(
      'decode',
      batch.map(({ payload }) => payload),
      namespace,
      codec,
    );
    for (const [i, { payload, resolve }] of batch.entries()) resolve({ state: 'done', payload: decoded[i] ?? payload });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const { payload, resolve } of batch) resolve({ state: 'failed', payload, reason });
  }
}
