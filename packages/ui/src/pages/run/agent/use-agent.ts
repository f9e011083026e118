// Whether a run calls models, and what was said. The code that knows is loaded after the page is there.
import type { Conversation, EventGroups } from '@perdure/ui-core';
import { useEffect, useState } from 'react';
import { type CodecSettings, usePreferences } from '../../../settings/preferences.ts';
import type { HistorySnapshot } from '../history.ts';

/** Asked with each change of the history until the answer is yes. */
export function useIsAgentRun(namespace: string, snapshot: HistorySnapshot): boolean {
  const { groups } = snapshot;
  const { codec } = usePreferences();
  const [found, setFound] = useState<EventGroups>();
  const isFound = found === groups;
  useEffect(() => {
    if (isFound || snapshot.state === 'loading') return undefined;
    let current = true;
    void isAgent(namespace, snapshot.groups, codec).then((is) => current && is && setFound(snapshot.groups));
    return () => {
      current = false;
    };
  }, [namespace, snapshot, isFound, codec]);
  return isFound;
}

/** @param _codec what payloads are read through: with another one the answer may be another */
async function isAgent(namespace: string, groups: EventGroups, _codec: CodecSettings): Promise<boolean> {
  const { isAgentRun, readData } = await import('./agent.ts');
  return readData(namespace, (json) => isAgentRun(groups.groups, json));
}

/** undefined: not read yet; null: there is none. */
export function useConversation(namespace: string, snapshot: HistorySnapshot): Conversation | null | undefined {
  const { codec } = usePreferences();
  const [read, setRead] = useState<{ readonly groups: EventGroups; readonly found: Conversation | null }>();
  useEffect(() => {
    let current = true;
    const { groups } = snapshot;
    void conversation(namespace, groups, codec).then((found) => current && setRead({ groups, found }));
    return () => {
      current = false;
    };
  }, [namespace, snapshot, codec]);
  return read?.groups === snapshot.groups ? read.found : undefined;
}

async function conversation(
  namespace: string,
  groups: EventGroups,
  _codec: CodecSettings,
): Promise<Conversation | null> {
  const { conversationOf, readData } = await import('./agent.ts');
  return readData(namespace, (json) => conversationOf(groups.groups, json) ?? null);
}
