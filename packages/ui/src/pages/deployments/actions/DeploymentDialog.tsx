// The dialog that was asked for.
import type { ComponentType } from 'react';
import type { OpenDialog } from '../DeploymentActions.tsx';
import { CurrentDialog } from './CurrentDialog.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { DeleteVersionDialog } from './DeleteVersionDialog.tsx';
import type { DialogProps } from './dialog.ts';
import { EndRampDialog } from './EndRampDialog.tsx';
import { ManagerDialog } from './ManagerDialog.tsx';
import { MetadataDialog } from './MetadataDialog.tsx';
import { RampDialog } from './RampDialog.tsx';

const DIALOGS: Readonly<Record<OpenDialog['kind'], ComponentType<DialogProps>>> = {
  current: CurrentDialog,
  ramp: RampDialog,
  endRamp: EndRampDialog,
  manager: ManagerDialog,
  delete: DeleteDialog,
  deleteVersion: DeleteVersionDialog,
  metadata: MetadataDialog,
};

interface Props extends Omit<DialogProps, 'buildId'> {
  readonly open: OpenDialog;
}

export function DeploymentDialog({ open: { kind, buildId }, ...props }: Props) {
  const Shown = DIALOGS[kind];
  return <Shown {...props} buildId={buildId} />;
}
