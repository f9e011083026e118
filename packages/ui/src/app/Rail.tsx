// The rail at the left: the places one can go.
import { Link, type LinkProps } from '@tanstack/react-router';
import { frame } from '../messages/frame.ts';
import { lastNamespace } from '../settings/last-namespace.ts';
import { setPreferences, usePreferences } from '../settings/preferences.ts';
import { Icon, type IconName } from '../system/Icon.tsx';
import styles from './frame.module.css';

interface Place {
  readonly to: LinkProps['to'];
  readonly icon: IconName;
  readonly words: string;
  /** Also lit while a deeper page is open. */
  readonly deep: boolean;
}

const { pages } = frame;
const PLACES: readonly Place[] = [
  { to: '/namespaces/$namespace/workflows', icon: 'workflows', words: pages.workflows, deep: true },
  { to: '/namespaces/$namespace/schedules', icon: 'schedules', words: pages.schedules, deep: true },
  { to: '/namespaces/$namespace/batch-operations', icon: 'batch', words: pages.batch, deep: true },
  { to: '/namespaces/$namespace/task-queues', icon: 'taskQueues', words: pages.taskQueues, deep: true },
  {
    to: '/namespaces/$namespace/worker-deployments/{-$deployment}',
    icon: 'deployments',
    words: pages.deployments,
    deep: true,
  },
  { to: '/nexus/{-$endpoint}', icon: 'nexus', words: pages.nexus, deep: true },
  { to: '/namespaces', icon: 'namespaces', words: pages.namespaces, deep: false },
  { to: '/import', icon: 'import', words: pages.import, deep: true },
];

interface Props {
  readonly namespace: string | undefined;
  /** On narrow screens the rail lies over the page, or is away. */
  readonly open: boolean;
  readonly onSettings: () => void;
}

export function Rail({ namespace = lastNamespace() ?? 'default', open, onSettings }: Props) {
  const { railCollapsed } = usePreferences();
  const toggle = railCollapsed ? frame.expand : frame.collapse;
  return (
    <nav
      aria-label={frame.navigation}
      className={`${styles['rail']} ${railCollapsed ? styles['collapsed'] : ''} ${open ? styles['open'] : ''}`}
    >
      <Link to="/namespaces/$namespace/workflows" params={{ namespace }} className={styles['brand']}>
        <Brand />
        <span className={styles['words']}>{frame.product}</span>
      </Link>
      {PLACES.map(({ to, icon, words, deep }) => (
        <Link
          key={words}
          to={to as '/namespaces/$namespace/workflows'}
          params={{ namespace, deployment: undefined, endpoint: undefined } as { namespace: string }}
          activeOptions={{ exact: !deep, includeSearch: false }}
          className={styles['item'] ?? ''}
          title={words}
        >
          <Icon name={icon} />
          <span className={styles['words']}>{words}</span>
        </Link>
      ))}
      <div className={styles['gap']} />
      <button type="button" className={styles['item']} title={pages.settings} onClick={onSettings}>
        <Icon name="settings" />
        <span className={styles['words']}>{pages.settings}</span>
      </button>
      <button
        type="button"
        className={`${styles['item']} ${styles['collapse']}`}
        aria-label={toggle}
        title={toggle}
        onClick={() => setPreferences({ railCollapsed: !railCollapsed })}
      >
        <Icon name={railCollapsed ? 'right' : 'left'} />
        <span className={styles['words']}>{toggle}</span>
      </button>
    </nav>
  );
}

function Brand() {
  return (
    <svg aria-hidden="true" width="20" height="20" viewBox="0 0 32 32" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M9 24V8h8a5.500 5.500 0 0 1 0 11h-4"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
