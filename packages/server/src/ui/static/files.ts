// The files of the built Web UI: found by the path of a request, in the folder and nowhere else, in the smallest form that
// the client understands. Nothing is kept in memory; the file system does that.

import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { acceptsCoding } from './accepts-coding.ts';

/** An open file: whoever has found it closes it, or reads it to its end. */
export interface FoundFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** Of its content; undefined: as it is. */
  readonly coding: string | undefined;
}

/** Best first. */
const CODINGS = [
  { coding: 'br', suffix: '.br' },
  { coding: 'gzip', suffix: '.gz' },
] as const;
/** What the file system says of a name that leads to no file. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL']);

export class StaticFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param segments of the path, decoded
   * @returns undefined: there is no such file
   */
  async find(segments: readonly string[], acceptEncoding: string | undefined): Promise<FoundFile | undefined> {
    if (segments.length === 0 || !segments.every(isName)) return undefined;
    const path = join(this.#folder, ...segments);
    for (const { coding, suffix } of CODINGS) {
      if (!acceptsCoding(acceptEncoding, coding)) continue;
      const found = await this.#open(path + suffix);
      if (found !== undefined) return { ...found, coding };
    }
    const found = await this.#open(path);
    return found && { ...found, coding: undefined };
  }

  async #open(path: string): Promise<{ handle: FileHandle; stats: Stats } | undefined> {
    let handle: FileHandle | undefined;
    try {
      // A link may lead anywhere.
      const [real, folder] = await Promise.all([realpath(path), realpath(this.#folder)]);
      if (!real.startsWith(folder + sep)) return undefined;
      handle = await open(real);
      const stats = await handle.stat();
      if (stats.isFile()) return { handle, stats };
      await handle.close();
      return undefined;
    } catch (error) {
      await handle?.close();
      if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return undefined;
      throw error;
    }
  }
}

/** Of a file that may be shown: not of one above, in another folder, or hidden. */
function isName(segment: string): boolean {
  return segment !== '' && !segment.startsWith('.') && !/[/\\\0]/.test(segment);
}
