// What the commands of worker deployments print of one: the objects that programs expect of the official command, and texts.

import type { Context } from '../../context.ts';
import { enumText } from '../../output/texts.ts';

interface Version {
  readonly deploymentName?: string;
  readonly buildId?: string;
}

export interface RoutingConfig {
  readonly currentDeploymentVersion?: Version;
  readonly rampingDeploymentVersion?: Version;
  readonly rampingVersionPercentage?: number;
  readonly currentVersionChangedTime?: string;
  readonly rampingVersionChangedTime?: string;
  readonly rampingVersionPercentageChangedTime?: string;
}

export interface DeploymentInfo {
  readonly name?: string;
  readonly createTime?: string;
  readonly lastModifierIdentity?: string;
  readonly managerIdentity?: string;
  readonly routingConfig?: RoutingConfig;
  readonly versionSummaries?: readonly {
    readonly deploymentVersion?: Version;
    readonly createTime?: string;
    readonly drainageStatus?: string;
  }[];
}

export function deploymentJson({ name, createTime, lastModifierIdentity, ...info }: DeploymentInfo) {
  return {
    name,
    createTime,
    lastModifierIdentity: lastModifierIdentity ?? '',
    routingConfig: routingJson(info.routingConfig),
    versionSummaries: (info.versionSummaries ?? []).map((summary) => ({
      deploymentName: summary.deploymentVersion?.deploymentName,
      BuildID: summary.deploymentVersion?.buildId,
      drainageStatus: drainageText(summary.drainageStatus),
      createTime: summary.createTime,
    })),
    managerIdentity: info.managerIdentity ?? '',
  };
}

export function routingJson(routing: RoutingConfig = {}) {
  return {
    currentVersionDeploymentName: routing.currentDeploymentVersion?.deploymentName ?? '',
    currentVersionBuildID: routing.currentDeploymentVersion?.buildId ?? '',
    rampingVersionDeploymentName: routing.rampingDeploymentVersion?.deploymentName ?? '',
    rampingVersionBuildID: routing.rampingDeploymentVersion?.buildId ?? '',
    rampingVersionPercentage: routing.rampingVersionPercentage ?? 0,
    currentVersionChangedTime: routing.currentVersionChangedTime,
    rampingVersionChangedTime: routing.rampingVersionChangedTime,
    rampingVersionPercentageChangedTime: routing.rampingVersionPercentageChangedTime,
  };
}

export async function showDeployment({ out }: Context, heading: string, info: DeploymentInfo): Promise<void> {
  const { name, createTime, lastModifierIdentity, managerIdentity, routingConfig = {} } = info;
  await out.card(heading, [
    ['Name', name],
    ['CreateTime', out.time(createTime)],
    ['LastModifierIdentity', lastModifierIdentity],
    ['ManagerIdentity', managerIdentity],
    ['CurrentVersionBuildID', routingConfig.currentDeploymentVersion?.buildId],
    ['CurrentVersionChangedTime', out.time(routingConfig.currentVersionChangedTime)],
    ['RampingVersionBuildID', routingConfig.rampingDeploymentVersion?.buildId],
    ['RampingVersionPercentage', routingConfig.rampingVersionPercentage],
    ['RampingVersionChangedTime', out.time(routingConfig.rampingVersionChangedTime)],
  ]);
  const versions = info.versionSummaries ?? [];
  if (versions.length === 0) return;
  const rows = versions.map(({ deploymentVersion, drainageStatus, createTime: created }) => [
    deploymentVersion?.buildId ?? '',
    drainageText(drainageStatus),
    out.time(created),
  ]);
  await out.line();
  await out.table('Version Summaries', ['BuildID', 'DrainageStatus', 'CreateTime'], rows);
}

/** `draining`, `drained`, `unspecified`. */
export function drainageText(status: string | undefined): string {
  return enumText('VERSION_DRAINAGE_STATUS', status).toLowerCase() || 'unspecified';
}
