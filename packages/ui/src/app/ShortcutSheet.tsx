// All keys at a glance.
import { pick } from '../messages/catalogue.ts';
import { Dialog } from '../system/Dialog.tsx';

const texts = pick({
  en: {
    title: 'Keyboard',
    keys: [
      ['Ctrl K', 'Search or run a command'],
      ['?', 'This sheet'],
      ['g w', 'Workflows'],
      ['g s', 'Schedules'],
      ['g b', 'Batch operations'],
      ['g q', 'Task queues'],
      ['g n', 'Namespaces'],
      ['/', 'Search or filter on this page'],
      ['j, k', 'Next, previous row'],
      ['Enter', 'Open the row'],
      ['x', 'Select the row'],
      ['Shift x', 'Select all rows from the one selected before'],
      ['r', 'Refresh'],
      ['+, −, 0', 'Zoom in, zoom out, show the whole run'],
      ['z', 'Zoom to the measured range, or to the selected step'],
      ['Esc', 'Close, or clear the selection'],
    ],
  },
});

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={texts.title} onClose={onClose} width={420}>
      <dl style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '6px 16px', margin: 0 }}>
        {texts.keys.map(([key, words]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <kbd className="mono">{key}</kbd>
            </dt>
            <dd style={{ margin: 0 }}>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
