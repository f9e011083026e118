// What one side said, and the tools that it called.
import {
  type ExactJson,
  failureSummary,
  type GroupStatus,
  isOpen,
  type StepFacts,
  type ToolCall,
  type Turn,
} from '@perdure/ui-core';
import { agent as texts } from '../../../messages/agent.ts';
import { run } from '../../../messages/run.ts';
import { JsonTree } from '../../../payloads/JsonTree.tsx';
import { Markdown } from '../../../payloads/Markdown.tsx';
import { Button } from '../../../system/Button.tsx';
import { Icon, type IconName } from '../../../system/Icon.tsx';
import { Status } from '../../../system/Status.tsx';
import { Duration } from '../../../system/Time.tsx';
import { groupTone } from '../body/group-look.ts';
import styles from './agent.module.css';

interface Props {
  readonly turn: Turn;
  /** Id of the group that is selected. */
  readonly selected: string | undefined;
  /** Of a button that shows the step. */
  readonly showWords: string;
  readonly onShow: (groupId: string) => void;
}

const ICONS: Readonly<Record<Turn['role'], IconName>> = {
  system: 'settings',
  user: 'workers',
  assistant: 'message',
  tool: 'tool',
};

export function TurnCard({ turn, selected, showWords, onShow }: Props) {
  const { role, text, toolCalls, model, tokens, cost, groupId, step } = turn;
  return (
    <li className={styles['turn']} data-role={role} data-selected={step !== undefined && groupId === selected}>
      <div className={styles['head']}>
        <Icon name={ICONS[role]} />
        <b>{texts.roles[role]}</b>
        {model !== '' && <span className="mono">{model}</span>}
        {step && <StepWords step={step} />}
        {tokens && <span>{texts.tokens(tokens)}</span>}
        {cost !== undefined && <span>{texts.cost(cost)}</span>}
        <Button size="small" kind="quiet" onClick={() => onShow(groupId)}>
          {showWords}
        </Button>
      </div>
      {(text !== '' || (role === 'assistant' && toolCalls.length === 0)) && (
        <div className={styles['text']}>
          {text === '' ? (
            <span className="faint">{step ? withoutText(step) : texts.noText}</span>
          ) : (
            <Markdown text={text} />
          )}
          {step && <FailureLine step={step} />}
        </div>
      )}
      {toolCalls.map((call, i) => (
        <ToolCallCard key={`${i} ${call.id}`} {...{ call, selected, showWords, onShow }} />
      ))}
    </li>
  );
}

function withoutText({ status }: StepFacts): string {
  if (isOpen({ status })) return texts.waiting;
  return status === 'completed' ? texts.noText : '';
}

interface CallProps extends Omit<Props, 'turn'> {
  readonly call: ToolCall;
}

function ToolCallCard({ call, selected, showWords, onShow }: CallProps) {
  const { name, args, result, step } = call;
  return (
    <details className={styles['call']} data-selected={step !== undefined && step.groupId === selected}>
      <summary>
        <Icon name="tool" size={13} /> <b className="mono">{name}</b>{' '}
        <span className={styles['about']}>{step && <StepWords step={step} />}</span>
      </summary>
      <div className={styles['data']}>
        {args !== undefined && <Data title={texts.args} value={args} />}
        {result === undefined ? (
          <span className="faint">{step === undefined || isOpen(step) ? texts.noResult : ''}</span>
        ) : (
          <Data title={texts.result} value={result} />
        )}
        {step && <FailureLine step={step} />}
        {step && (
          <div>
            <Button size="small" onClick={() => onShow(step.groupId)}>
              {showWords}
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

function Data({ title, value }: { readonly title: string; readonly value: ExactJson }) {
  return (
    <>
      <span className="faint">{title}</span>
      <div className={styles['json']}>
        {typeof value === 'string' ? <Markdown text={value} /> : <JsonTree value={value} />}
      </div>
    </>
  );
}

/** A step that is done says nothing of its status. */
function StepWords({ step }: { readonly step: StepFacts }) {
  const { status, attempt, startedMs, durationMs } = step;
  return (
    <>
      {status !== 'completed' && (
        <Status tone={groupTone({ status })} plain>
          {statusText(status)}
        </Status>
      )}{' '}
      {attempt > 1 && <span>{texts.attempt(attempt)} </span>}
      {startedMs !== undefined && (
        <Duration fromMs={startedMs} toMs={durationMs === undefined ? undefined : startedMs + durationMs} />
      )}
    </>
  );
}

function statusText(status: GroupStatus): string {
  return status.replaceAll(/(?<=[a-z])([A-Z])/g, ' $1').toLowerCase();
}

function FailureLine({ step: { failure, status } }: { readonly step: StepFacts }) {
  if (failure === undefined) return null;
  const isOver = status === 'completed';
  return (
    <p style={{ color: isOver ? 'var(--text-faint)' : 'var(--failed)', overflowWrap: 'anywhere' }}>
      {isOver ? `${run.inspector.lastFailure}: ` : ''}
      {failureSummary(failure)}
    </p>
  );
}
