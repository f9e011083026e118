// Removes a version that is not in use.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Checkbox } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { deleteVersion } from '../calls.ts';
import { type DialogProps, useChange } from './dialog.ts';

const texts = deployments.deleteVersionDialog;

export function DeleteVersionDialog(props: DialogProps) {
  const { deploymentKey, buildId = '', onClose } = props;
  const { namespace, deployment: deploymentName } = deploymentKey;
  const [skipDrainage, setSkip] = useState(false);
  const change = useChange(props, texts.done(buildId));
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={texts.title(buildId)}
      submit={texts.submit}
      danger
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(() => deleteVersion(deploymentKey, buildId, skipDrainage))}
      onClose={onClose}
    >
      <Notice kind="warning">{texts.effect}</Notice>
      <Checkbox label={texts.skip} checked={skipDrainage} onChange={setSkip} />
      <Command line={command({ command: 'worker deployment delete-version', deploymentName, buildId, skipDrainage })} />
    </FormDialog>
  );
}
