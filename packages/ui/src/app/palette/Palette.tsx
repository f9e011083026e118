import { frame } from '../../messages/frame.ts';
import { Dialog } from '../../system/Dialog.tsx';
import type { Overlay } from '../shortcuts.ts';

interface Props {
  readonly namespace: string | undefined;
  readonly onClose: () => void;
  readonly onOverlay: (overlay: Overlay) => void;
}

export function Palette({ onClose }: Props) {
  return (
    <Dialog title={frame.search} onClose={onClose}>
      …
    </Dialog>
  );
}
