// Children that are opened inside the run of their parent. Each is read as a run of its own while it is open.
import { useEffect, useRef, useState } from 'react';
import { type HistorySnapshot, RunHistory, type RunKey } from '../history.ts';

export interface ChildrenControl {
  readonly snapshots: ReadonlyMap<string, HistorySnapshot>;
  readonly toggle: (rowKey: string, child: RunKey) => void;
}

export function useChildren(): ChildrenControl {
  const [snapshots, setSnapshots] = useState<ReadonlyMap<string, HistorySnapshot>>(new Map());
  const open = useRef(new Map<string, RunHistory>());
  useEffect(() => {
    const histories = open.current;
    return () => {
      for (const history of histories.values()) history.stop();
    };
  }, []);
  const toggle = (rowKey: string, child: RunKey) => {
    const known = open.current.get(rowKey);
    if (known !== undefined) {
      known.stop();
      open.current.delete(rowKey);
      setSnapshots((before) => new Map([...before].filter(([key]) => key !== rowKey)));
      return;
    }
    const history = new RunHistory(child);
    open.current.set(rowKey, history);
    const tell = () => {
      if (open.current.get(rowKey) === history) setSnapshots((before) => new Map(before).set(rowKey, history.snapshot()));
    };
    history.subscribe(tell);
    tell();
    history.start();
  };
  return { snapshots, toggle };
}
