import { frame } from '../../messages/frame.ts';
import { Dialog } from '../../system/Dialog.tsx';

export function SettingsDrawer({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog drawer title={frame.pages.settings} onClose={onClose} width={420}>
      …
    </Dialog>
  );
}
