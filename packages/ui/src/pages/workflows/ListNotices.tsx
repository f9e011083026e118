// What stands where rows would when the server has answered: why there are none, or what is wrong with the query.
import { useCommand } from '../../app/use-command.ts';
import { pick } from '../../messages/catalogue.ts';
import { Command, Empty, Notice } from '../../system/Notice.tsx';

const texts = pick({
  en: {
    emptyTitle: 'No workflows yet',
    emptyText: 'Start one from here, from your code, or with the command line:',
    noMatch: 'No workflow matches',
    noMatchText: 'No execution of this namespace matches the query.',
    badQuery: 'The query is not understood',
  },
});

export function BadQuery({ error }: { readonly error: Error }) {
  return (
    <div role="alert">
      <Notice kind="warning" title={texts.badQuery}>
        {error.message}
      </Notice>
    </div>
  );
}

export function NoRows({ namespace, filtered }: { readonly namespace: string; readonly filtered: boolean }) {
  const command = useCommand(namespace);
  if (filtered) {
    return (
      <Empty icon="filter" title={texts.noMatch}>
        <p>{texts.noMatchText}</p>
      </Empty>
    );
  }
  const example = { type: 'Order', taskQueue: 'orders', workflowId: 'order-1' };
  return (
    <Empty icon="workflows" title={texts.emptyTitle}>
      <p>{texts.emptyText}</p>
      <Command line={command({ command: 'workflow start', ...example })} />
    </Empty>
  );
}
