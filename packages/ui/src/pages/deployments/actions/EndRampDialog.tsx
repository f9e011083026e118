// Sends all new workflows to the current version again.
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { setRampingVersion } from '../calls.ts';
import { type DialogProps, useChange } from './dialog.ts';

const texts = deployments.rampDialog;
const NOTHING = { buildId: '', ignoreMissingTaskQueues: false, allowNoPollers: false };

export function EndRampDialog(props: DialogProps) {
  const { deploymentKey, onClose } = props;
  const { namespace, deployment: deploymentName } = deploymentKey;
  const change = useChange(props, texts.ended);
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={deployments.actions.endRamp}
      submit={texts.endSubmit}
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(() => setRampingVersion(deploymentKey, NOTHING, 0))}
      onClose={onClose}
    >
      <Notice>{texts.endEffect}</Notice>
      <Command line={command({ command: 'worker deployment set-ramping-version', deploymentName, delete: true })} />
    </FormDialog>
  );
}
