// Whether what a file says of an event has the shape that all else relies on. Files come from anywhere: one that was cut,
// edited, or made by a program of its own is told what is wrong with it, here, before anything is drawn.

/** Levels of objects inside each other: long chains of failures have many. */
export const DEPTH_MAX = 1000;

/** Fields that hold an object, in whatever they stand. */
const OBJECTS = new Set([
  ...['workflowType', 'activityType', 'taskQueue', 'workflowExecution', 'parentWorkflowExecution', 'retryPolicy'],
  ...['externalWorkflowExecution', 'input', 'result', 'details', 'failure', 'lastFailure', 'encodedAttributes'],
  ...['request', 'acceptedRequest', 'rejectedRequest', 'meta', 'args', 'outcome', 'success', 'searchAttributes'],
  ...['indexedFields', 'memo', 'upsertedMemo', 'fields', 'header', 'userMetadata', 'summary', 'metadata'],
  ...['applicationFailureInfo', 'timeoutFailureInfo', 'canceledFailureInfo', 'terminatedFailureInfo'],
  ...['serverFailureInfo', 'resetWorkflowFailureInfo', 'activityFailureInfo', 'childWorkflowExecutionFailureInfo'],
  ...['nexusOperationExecutionFailureInfo', 'nexusHandlerFailureInfo', 'lastHeartbeatDetails'],
]);
const TEXTS = new Set([
  ...[
    'eventTime',
    'data',
    'name',
    'workflowId',
    'runId',
    'activityId',
    'timerId',
    'signalName',
    'markerName',
    'endpoint',
  ],
  ...['service', 'operation', 'namespace', 'reason', 'identity', 'message', 'source', 'stackTrace', 'updateId', 'type'],
  ...['initiator', 'retryState', 'timeoutType', 'cronSchedule', 'protocolInstanceId', 'newExecutionRunId'],
  ...['scheduleToCloseTimeout', 'startToCloseTimeout', 'heartbeatTimeout', 'startToFireTimeout', 'targetTime'],
  ...[
    'firstWorkflowTaskBackoff',
    'workflowRunTimeout',
    'backoffStartInterval',
    'continuedExecutionRunId',
    'normalName',
  ],
]);

interface Place {
  readonly value: object;
  readonly path: string;
  readonly depth: number;
  /** Its names are not fields, but what somebody called something. */
  readonly isMap: boolean;
}

/** What is wrong, as the end of a sentence about the event: `"failure" is no object`. undefined: nothing. */
export function shapeProblem(event: object): string | undefined {
  const places: Place[] = [{ value: event, path: '', depth: 1, isMap: false }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value, path, depth, isMap } = place;
    if (depth > DEPTH_MAX) return `has more than ${DEPTH_MAX} objects inside of each other`;
    for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
      const here = path === '' ? name : `${path}.${name}`;
      const problem = isMap ? memberProblem(inner) : fieldProblem(name, inner);
      if (problem !== undefined) return `"${shortened(here)}" ${problem}`;
      if (typeof inner !== 'object' || inner === null || name === 'metadata') continue;
      places.push({ value: inner, path: here, depth: depth + 1, isMap: !isMap && isMapOf(name, inner) });
    }
  }
  return undefined;
}

function fieldProblem(name: string, value: unknown): string | undefined {
  if (name === 'payloads') return isListOfObjects(value) ? undefined : 'is no list of payloads';
  if (TEXTS.has(name) && typeof value !== 'string') return 'is no text';
  // In failures it is what caused them; in events it is a word.
  if (name === 'cause')
    return typeof value === 'string' || isObject(value) ? undefined : 'is neither text nor an object';
  const isAttributes = name.endsWith('EventAttributes');
  return (OBJECTS.has(name) || isAttributes) && !isObject(value) ? 'is no object' : undefined;
}

function memberProblem(value: unknown): string | undefined {
  return isObject(value) || isListOfObjects(value) ? undefined : 'is no payload';
}

/** Details are one payload, several, or several by name, which may be `data`. */
function isMapOf(name: string, value: object): boolean {
  if (name === 'details') return Object.values(value).every((inner) => isObject(inner));
  return name === 'fields' || name === 'indexedFields';
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths through long chains of failures: where they begin and where they end. */
function shortened(path: string): string {
  const names = path.split('.');
  return names.length <= 8 ? path : [...names.slice(0, 4), '…', ...names.slice(-3)].join('.');
}
