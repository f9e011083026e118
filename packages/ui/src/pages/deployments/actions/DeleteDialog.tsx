// Removes a deployment that has no versions.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { deleteDeployment } from '../calls.ts';
import { type DialogProps, useChange } from './dialog.ts';

const texts = deployments.deleteDialog;

export function DeleteDialog(props: DialogProps) {
  const { deploymentKey, onClose } = props;
  const { namespace, deployment: name } = deploymentKey;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const leave = () =>
    void navigate({
      to: '/namespaces/$namespace/worker-deployments/{-$deployment}',
      params: { namespace, deployment: undefined },
    });
  const close = () => {
    onClose();
    leave();
  };
  const change = useChange({ ...props, onClose: close }, texts.done(name));
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={texts.title(name)}
      submit={deployments.actions.delete}
      danger
      busy={change.isPending}
      disabled={typed !== name}
      error={change.error}
      onSubmit={() => change.mutate(() => deleteDeployment(deploymentKey))}
      onClose={onClose}
    >
      <Notice kind="warning">{texts.effect}</Notice>
      <TextField label={texts.typed(name)} value={typed} autoFocus autoComplete="off" onChange={setTyped} />
      <Command line={command({ command: 'worker deployment delete', name })} />
    </FormDialog>
  );
}
