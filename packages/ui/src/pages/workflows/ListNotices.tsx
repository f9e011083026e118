// What stands where rows would when the server has answered: why there are none, or what is wrong with the query.
import { useQuery } from '@tanstack/react-query';
import { extrasQuery } from '../../api/server.ts';
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
  const { data: extras } = useQuery(extrasQuery);
  if (filtered) {
    return (
      <Empty icon="filter" title={texts.noMatch}>
        <p>{texts.noMatchText}</p>
      </Empty>
    );
  }
  const address = extras?.addresses.grpc;
  const at = address === undefined ? '' : ` --address ${address}`;
  const where = namespace === 'default' ? at : `${at} --namespace ${namespace}`;
  return (
    <Empty icon="workflows" title={texts.emptyTitle}>
      <p>{texts.emptyText}</p>
      <Command line={`perdure workflow start --type Order --task-queue orders --workflow-id order-1${where}`} />
    </Empty>
  );
}
