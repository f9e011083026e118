// What can be done with a deployment as a whole.
import { deployments as texts } from '../../messages/deployments.ts';
import { Button } from '../../system/Button.tsx';
import { MenuButton } from '../../system/Menu.tsx';
import { isRamping } from './Traffic.tsx';
import type { DeploymentInfo } from './types.ts';

/** A dialog, and the version that it is about. */
export interface OpenDialog {
  readonly kind: 'current' | 'ramp' | 'endRamp' | 'manager' | 'delete' | 'deleteVersion' | 'metadata';
  readonly buildId?: string;
}

interface Props {
  readonly info: DeploymentInfo;
  readonly onOpen: (dialog: OpenDialog) => void;
}

const { actions } = texts;

export function DeploymentActions({ info, onOpen }: Props) {
  return (
    <>
      <Button onClick={() => onOpen({ kind: 'current' })}>{actions.current}</Button>
      <Button onClick={() => onOpen({ kind: 'ramp' })}>{actions.ramp}</Button>
      {isRamping(info.routingConfig ?? {}) && (
        <Button onClick={() => onOpen({ kind: 'endRamp' })}>{actions.endRamp}</Button>
      )}
      <MenuButton
        label={actions.more}
        icon="dots"
        iconOnly
        items={[
          { id: 'manager', words: actions.manager, icon: 'key', onAction: () => onOpen({ kind: 'manager' }) },
          {
            ...{ id: 'delete', words: actions.delete, icon: 'trash', danger: true },
            onAction: () => onOpen({ kind: 'delete' }),
          },
        ]}
      />
    </>
  );
}
