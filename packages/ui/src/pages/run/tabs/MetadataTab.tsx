// What people and code have written about a run: summary, details, memo, search attributes, and its timeouts.
import type { Payload } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { run } from '../../../messages/run.ts';
import { useDecodedText } from '../../../payloads/decode.ts';
import { Markdown } from '../../../payloads/Markdown.tsx';
import { PayloadCard } from '../../../payloads/PayloadCard.tsx';
import { Facts } from '../../../system/Facts.tsx';
import { definitionsQuery } from '../definitions.ts';
import type { RunKey } from '../history.ts';
import { isOpenRun, type RunDescription } from '../queries.ts';
import styles from './tabs.module.css';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription | undefined;
}

const texts = run.metadata;

export function MetadataTab({ runKey, description }: Props) {
  const open = description !== undefined && isOpenRun(description);
  const { data: definitions } = useQuery({ ...definitionsQuery(runKey), enabled: open });
  const { workflowExecutionInfo: info, executionConfig: config } = description ?? {};
  const details = useDecodedText(config?.userMetadata?.details, runKey.namespace);
  return (
    <div className={styles['columns']}>
      <section className={styles['panel']}>
        <h2>{texts.memo}</h2>
        <Fields fields={info?.memo?.fields} namespace={runKey.namespace} />
        <h2>{texts.searchAttributes}</h2>
        <Fields fields={info?.searchAttributes?.indexedFields} namespace={runKey.namespace} />
      </section>
      <section className={styles['panel']}>
        {definitions?.currentDetails && (
          <>
            <h2>{texts.current}</h2>
            <Markdown text={definitions.currentDetails} />
          </>
        )}
        {details !== '' && (
          <>
            <h2>{texts.details}</h2>
            <Markdown text={details} />
          </>
        )}
        <h2>{texts.timeouts}</h2>
        <Facts
          lines
          facts={[
            ['Execution', config?.workflowExecutionTimeout ?? '∞'],
            ['Run', config?.workflowRunTimeout ?? '∞'],
            ['Workflow task', config?.defaultWorkflowTaskTimeout],
          ]}
        />
      </section>
    </div>
  );
}

interface FieldsProps {
  readonly fields: Readonly<Record<string, Payload>> | undefined;
  readonly namespace: string;
}

function Fields({ fields = {}, namespace }: FieldsProps) {
  const entries = Object.entries(fields);
  if (entries.length === 0) return <p className="faint">{texts.none}</p>;
  return entries.map(([name, payload]) => (
    <PayloadCard key={name} title={name} payload={payload} namespace={namespace} />
  ));
}
