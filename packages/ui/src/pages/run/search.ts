// What the URL of a run holds.
import { defined, oneOf, text } from '../../app/search-text.ts';

const TABS = ['events', 'queries', 'relationships', 'workers', 'metadata', 'agent'] as const;
const VIEWS = ['waterfall', 'compact', 'all', 'json'] as const;

export type RunTab = (typeof TABS)[number];
export type RunView = (typeof VIEWS)[number];

export interface RunSearch {
  readonly tab?: RunTab;
  /** Of the tab "events". */
  readonly view?: RunView;
  /** The language of ui-core/search. */
  readonly search?: string;
  /** Id of the group or event that is open. */
  readonly selected?: string;
  /** Epoch milliseconds, `from-to`: the part of the time axis that is in sight. */
  readonly range?: string;
}

/** Names of Temporal's pages are understood too. */
const OTHER_NAMES: Readonly<Record<string, RunSearch>> = {
  history: { view: 'all' },
  timeline: { view: 'waterfall' },
  'pending-activities': { view: 'compact', search: 'status:open type:activity' },
  'call-stack': { tab: 'queries' },
  query: { tab: 'queries' },
  'user-metadata': { tab: 'metadata' },
  'search-attributes': { tab: 'metadata' },
  memo: { tab: 'metadata' },
};

export function readRunSearch(given: Record<string, unknown>): RunSearch {
  const named = OTHER_NAMES[text(given['view']) ?? ''];
  if (named !== undefined) return named;
  return defined({
    tab: oneOf(given['tab'], TABS),
    view: oneOf(given['view'], VIEWS),
    search: text(given['search']),
    selected: text(given['selected']),
    range: text(given['range']),
  });
}
