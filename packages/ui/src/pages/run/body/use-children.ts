// Children that are opened inside the run of their parent. Each is read as a run of its own while it is open, and followed
// like its parent: by the stream of the page, if there is one.
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Follow, type HistorySnapshot, RunHistory } from '../history.ts';
import { childRun, type Row } from './rows.ts';

export interface ChildrenControl {
  /** By run id. */
  readonly snapshots: ReadonlyMap<string, HistorySnapshot>;
  /** Keys of the rows that are opened. */
  readonly opened: ReadonlySet<string>;
  readonly toggle: (row: Row) => void;
}

export function useChildren(namespace: string, follow: Follow): ChildrenControl {
  const [snapshots, setSnapshots] = useState<ReadonlyMap<string, HistorySnapshot>>(new Map());
  /** By the keys of the rows that are opened, their runs. */
  const [opened, setOpened] = useState<ReadonlyMap<string, RunHistory>>(new Map());
  const histories = useRef(new Map<string, RunHistory>());
  useEffect(() => {
    for (const history of opened.values()) {
      history.start({ follow, onDescribe: (description) => history.describe(description) });
    }
    return () => {
      for (const history of opened.values()) history.stop();
    };
  }, [opened, follow]);
  const toggle = ({ key, group }: Row) => {
    const child = childRun(group, namespace);
    if (child === undefined) return;
    if (opened.has(key)) {
      setOpened(new Map([...opened].filter(([each]) => each !== key)));
      return;
    }
    let history = histories.current.get(child.runId);
    if (history === undefined) {
      const made = new RunHistory(child);
      made.subscribe(() => setSnapshots((before) => new Map(before).set(child.runId, made.snapshot())));
      histories.current.set(child.runId, made);
      history = made;
    }
    setOpened(new Map(opened).set(key, history));
  };
  const keys = useMemo(() => new Set(opened.keys()), [opened]);
  return { snapshots, opened: keys, toggle };
}
