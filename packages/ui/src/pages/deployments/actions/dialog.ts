// What all dialogs of a deployment have in common.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { announce } from '../../../system/Toasts.tsx';
import type { DeploymentKey } from '../calls.ts';
import type { DeploymentInfo } from '../types.ts';

export interface DialogProps {
  readonly deploymentKey: DeploymentKey;
  readonly info: DeploymentInfo;
  /** The version that the dialog is about, or that it offers first. */
  readonly buildId: string | undefined;
  readonly onClose: () => void;
}

/** Does it, says so, closes, and shows what became of the deployment. */
export function useChange({ deploymentKey: { namespace, deployment }, onClose }: DialogProps, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<void>) => change(),
    onSuccess: async () => {
      announce(done);
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ['deployments', namespace] }),
        client.invalidateQueries({ queryKey: ['deployment', namespace, deployment] }),
        client.invalidateQueries({ queryKey: ['deployment-version', namespace, deployment] }),
      ]);
    },
  });
}
