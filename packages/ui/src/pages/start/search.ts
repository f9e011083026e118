// What the URL of the start form holds, so that a link can fill it in. Each is the text of the field of that name.
import { defined, text } from '../../app/search-text.ts';

export interface StartSearch {
  readonly workflowId?: string;
  readonly workflowType?: string;
  readonly taskQueue?: string;
  readonly input?: string;
  readonly encoding?: string;
  readonly summary?: string;
  readonly details?: string;
  readonly memo?: string;
  readonly searchAttributes?: string;
  readonly startDelay?: string;
  readonly executionTimeout?: string;
  readonly runTimeout?: string;
  readonly taskTimeout?: string;
  readonly idReusePolicy?: string;
  readonly idConflictPolicy?: string;
  readonly cron?: string;
  readonly retryAttempts?: string;
  readonly retryInitial?: string;
  readonly retryCoefficient?: string;
  readonly retryMaximum?: string;
  /** "Like this one": the form is filled from that run. */
  readonly likeWorkflowId?: string;
  readonly likeRunId?: string;
}

const FIELDS = [
  'workflowId workflowType taskQueue input encoding summary details memo searchAttributes startDelay executionTimeout',
  'runTimeout taskTimeout cron retryAttempts retryInitial retryCoefficient retryMaximum idReusePolicy idConflictPolicy',
  'likeWorkflowId likeRunId',
].flatMap((names) => names.split(' ')) as readonly (keyof StartSearch)[];

export function readStartSearch(given: Record<string, unknown>): StartSearch {
  return defined(Object.fromEntries(FIELDS.map((name) => [name, text(given[name])])));
}
