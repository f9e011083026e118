// Says who alone may change a deployment.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { setManager } from '../calls.ts';
import { type DialogProps, useChange } from './dialog.ts';

const texts = deployments.managerDialog;

export function ManagerDialog(props: DialogProps) {
  const { deploymentKey, info, onClose } = props;
  const { namespace, deployment: deploymentName } = deploymentKey;
  const [managerIdentity, setIdentity] = useState(info.managerIdentity ?? '');
  const change = useChange(props, texts.done);
  const command = useCommand(namespace);
  const line =
    managerIdentity === ''
      ? command({ command: 'worker deployment manager-identity unset', deploymentName })
      : command({ command: 'worker deployment manager-identity set', deploymentName, managerIdentity });
  return (
    <FormDialog
      title={deployments.actions.manager}
      submit={texts.submit}
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(() => setManager(deploymentKey, managerIdentity))}
      onClose={onClose}
    >
      <Notice>{texts.effect}</Notice>
      <TextField
        label={texts.identity}
        help={texts.identityHelp}
        value={managerIdentity}
        autoFocus
        onChange={setIdentity}
      />
      <Command line={line} />
    </FormDialog>
  );
}
