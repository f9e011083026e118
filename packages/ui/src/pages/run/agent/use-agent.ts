// Whether a run calls models, and what was said. The code that knows is loaded after the page is there.
import type { Conversation, EventGroups } from '@perdure/ui-core';
import { useEffect, useState } from 'react';
import { usePreferences } from '../../../settings/preferences.ts';
import type { HistorySnapshot } from '../history.ts';

/** Asked with each change of the history until the answer is yes. */
export function useIsAgentRun(namespace: string, { groups, state, version }: HistorySnapshot): boolean {
  const { codec } = usePreferences();
  const [found, setFound] = useState<EventGroups>();
  const isFound = found === groups;
  useEffect(() => {
    if (isFound || state === 'loading') return undefined;
    let current = true;
    void isAgent(namespace, groups).then((is) => current && is && setFound(groups));
    return () => {
      current = false;
    };
  }, [namespace, groups, version, state, isFound, codec]);
  return isFound;
}

async function isAgent(namespace: string, groups: EventGroups): Promise<boolean> {
  const { isAgentRun, readData } = await import('./agent.ts');
  return readData(namespace, (json) => isAgentRun(groups.groups, json));
}

/** undefined: not read yet; null: there is none. */
export function useConversation(
  namespace: string,
  { groups, version }: HistorySnapshot,
): Conversation | null | undefined {
  const { codec } = usePreferences();
  const [read, setRead] = useState<{ readonly groups: EventGroups; readonly found: Conversation | null }>();
  useEffect(() => {
    let current = true;
    void conversation(namespace, groups).then((found) => current && setRead({ groups, found }));
    return () => {
      current = false;
    };
  }, [namespace, groups, version, codec]);
  return read?.groups === groups ? read.found : undefined;
}

async function conversation(namespace: string, groups: EventGroups): Promise<Conversation | null> {
  const { conversationOf, readData } = await import('./agent.ts');
  return readData(namespace, (json) => conversationOf(groups.groups, json) ?? null);
}
