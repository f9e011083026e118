// A dialog or a drawer. Load it lazily (system/lazy.ts): what is behind it is no part of a page's first paint.
import type { CSSProperties, FormEvent, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { frame } from '../messages/frame.ts';
import { tellOfAbandoned } from './abandoned.ts';
import { Button, IconButton } from './Button.tsx';
import styles from './dialog.module.css';
import { ErrorNotice } from './Notice.tsx';

tellOfAbandoned();

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** CSS pixels. */
  readonly width?: number;
  /** At the right edge, over the whole height. */
  readonly drawer?: boolean;
}

export function Dialog({ title, onClose, children, footer, width = 560, drawer = false }: Props) {
  const style = { '--width': `${width}px` } as CSSProperties;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className={`${styles['overlay']} ${drawer ? styles['drawerOverlay'] : ''}`}
    >
      <Modal className={`${styles['modal']} ${drawer ? styles['drawer'] : ''}`} style={style}>
        <AriaDialog className={styles['dialog'] ?? ''}>
          <div className={styles['head']}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="cross" label={frame.close} onClick={onClose} />
          </div>
          <div className={styles['body']}>{children}</div>
          {footer && <div className={styles['foot']}>{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FormDialogProps extends Omit<Props, 'footer'> {
  /** The words on the button that does it. */
  readonly submit: string;
  /** The words on the button that leaves it; nothing more is to be cancelled, for instance. */
  readonly leave?: string | undefined;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** What the server said. */
  readonly error?: unknown;
  readonly onSubmit: () => void;
}

/** A dialog that is a form: Enter submits, errors stand above the buttons. */
export function FormDialog(props: FormDialogProps) {
  const { submit, leave = frame.cancel, danger, busy, disabled, error, onSubmit, children, ...dialog } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !disabled) onSubmit();
  };
  return (
    <Dialog
      {...dialog}
      footer={
        <>
          <Button onClick={dialog.onClose}>{leave}</Button>
          <Button type="submit" form="dialog-form" kind={danger ? 'danger' : 'primary'} disabled={disabled} busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id="dialog-form" onSubmit={send} style={{ display: 'contents' }}>
        {children}
      </form>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
    </Dialog>
  );
}
