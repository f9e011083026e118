// Deletes a namespace. Its name is typed, since nothing brings it back. Where the server does not let pages do it, this is
// the command.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { extrasQuery } from '../../api/server.ts';
import { useCommand } from '../../app/use-command.ts';
import { namespaces } from '../../messages/namespaces.ts';
import { lastNamespace, rememberNamespace } from '../../settings/last-namespace.ts';
import { Dialog, FormDialog } from '../../system/Dialog.tsx';
import { TextField } from '../../system/Field.tsx';
import { Command, Notice } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { totalQuery } from '../workflows/queries.ts';
import { deleteNamespace, useCanOperate } from './queries.ts';

interface Props {
  readonly namespace: string;
  readonly onClose: () => void;
}

const texts = namespaces.remove;

export function DeleteDialog(props: Props) {
  const { namespace, onClose } = props;
  const canOperate = useCanOperate();
  const command = useCommand('default');
  const { data: running } = useQuery(totalQuery(namespace, 'ExecutionStatus = "Running"'));
  const title = texts.title(namespace);
  const effect = (
    <Notice kind="warning" title={running !== undefined && texts.running(running)}>
      {texts.effect}
    </Notice>
  );
  const line = <Command line={command({ command: 'operator namespace delete', namespace })} />;
  if (canOperate) return <DeleteForm {...props} title={title} effect={effect} line={line} />;
  return (
    <Dialog title={title} onClose={onClose}>
      {effect}
      <p>{texts.byCommand}</p>
      {line}
    </Dialog>
  );
}

interface FormProps extends Props {
  readonly title: string;
  readonly effect: React.ReactNode;
  readonly line: React.ReactNode;
}

function DeleteForm({ namespace, onClose, title, effect, line }: FormProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: extras } = useQuery(extrasQuery);
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => deleteNamespace(namespace),
    onSuccess: async () => {
      announce(texts.done(namespace));
      onClose();
      // Who comes back must not begin where nothing is left.
      if (lastNamespace() === namespace) rememberNamespace(extras?.defaultNamespace ?? 'default');
      await navigate({ to: '/namespaces' });
      await client.invalidateQueries({ queryKey: ['namespaces'] });
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === namespace });
    },
  });
  return (
    <FormDialog
      title={title}
      submit={texts.button}
      danger
      busy={remove.isPending}
      disabled={typed !== namespace}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      {effect}
      <TextField label={texts.typed(namespace)} value={typed} autoFocus autoComplete="off" onChange={setTyped} />
      {line}
    </FormDialog>
  );
}
