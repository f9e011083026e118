// Makes a version the one that gets new workflows.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { setCurrentVersion } from '../calls.ts';
import { type DialogProps, useChange } from './dialog.ts';
import { firstRouting, RoutingFields, routingParameters, versionWords } from './RoutingFields.tsx';

const texts = deployments.currentDialog;

export function CurrentDialog(props: DialogProps) {
  const { deploymentKey, info, buildId, onClose } = props;
  const { namespace, deployment } = deploymentKey;
  const [routing, setRouting] = useState(() => firstRouting(info, buildId));
  const change = useChange(props, texts.done(versionWords(routing.buildId)));
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={deployments.actions.current}
      submit={texts.submit}
      busy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(() => setCurrentVersion(deploymentKey, routing))}
      onClose={onClose}
    >
      <Notice>{texts.effect}</Notice>
      <RoutingFields
        info={info}
        label={texts.version}
        routing={routing}
        onChange={(next) => setRouting({ ...routing, ...next })}
      />
      <Command
        line={command({ command: 'worker deployment set-current-version', ...routingParameters(deployment, routing) })}
      />
    </FormDialog>
  );
}
