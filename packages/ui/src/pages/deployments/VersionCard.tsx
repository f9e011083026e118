// One version of a deployment. Its details are asked for when they are opened; the fragment of the address opens them too.
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Suspense } from 'react';
import { deployments as texts } from '../../messages/deployments.ts';
import { buttonClass, IconButton } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { MenuButton } from '../../system/Menu.tsx';
import { Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { OpenDialog } from './DeploymentActions.tsx';
import styles from './deployments.module.css';
import { workflowsOf } from './queries.ts';
import type { VersionSummary } from './types.ts';
import { VersionState, versionStatus } from './VersionState.tsx';

const VersionDetails = lazyPart(async () => (await import('./VersionDetails.tsx')).VersionDetails);

interface Props {
  readonly namespace: string;
  readonly deployment: string;
  readonly summary: VersionSummary;
  readonly onOpen: (dialog: OpenDialog) => void;
}

export function VersionCard({ namespace, deployment, summary, onOpen }: Props) {
  const buildId = summary.deploymentVersion?.buildId ?? '';
  const navigate = useNavigate();
  const isOpen = useLocation({ select: ({ hash }) => hash === buildId });
  const toggle = () =>
    void navigate({
      to: '/namespaces/$namespace/worker-deployments/{-$deployment}',
      params: { namespace, deployment },
      ...(isOpen ? {} : { hash: buildId }),
      replace: true,
      hashScrollIntoView: false,
    });
  return (
    <section className={styles['card']} aria-label={buildId} id={buildId}>
      <div className={styles['summary']}>
        <IconButton
          icon={isOpen ? 'down' : 'right'}
          size="small"
          label={texts.version.details(buildId)}
          aria-expanded={isOpen}
          onClick={toggle}
        />
        <span className={`${styles['build']} mono`}>{buildId}</span>
        <CopyButton text={buildId} what="build id" />
        <VersionState status={summary.status} />
        <Since summary={summary} />
        <div className={styles['end']}>
          <Link
            to="/namespaces/$namespace/workflows"
            params={{ namespace }}
            search={{ query: workflowsOf(deployment, buildId) }}
            className={buttonClass({ kind: 'quiet' })}
          >
            {texts.workflows}
          </Link>
          <VersionMenu buildId={buildId} status={summary.status} onOpen={onOpen} />
        </div>
      </div>
      {isOpen && (
        <div className={styles['details']}>
          <Suspense fallback={<Skeleton />}>
            <VersionDetails
              namespace={namespace}
              deployment={deployment}
              buildId={buildId}
              onEditMetadata={() => onOpen({ kind: 'metadata', buildId })}
            />
          </Suspense>
        </div>
      )}
    </section>
  );
}

/** The time that says most about its state. */
function Since({ summary }: { readonly summary: VersionSummary }) {
  const { version } = texts;
  const [words, at] =
    summary.currentSinceTime !== undefined
      ? [version.currentSince, summary.currentSinceTime]
      : summary.rampingSinceTime !== undefined
        ? [version.rampingSince, summary.rampingSinceTime]
        : summary.lastDeactivationTime !== undefined
          ? [version.lastActive, summary.lastDeactivationTime]
          : [version.created, summary.createTime];
  if (at === undefined) return null;
  return (
    <span className="soft">
      {words} <Time at={at} />
    </span>
  );
}

interface MenuProps {
  readonly buildId: string;
  readonly status: string | undefined;
  readonly onOpen: (dialog: OpenDialog) => void;
}

function VersionMenu({ buildId, status, onOpen }: MenuProps) {
  const { actions } = texts;
  const is = versionStatus(status);
  const item = (kind: OpenDialog['kind']) => ({ id: kind, onAction: () => onOpen({ kind, buildId }) });
  return (
    <MenuButton
      label={texts.version.more(buildId)}
      icon="dots"
      iconOnly
      items={[
        { ...item('current'), words: actions.makeCurrent, icon: 'check', disabled: is === 'CURRENT' },
        { ...item('ramp'), words: actions.rampTo, icon: 'ring', disabled: is === 'CURRENT' },
        { ...item('metadata'), words: texts.editMetadata, icon: 'edit' },
        { ...item('deleteVersion'), words: actions.deleteVersion, icon: 'trash', danger: true },
      ]}
    />
  );
}
