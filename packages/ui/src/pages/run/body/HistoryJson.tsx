// The whole history as JSON, line by line: only the lines in sight are in the document.
import type { HistoryEvent } from '@perdure/ui-core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Button } from '../../../system/Button.tsx';
import { downloadHistory } from '../download.ts';

interface Props {
  readonly events: readonly HistoryEvent[];
  readonly name: string;
}

const LINE_HEIGHT = 17;

export function HistoryJson({ events, name }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => events.flatMap((event) => JSON.stringify(event, null, 2).split('\n')), [events]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  return (
    <div style={{ flex: 1, display: 'flex', flexDirection: 'column', minWidth: 0 }}>
      <div style={{ padding: 6 }}>
        <Button size="small" icon="import" onClick={() => downloadHistory(events, name)}>
          {texts.download}
        </Button>
      </div>
      <div
        ref={scroll}
        tabIndex={0}
        role="region"
        aria-label={texts.views.json}
        style={{ flex: 1, overflow: 'auto', contain: 'strict' }}
      >
        <pre style={{ position: 'relative', margin: 0, height: virtual.getTotalSize(), fontSize: 'var(--text-s)' }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              style={{ position: 'absolute', top: start, left: 12, height: LINE_HEIGHT, whiteSpace: 'pre' }}
            >
              {lines[index]}
            </div>
          ))}
        </pre>
      </div>
    </div>
  );
}
