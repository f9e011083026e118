import type { OutgoingField } from '../http2/hpack/encoder.ts';
import { Indexing, PreparedBlock } from '../http2/hpack/encoder.ts';
import { formatTimeout } from './timeout.ts';

const CACHED_PATHS_MAX = 1000;

interface Entry {
  readonly timeoutMs: number | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  /** Seen at least twice: what varies from call to call stays out of the compression table. */
  readonly isStable: boolean;
  readonly block: PreparedBlock;
}

/** Request headers of one connection, encoded once for calls that repeat path, timeout and metadata object. */
export class CallHeaders {
  private readonly entries = new Map<string, Entry>();
  private readonly scheme: string;
  private readonly authority: string;

  constructor(scheme: 'http' | 'https', authority: string) {
    this.scheme = scheme;
    this.authority = authority;
  }

  block(
    path: string,
    timeoutMs: number | undefined,
    metadata: Readonly<Record<string, string>> | undefined,
  ): PreparedBlock {
    const known = this.entries.get(path);
    const isSame = known !== undefined && known.timeoutMs === timeoutMs && known.metadata === metadata;
    if (isSame && known.isStable) return known.block;
    if (this.entries.size >= CACHED_PATHS_MAX) this.entries.clear();
    const block = new PreparedBlock(this.fields(path, timeoutMs, metadata, isSame ? Indexing.keep : Indexing.once));
    this.entries.set(path, { timeoutMs, metadata, isStable: isSame, block });
    return block;
  }

  private fields(
    path: string,
    timeoutMs: number | undefined,
    metadata: Readonly<Record<string, string>> | undefined,
    varying: number,
  ): OutgoingField[] {
    const fields: OutgoingField[] = [
      { name: ':method', value: 'POST', indexing: Indexing.keep },
      { name: ':scheme', value: this.scheme, indexing: Indexing.keep },
      { name: ':path', value: path, indexing: Indexing.keep },
      { name: ':authority', value: this.authority, indexing: Indexing.keep },
      { name: 'te', value: 'trailers', indexing: Indexing.keep },
      { name: 'content-type', value: 'application/grpc', indexing: Indexing.keep },
      { name: 'user-agent', value: 'grpc-perdure', indexing: Indexing.keep },
    ];
    if (timeoutMs !== undefined)
      fields.push({ name: 'grpc-timeout', value: formatTimeout(timeoutMs), indexing: varying });
    for (const [name, value] of Object.entries(metadata ?? {})) {
      const indexing = name === 'authorization' ? Indexing.never : varying;
      fields.push({ name: name.toLowerCase(), value, indexing });
    }
    return fields;
  }
}
