// What the workflow says of itself: its call stack, and answers to queries.
import { jsonValue, payloadsOf } from '@perdure/ui-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { run } from '../../../messages/run.ts';
import { readData } from '../../../payloads/decode.ts';
import { jsonArguments, jsonPayloads, jsonProblem } from '../../../payloads/encode.ts';
import { JsonField } from '../../../payloads/JsonField.tsx';
import { PayloadList } from '../../../payloads/PayloadCard.tsx';
import { SendNote } from '../../../payloads/SendNote.tsx';
import { Button } from '../../../system/Button.tsx';
import { Command, ErrorNotice, Notice, Skeleton } from '../../../system/Notice.tsx';
import { Time } from '../../../system/Time.tsx';
import { textOf } from '../../../system/text.ts';
import { NameField } from '../actions/NameField.tsx';
import { definitionsQuery, STACK_QUERY } from '../definitions.ts';
import type { RunKey } from '../history.ts';
import { isOpenRun, type RunDescription, runQueryCall } from '../queries.ts';
import styles from './tabs.module.css';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription | undefined;
}

const texts = run.queries;

export function QueriesTab({ runKey, description }: Props) {
  return (
    <div className={styles['columns']}>
      <QueryForm runKey={runKey} />
      {description && isOpenRun(description) ? (
        <CallStack runKey={runKey} />
      ) : (
        <p className="faint">{texts.closedStack}</p>
      )}
    </div>
  );
}

function QueryForm({ runKey }: { readonly runKey: RunKey }) {
  const { namespace, workflowId, runId } = runKey;
  const command = useCommand(namespace);
  const { data: definitions } = useQuery(definitionsQuery(runKey));
  const [name, setName] = useState('');
  const [args, setArgs] = useState('');
  const problem = jsonProblem(args);
  const ask = useMutation({
    mutationFn: () => runQueryCall(namespace, workflowId, runId, { type: name, args: jsonPayloads(args) }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  const { queryRejected, queryResult } = ask.data ?? {};
  return (
    <form className={styles['panel']} onSubmit={send}>
      <h2>{texts.name}</h2>
      <p className="faint">{texts.needsWorker}</p>
      <NameField label={texts.name} value={name} known={definitions?.queries ?? []} onChange={setName} />
      <JsonField label={texts.args} value={args} error={problem} onChange={setArgs} />
      {args.trim() !== '' && <SendNote />}
      <div>
        <Button type="submit" kind="primary" disabled={name === '' || problem !== undefined} busy={ask.isPending}>
          {texts.run}
        </Button>
      </div>
      <Command
        line={command({
          command: 'workflow query',
          workflowId,
          runId,
          name: name || 'QUERY',
          input: jsonArguments(args),
        })}
      />
      <div aria-live="polite">
        {ask.error && <ErrorNotice error={ask.error} />}
        {queryRejected && <Notice kind="warning">{texts.rejected(queryRejected.status ?? '')}</Notice>}
        {ask.data && !queryRejected && (
          <PayloadList title={texts.answered} payloads={payloadsOf(queryResult)} namespace={namespace} />
        )}
      </div>
    </form>
  );
}

function CallStack({ runKey: { namespace, workflowId, runId } }: { readonly runKey: RunKey }) {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['stack', namespace, workflowId, runId],
    retry: false,
    queryFn: async () => {
      const { queryResult } = await runQueryCall(namespace, workflowId, runId, { type: STACK_QUERY, args: undefined });
      const { read } = await readData(queryResult, namespace);
      return textOf(jsonValue(payloadsOf(queryResult).map(read)[0]));
    },
  });
  return (
    <section className={styles['panel']}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h2 style={{ flex: 1 }}>{texts.stack}</h2>
        {data !== undefined && (
          <span className="faint">
            <Time at={dataUpdatedAt} />
          </span>
        )}
        <Button size="small" icon="refresh" busy={isFetching} onClick={() => void refetch()}>
          {texts.refresh}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {isFetching && data === undefined && <Skeleton />}
      {data !== undefined && <pre className={styles['code']}>{data}</pre>}
    </section>
  );
}
