// One worker deployment: where new workflows go, and its versions.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { deployments as texts } from '../../messages/deployments.ts';
import { IDENTITY } from '../../payloads/encode.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { buttonClass } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import { DeploymentActions, type OpenDialog } from './DeploymentActions.tsx';
import styles from './deployments.module.css';
import { deploymentQuery, workflowsOf } from './queries.ts';
import { isRamping, Traffic } from './Traffic.tsx';
import type { DeploymentInfo } from './types.ts';
import { VersionCard } from './VersionCard.tsx';

const DeploymentDialog = lazyPart(async () => (await import('./actions/DeploymentDialog.tsx')).DeploymentDialog);

const { facts } = texts;

interface Props {
  readonly namespace: string;
  readonly deployment: string;
}

export function DeploymentPage({ namespace, deployment }: Props) {
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(deploymentQuery(namespace, deployment, live));
  const [dialog, setDialog] = useState<OpenDialog>();
  const info = data?.workerDeploymentInfo;
  return (
    <div className="page page-scroll">
      <Link
        to="/namespaces/$namespace/worker-deployments/{-$deployment}"
        params={{ namespace, deployment: undefined }}
        className="soft"
      >
        ← {texts.title}
      </Link>
      <div className={styles['head']}>
        <h1 style={{ overflowWrap: 'anywhere' }}>{deployment}</h1>
        <CopyButton text={deployment} what="deployment" />
        <span className={styles['grow']} />
        <Link
          to="/namespaces/$namespace/workflows"
          params={{ namespace }}
          search={{ query: workflowsOf(deployment) }}
          className={buttonClass({})}
        >
          {texts.workflows}
        </Link>
        {info && <DeploymentActions info={info} onOpen={setDialog} />}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={6} />}
      {info && <Description namespace={namespace} deployment={deployment} info={info} onOpen={setDialog} />}
      <Suspense>
        {dialog && data && (
          <DeploymentDialog
            open={dialog}
            deploymentKey={{ namespace, deployment, conflictToken: data.conflictToken }}
            info={data.workerDeploymentInfo ?? {}}
            onClose={() => setDialog(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

interface DescriptionProps extends Props {
  readonly info: DeploymentInfo;
  readonly onOpen: (dialog: OpenDialog) => void;
}

function Description({ namespace, deployment, info, onOpen }: DescriptionProps) {
  const { routingConfig = {}, versionSummaries = [], managerIdentity = '' } = info;
  return (
    <>
      {managerIdentity !== '' && managerIdentity !== IDENTITY && <Notice>{texts.managed(managerIdentity)}</Notice>}
      {info.routingConfigUpdateState === 'ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS' && (
        <Notice>{texts.spreading}</Notice>
      )}
      <DeploymentFacts info={info} />
      <Traffic routing={routingConfig} />
      <h2>{texts.versions}</h2>
      {versionSummaries.length === 0 && <p className="faint">{texts.noVersions}</p>}
      <div className={styles['versions']}>
        {versionSummaries.map((summary) => (
          <VersionCard
            key={summary.deploymentVersion?.buildId}
            namespace={namespace}
            deployment={deployment}
            summary={summary}
            onOpen={onOpen}
          />
        ))}
      </div>
    </>
  );
}

function DeploymentFacts({ info }: { readonly info: DeploymentInfo }) {
  const { routingConfig: routing = {} } = info;
  const ramps = isRamping(routing);
  return (
    <Facts
      facts={[
        [facts.current, routing.currentDeploymentVersion?.buildId ?? texts.unversioned],
        [facts.currentSince, time(routing.currentVersionChangedTime)],
        [facts.ramping, ramps && (routing.rampingDeploymentVersion?.buildId ?? texts.unversioned)],
        [facts.rampingSince, ramps && time(routing.rampingVersionChangedTime)],
        [facts.manager, info.managerIdentity],
        [facts.changedBy, info.lastModifierIdentity],
        [facts.created, time(info.createTime)],
      ]}
    />
  );
}

function time(at: string | undefined) {
  return at && <Time key={at} at={at} />;
}
