// The whole history as JSON, line by line: only the lines in sight are in the document.
import type { HistoryEvent } from '@perdure/ui-core';
import { useMemo, useRef } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Button } from '../../../system/Button.tsx';
import { useWindow } from '../../../system/table/use-window.ts';
import { downloadHistory } from '../download.ts';

interface Props {
  readonly events: readonly HistoryEvent[];
  readonly name: string;
}

const LINE_HEIGHT = 17;

export function HistoryJson({ events, name }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => events.flatMap((event) => JSON.stringify(event, null, 2).split('\n')), [events]);
  const { first, end, totalPx } = useWindow(scroll, { count: lines.length, rowPx: LINE_HEIGHT, overscan: 20 });
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
        <pre style={{ position: 'relative', margin: 0, height: totalPx, fontSize: 'var(--text-s)' }}>
          {lines.slice(first, end).map((line, i) => (
            <div
              key={first + i}
              style={{
                ...{ position: 'absolute', top: (first + i) * LINE_HEIGHT, left: 12 },
                ...{ height: LINE_HEIGHT, whiteSpace: 'pre' },
              }}
            >
              {line}
            </div>
          ))}
        </pre>
      </div>
    </div>
  );
}
