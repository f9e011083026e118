// A state, always told by a shape, a word and a colour together.
import { Icon, type IconName } from './Icon.tsx';
import styles from './status.module.css';

/** The states that have a colour. */
export type Tone =
  | 'running'
  | 'completed'
  | 'failed'
  | 'timedOut'
  | 'canceled'
  | 'terminated'
  | 'continuedAsNew'
  | 'paused'
  | 'neutral';

const ICONS: Readonly<Record<Tone, IconName>> = {
  running: 'ring',
  completed: 'check',
  failed: 'cross',
  timedOut: 'clock',
  canceled: 'slash',
  terminated: 'square',
  continuedAsNew: 'arrow',
  paused: 'bars',
  neutral: 'minus',
};

interface Props {
  readonly tone: Tone;
  readonly children: string;
  /** Without the coloured ground. */
  readonly plain?: boolean;
}

export function Status({ tone, children, plain = false }: Props) {
  return (
    <span className={`${styles['mark']} ${styles[tone]} ${plain ? '' : styles['pill']}`}>
      <Icon name={ICONS[tone]} size={12} />
      {children}
    </span>
  );
}

const WORKFLOW_STATUS: Readonly<Record<string, { readonly tone: Tone; readonly words: string }>> = {
  RUNNING: { tone: 'running', words: 'Running' },
  COMPLETED: { tone: 'completed', words: 'Completed' },
  FAILED: { tone: 'failed', words: 'Failed' },
  CANCELED: { tone: 'canceled', words: 'Canceled' },
  TERMINATED: { tone: 'terminated', words: 'Terminated' },
  CONTINUED_AS_NEW: { tone: 'continuedAsNew', words: 'Continued as new' },
  TIMED_OUT: { tone: 'timedOut', words: 'Timed out' },
  PAUSED: { tone: 'paused', words: 'Paused' },
};

/** @param status `WORKFLOW_EXECUTION_STATUS_RUNNING`, or the name that a search attribute has: `Running` */
export function workflowStatus(status: string | undefined): { readonly tone: Tone; readonly words: string } {
  const name = (status ?? '').replace('WORKFLOW_EXECUTION_STATUS_', '');
  const key = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  return WORKFLOW_STATUS[key] ?? { tone: 'neutral', words: name || 'Unknown' };
}

export function WorkflowStatus({ status, plain }: { readonly status: string | undefined; readonly plain?: boolean }) {
  const { tone, words } = workflowStatus(status);
  return (
    <Status tone={tone} {...(plain === undefined ? {} : { plain })}>
      {words}
    </Status>
  );
}

export function statusIcon(tone: Tone): IconName {
  return ICONS[tone];
}

/** For what is drawn rather than laid out: the CSS variable of a tone. */
export function toneVariable(tone: Tone): string {
  const names: Partial<Record<Tone, string>> = {
    timedOut: 'timed-out',
    continuedAsNew: 'continued',
    neutral: 'paused',
  };
  return `--${names[tone] ?? tone}`;
}
