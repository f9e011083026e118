// The fields that a search knows: what they are called, what they are for, and the words of those that have fixed ones.
import type { GroupKind } from '../groups/group.ts';
import {
  DURATION_FIELDS,
  type DurationField,
  type Field,
  NUMBER_FIELDS,
  type NumberField,
  type StatusWord,
  TEXT_FIELDS,
  type TextField,
} from './query.ts';

/** In the order in which they are suggested. */
export const FIELDS: Readonly<Record<Field, string>> = {
  type: 'what it is: activity, timer, child ...',
  status: 'failed, running, open ...',
  name: 'type of the activity or child, name of the signal or update',
  text: 'anywhere, also in payloads',
  attempt: 'attempts so far',
  duration: 'from its beginning to its end, or until now',
  queued: 'how long it waited for a worker',
  running: 'how long its last attempt took',
  backoff: 'how long it waited between attempts',
  id: 'event id, activity id, timer id ...',
  queue: 'task queue',
  failure: 'type and message of the last failure',
  payload: 'in inputs and results',
  event: 'type of one of its events',
  instance: 'activity id, workflow id of a child, update id',
  label: 'what its row says',
  workflow: 'workflow id or run id of the child or receiver',
  events: 'how many events tell of it',
};

const ALIASES: Readonly<Record<string, Field>> = {
  kind: 'type',
  is: 'status',
  attempts: 'attempt',
  taskqueue: 'queue',
  error: 'failure',
  took: 'duration',
  wait: 'queued',
};

/** By its name or another one, in any case. undefined: there is none. */
export function fieldOf(name: string): Field | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(FIELDS, lower)) return lower as Field;
  return Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined;
}

/** Is it compared as a text? */
export function isTextField(field: Field): field is TextField {
  return (TEXT_FIELDS as readonly Field[]).includes(field);
}

/** Is it a number? */
export function isNumberField(field: Field): field is NumberField {
  return (NUMBER_FIELDS as readonly Field[]).includes(field);
}

/** Is it a length of time? */
export function isDurationField(field: Field): field is DurationField {
  return (DURATION_FIELDS as readonly Field[]).includes(field);
}

/** As they are typed. */
export const TYPE_WORDS: Readonly<Record<GroupKind, string>> = {
  activity: 'activity',
  localActivity: 'local-activity',
  timer: 'timer',
  child: 'child',
  signal: 'signal',
  update: 'update',
  nexusOperation: 'nexus',
  externalSignal: 'external-signal',
  externalCancel: 'external-cancel',
  workflowTask: 'workflow-task',
  workflow: 'workflow',
  version: 'version',
  sideEffect: 'side-effect',
  marker: 'marker',
};

/** As they are typed. */
export const STATUS_WORDS: Readonly<Record<StatusWord, string>> = {
  open: 'open',
  closed: 'closed',
  scheduled: 'scheduled',
  running: 'running',
  backingOff: 'backing-off',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed-out',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continued-as-new',
  abandoned: 'abandoned',
};

const TYPE_ALIASES: Readonly<Record<string, GroupKind>> = { childworkflow: 'child', patch: 'version' };
const STATUS_ALIASES: Readonly<Record<string, StatusWord>> = {
  cancelled: 'canceled',
  timeout: 'timedOut',
  fired: 'completed',
  pending: 'open',
  retrying: 'backingOff',
};

/** The type that somebody typed, in whatever spelling. */
export function typeOf(word: string): GroupKind | undefined {
  return wordOf(word, TYPE_WORDS, TYPE_ALIASES);
}

/** The status that somebody typed, in whatever spelling. */
export function statusOf(word: string): StatusWord | undefined {
  return wordOf(word, STATUS_WORDS, STATUS_ALIASES);
}

/** "timed-out", "timedOut", "TIMED_OUT" and "timed out" are the same. */
function wordOf<Word extends string>(
  typed: string,
  words: Readonly<Record<Word, string>>,
  aliases: Readonly<Record<string, Word>>,
): Word | undefined {
  const plain = plainWord(typed);
  const found = (Object.keys(words) as Word[]).find(
    (word) => plainWord(word) === plain || plainWord(words[word]) === plain,
  );
  return found ?? (Object.hasOwn(aliases, plain) ? aliases[plain] : undefined);
}

function plainWord(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, '');
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** "250ms", "1.5s", "1h30m"; undefined: it is none. */
export function durationOf(word: string): number | undefined {
  if (!DURATION.test(word)) return undefined;
  const parts = [...word.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}
