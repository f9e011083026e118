// What a change of routing is about: a version, and what may be missing of it.
import type { Action } from '@perdure/ui-core';
import { deployments as texts } from '../../../messages/deployments.ts';
import { Checkbox, Select } from '../../../system/Field.tsx';
import type { Routing } from '../calls.ts';
import type { DeploymentInfo } from '../types.ts';

interface Props {
  readonly info: DeploymentInfo;
  readonly label: string;
  readonly routing: Routing;
  readonly onChange: (change: Partial<Routing>) => void;
}

export function RoutingFields({ info, label, routing, onChange }: Props) {
  const builds = buildsOf(info);
  return (
    <>
      <Select
        label={label}
        value={routing.buildId}
        choices={[...builds, ''].map((value) => ({ value, words: versionWords(value) }))}
        autoFocus
        onChange={(buildId) => onChange({ buildId })}
      />
      <Checkbox
        label={texts.missing}
        checked={routing.ignoreMissingTaskQueues}
        onChange={(ignoreMissingTaskQueues) => onChange({ ignoreMissingTaskQueues })}
      />
      <Checkbox
        label={texts.noPollers}
        checked={routing.allowNoPollers}
        onChange={(allowNoPollers) => onChange({ allowNoPollers })}
      />
    </>
  );
}

/** @param buildId the version to begin with; undefined: the newest one that is not current */
export function firstRouting(info: DeploymentInfo, buildId: string | undefined): Routing {
  const current = info.routingConfig?.currentDeploymentVersion?.buildId;
  const other = buildsOf(info).find((each) => each !== current);
  return { buildId: buildId ?? other ?? '', ignoreMissingTaskQueues: false, allowNoPollers: false };
}

type RoutingParameters = Omit<
  Extract<Action, { readonly command: 'worker deployment set-current-version' }>,
  'command'
>;

/** As the commands have them. */
export function routingParameters(deploymentName: string, { buildId, ...routing }: Routing): RoutingParameters {
  return { deploymentName, ...(buildId === '' ? { unversioned: true } : { buildId }), ...routing };
}

export function versionWords(buildId: string): string {
  return buildId === '' ? texts.unversioned : buildId;
}

/** Newest first. */
function buildsOf({ versionSummaries = [] }: DeploymentInfo): readonly string[] {
  return versionSummaries
    .toSorted((a, b) => (b.createTime ?? '').localeCompare(a.createTime ?? ''))
    .map(({ deploymentVersion }) => deploymentVersion?.buildId ?? '')
    .filter((buildId) => buildId !== '');
}
