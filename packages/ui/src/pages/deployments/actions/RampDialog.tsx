// Lets a version get a part of the new workflows.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { setRampingVersion } from '../calls.ts';
import type { DeploymentInfo } from '../types.ts';
import { type DialogProps, useChange } from './dialog.ts';
import { firstRouting, RoutingFields, routingParameters, versionWords } from './RoutingFields.tsx';

const texts = deployments.rampDialog;
const FIRST_PERCENT = 10;

export function RampDialog(props: DialogProps) {
  const { deploymentKey, info, buildId, onClose } = props;
  const { namespace, deployment } = deploymentKey;
  const [routing, setRouting] = useState(() => firstRouting(info, buildId ?? rampingOf(info)));
  const [typed, setTyped] = useState(String(info.routingConfig?.rampingVersionPercentage ?? FIRST_PERCENT));
  const percentage = Number(typed);
  const isPercentage = typed !== '' && percentage >= 0 && percentage <= 100;
  // The server takes no version at 0 % for the end of the ramp.
  const isNothing = routing.buildId === '' && percentage === 0;
  const change = useChange(props, texts.done(versionWords(routing.buildId), percentage));
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={deployments.actions.ramp}
      submit={texts.submit}
      busy={change.isPending}
      disabled={!isPercentage || isNothing}
      error={change.error}
      onSubmit={() => change.mutate(() => setRampingVersion(deploymentKey, routing, percentage))}
      onClose={onClose}
    >
      <Notice>{texts.effect}</Notice>
      <TextField
        label={texts.percentage}
        type="number"
        min={0}
        max={100}
        step="any"
        value={typed}
        onChange={setTyped}
      />
      <RoutingFields
        info={info}
        label={texts.version}
        routing={routing}
        onChange={(next) => setRouting({ ...routing, ...next })}
      />
      <Command
        line={command({
          command: 'worker deployment set-ramping-version',
          ...routingParameters(deployment, routing),
          percentage: isPercentage ? percentage : 0,
        })}
      />
    </FormDialog>
  );
}

function rampingOf({ routingConfig }: DeploymentInfo): string | undefined {
  return routingConfig?.rampingDeploymentVersion?.buildId;
}
