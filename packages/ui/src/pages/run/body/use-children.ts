// Children that are opened inside the run of their parent. Each is read as a run of its own while it is open.
import { useEffect, useRef, useState } from 'react';
import { type HistorySnapshot, RunHistory } from '../history.ts';
import { childRun, type Row } from './rows.ts';

export interface ChildrenControl {
  /** By run id. */
  readonly snapshots: ReadonlyMap<string, HistorySnapshot>;
  /** Keys of the rows that are opened. */
  readonly opened: ReadonlySet<string>;
  readonly toggle: (row: Row) => void;
}

export function useChildren(namespace: string): ChildrenControl {
  const [snapshots, setSnapshots] = useState<ReadonlyMap<string, HistorySnapshot>>(new Map());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const histories = useRef(new Map<string, RunHistory>());
  useEffect(() => {
    const all = histories.current;
    return () => {
      for (const history of all.values()) history.stop();
    };
  }, []);
  const toggle = ({ key, group }: Row) => {
    const child = childRun(group, namespace);
    if (child === undefined) return;
    const known = histories.current.get(child.runId);
    if (opened.has(key)) {
      known?.stop();
      setOpened(new Set([...opened].filter((each) => each !== key)));
      return;
    }
    setOpened(new Set([...opened, key]));
    if (known !== undefined) {
      known.start({ follow: 'poll' });
      return;
    }
    const history = new RunHistory(child);
    histories.current.set(child.runId, history);
    history.subscribe(() => setSnapshots((before) => new Map(before).set(child.runId, history.snapshot())));
    history.start({ follow: 'poll' });
  };
  return { snapshots, opened, toggle };
}
