// A history as a file: the JSON that replayers and imports of all SDKs read.
import type { HistoryEvent } from '@perdure/ui-core';

export function downloadHistory(events: readonly HistoryEvent[], name: string): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify({ events }, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${name}-history.json` });
  link.click();
  URL.revokeObjectURL(url);
}
