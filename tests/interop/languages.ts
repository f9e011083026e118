// How the program of each language is built, with the package manager of that language and the versions pinned beside
// the program. Nothing is built inside the sources: all goes into a folder that git ignores.

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Language {
  readonly name: string;
  /** Commands that succeed where the toolchain is installed. */
  readonly toolchain: readonly Command[];
  /** Downloads and compiles. Returns the command that takes the server's address. */
  readonly build: () => Promise<Command>;
}

type Command = readonly [file: string, ...args: string[]];

const BUILD_MS_MAX = 200_000;
/** All scenarios, each of which gives up by itself after 20 s. */
const RUN_MS_MAX = 240_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const run = promisify(execFile);

export const LANGUAGES: readonly Language[] = [
  { name: 'Go', toolchain: [['go', 'version']], build: buildGo },
  { name: 'Python', toolchain: [['python3', '-c', 'import ensurepip, venv']], build: buildPython },
  {
    name: 'Java',
    toolchain: [
      ['javac', '-version'],
      ['mvn', '-version'],
    ],
    build: buildJava,
  },
];

/** The command that is missing, if one is. */
export async function missingTool({ toolchain }: Language): Promise<string | undefined> {
  for (const command of toolchain) {
    try {
      await execute(command);
    } catch {
      return command.join(' ');
    }
  }
  return undefined;
}

/** Runs to the end; returns what it printed. A command that fails is an error that shows its output. */
export async function execute(command: Command, cwd?: string, timeout = BUILD_MS_MAX): Promise<string> {
  const [file, ...args] = command;
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const options = { cwd, env, timeout, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX } as const;
  try {
    return (await run(file, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')} failed\n${stdout}${stderr}`, { cause: error });
  }
}

/** Runs the built program; returns `name → reason of its failure, or empty` of the scenarios that it reported. */
export async function outcomes(program: Command, address: string): Promise<Map<string, string>> {
  const output = await execute([...program, address], undefined, RUN_MS_MAX);
  const lines = output.matchAll(/^(ok|not ok) (\S+) ?(.*)$/gm);
  return new Map([...lines].map(([, word, name = '', reason]) => [name, word === 'ok' ? '' : reason || 'no reason']));
}

async function buildGo(): Promise<Command> {
  const program = join(productFolder('go'), 'interop');
  await execute(['go', 'build', '-o', program, '.'], sourceFolder('go'));
  return [program];
}

async function buildPython(): Promise<Command> {
  const environment = productFolder('python');
  const python = join(environment, 'bin', 'python');
  const source = sourceFolder('python');
  await execute(['python3', '-m', 'venv', environment]);
  await execute([python, '-m', 'pip', 'install', '--quiet', '--requirement', join(source, 'requirements.txt')]);
  return [python, join(source, 'main.py')];
}

async function buildJava(): Promise<Command> {
  const folder = productFolder('java');
  const classpath = join(folder, 'classpath');
  const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpath}`];
  await execute(['mvn', '--batch-mode', '--quiet', `-Dinterop.folder=${folder}`, ...goals], sourceFolder('java'));
  return ['java', '-classpath', `${join(folder, 'classes')}:${readFileSync(classpath, 'utf8').trim()}`, 'interop.Main'];
}

function sourceFolder(language: string): string {
  return fileURLToPath(new URL(language, import.meta.url));
}

function productFolder(language: string): string {
  const folder = fileURLToPath(new URL(`../../dist/interop/${language}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}
