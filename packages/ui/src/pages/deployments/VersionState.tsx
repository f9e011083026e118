// How a version of a deployment stands.
import { deployments as texts } from '../../messages/deployments.ts';
import { Status, type Tone } from '../../system/Status.tsx';

type VersionStatus = keyof typeof texts.status;

const TONES: Readonly<Record<VersionStatus, Tone>> = {
  INACTIVE: 'neutral',
  CREATED: 'neutral',
  CURRENT: 'completed',
  RAMPING: 'running',
  DRAINING: 'timedOut',
  DRAINED: 'neutral',
};

export function VersionState({ status = '' }: { readonly status?: string | undefined }) {
  const name = versionStatus(status);
  if (name === undefined) return null;
  return (
    <span title={texts.statusHelp[name]}>
      <Status tone={TONES[name]}>{texts.status[name]}</Status>
    </span>
  );
}

/** Of `WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT`: `CURRENT`. */
export function versionStatus(status = ''): VersionStatus | undefined {
  const name = status.replace('WORKER_DEPLOYMENT_VERSION_STATUS_', '');
  return name in texts.status ? (name as VersionStatus) : undefined;
}
