// The options of a pending activity as a form has them, and what of them is sent: only what is different, by a mask.
import {
  type Action,
  type ActivityOptionsDescription,
  durationJson,
  durationTextOf,
  parseDuration,
  parseDurationText,
} from '@perdure/ui-core';

const TIMEOUTS = [
  'startToCloseTimeout',
  'scheduleToCloseTimeout',
  'scheduleToStartTimeout',
  'heartbeatTimeout',
] as const;
const INTERVALS = ['initialInterval', 'maximumInterval'] as const;

/** Texts; a timeout or number that is empty is none. */
export type OptionsForm = Readonly<
  Record<
    'taskQueue' | (typeof TIMEOUTS)[number] | (typeof INTERVALS)[number] | 'backoffCoefficient' | 'maximumAttempts',
    string
  >
>;
export type OptionName = keyof OptionsForm;

/** In the order of the form. */
export const OPTION_NAMES: readonly OptionName[] = [
  'taskQueue',
  ...TIMEOUTS,
  'initialInterval',
  'backoffCoefficient',
  'maximumInterval',
  'maximumAttempts',
];

export type OptionProblem = 'duration' | 'needed' | 'coefficient' | 'attempts';

export function formOf(options: ActivityOptionsDescription = {}): OptionsForm {
  const { retryPolicy: retry = {} } = options;
  return {
    taskQueue: options.taskQueue?.name ?? '',
    startToCloseTimeout: durationOrNone(options.startToCloseTimeout),
    scheduleToCloseTimeout: durationOrNone(options.scheduleToCloseTimeout),
    scheduleToStartTimeout: durationOrNone(options.scheduleToStartTimeout),
    heartbeatTimeout: durationOrNone(options.heartbeatTimeout),
    initialInterval: durationOrNone(retry.initialInterval),
    backoffCoefficient: numberOrNone(retry.backoffCoefficient),
    maximumInterval: durationOrNone(retry.maximumInterval),
    maximumAttempts: numberOrNone(retry.maximumAttempts),
  };
}

/** What is wrong with the fields that are different from before. */
export function problemsOf(form: OptionsForm, before: OptionsForm): Partial<Record<OptionName, OptionProblem>> {
  const found = OPTION_NAMES.filter((name) => form[name] !== before[name]).flatMap((name) => {
    const problem = problemOf(name, form[name].trim());
    return problem === undefined ? [] : [[name, problem] as const];
  });
  return Object.fromEntries(found);
}

function problemOf(name: OptionName, text: string): OptionProblem | undefined {
  switch (name) {
    case 'taskQueue':
      return text === '' ? 'needed' : undefined;
    case 'backoffCoefficient':
      return Number(text) >= 1 ? undefined : 'coefficient';
    case 'maximumAttempts':
      return /^\d*$/.test(text) ? undefined : 'attempts';
    case 'initialInterval':
    case 'maximumInterval':
      if (text === '') return 'needed';
      return parseDurationText(text) === undefined ? 'duration' : undefined;
    default:
      return text === '' || parseDurationText(text) !== undefined ? undefined : 'duration';
  }
}

export interface OptionsRequest {
  readonly activityOptions?: ActivityOptionsDescription;
  /** Paths by comma. */
  readonly updateMask?: string;
  readonly restoreOriginal?: boolean;
}

/** Undefined: nothing is different. The form has no problems. */
export function requestOf(form: OptionsForm, before: OptionsForm): OptionsRequest | undefined {
  const changed = OPTION_NAMES.filter((name) => form[name].trim() !== before[name]);
  if (changed.length === 0) return undefined;
  const values = Object.fromEntries(
    changed.filter((name) => !isOfRetries(name)).map((name) => [name, valueOf(name, form)]),
  );
  const retries = Object.fromEntries(changed.filter(isOfRetries).map((name) => [name, valueOf(name, form)]));
  return {
    activityOptions: { ...values, ...(Object.keys(retries).length > 0 && { retryPolicy: retries }) },
    updateMask: changed.map(pathOf).join(','),
  };
}

type UpdateOptions = Extract<Action, { readonly command: 'activity update-options' }>;
type OptionParameters = Omit<UpdateOptions, 'command' | 'activityId' | 'query'>;

/** The parameters of the command that does the same. */
export function parametersOf(form: OptionsForm, before: OptionsForm): OptionParameters {
  const has = (name: OptionName) => form[name].trim() !== before[name];
  const ms = (name: OptionName) => parseDurationText(form[name]) ?? 0;
  return {
    ...(has('taskQueue') && { taskQueue: form.taskQueue }),
    ...(has('scheduleToCloseTimeout') && { scheduleToCloseTimeoutMs: ms('scheduleToCloseTimeout') }),
    ...(has('scheduleToStartTimeout') && { scheduleToStartTimeoutMs: ms('scheduleToStartTimeout') }),
    ...(has('startToCloseTimeout') && { startToCloseTimeoutMs: ms('startToCloseTimeout') }),
    ...(has('heartbeatTimeout') && { heartbeatTimeoutMs: ms('heartbeatTimeout') }),
    ...(has('initialInterval') && { retryInitialIntervalMs: ms('initialInterval') }),
    ...(has('maximumInterval') && { retryMaximumIntervalMs: ms('maximumInterval') }),
    ...(has('backoffCoefficient') && { retryBackoffCoefficient: Number(form.backoffCoefficient) }),
    ...(has('maximumAttempts') && { retryMaximumAttempts: Number(form.maximumAttempts) }),
  };
}

function valueOf(name: OptionName, form: OptionsForm): unknown {
  const text = form[name].trim();
  if (name === 'taskQueue') return { name: text };
  if (name === 'backoffCoefficient' || name === 'maximumAttempts') return Number(text);
  return durationJson(parseDurationText(text) ?? 0);
}

function isOfRetries(name: OptionName): boolean {
  return name !== 'taskQueue' && !TIMEOUTS.some((timeout) => timeout === name);
}

function pathOf(name: OptionName): string {
  if (name === 'taskQueue') return 'taskQueue.name';
  return isOfRetries(name) ? `retryPolicy.${name}` : name;
}

function durationOrNone(json: string | undefined): string {
  return (parseDuration(json) ?? 0) === 0 ? '' : durationTextOf(json);
}

function numberOrNone(value = 0): string {
  return value === 0 ? '' : String(value);
}
