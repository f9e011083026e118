// Chooses what the list shows, and in which order.
import { Suspense, useState } from 'react';
import { workflows } from '../../messages/workflows.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';

const ColumnsDialog = lazyPart(async () => (await import('./ColumnsDialog.tsx')).ColumnsDialog);

export function ColumnsButton({ namespace }: { readonly namespace: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="columns" onClick={() => setOpen(true)}>
        {workflows.chooseColumns}
      </Button>
      {open && (
        <Suspense>
          <ColumnsDialog namespace={namespace} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
