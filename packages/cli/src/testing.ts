// What a command would be given, for tests of parts that need no server.

import { PassThrough } from 'node:stream';
import { Context } from './context.ts';
import { Output } from './output/output.ts';
import { type OptionTable, readOptions } from './table/options.ts';

/** @param stdin what comes in, if anything is read */
export function testContext(options: OptionTable, args: readonly string[], stdin = ''): Context {
  const { stdout, stderr } = process;
  const terminal = { stdin: new PassThrough().end(stdin) as unknown as NodeJS.ReadStream, stdout, stderr, env: {} };
  const out = new Output({
    ...{ stdout: new PassThrough(), format: 'text', fields: undefined, timeFormat: 'iso', color: false },
    ...{ payloadShorthand: true, isTerminal: false, now: () => 0, warn: () => undefined },
  });
  const given = readOptions(args, options, '');
  const command = { path: ['test'], summary: '', examples: [], options, run: () => Promise.resolve(undefined) };
  return new Context({ command, given, out, terminal, signal: new AbortController().signal, hint: '' });
}
