// Removes a search attribute, having said what becomes of its values.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCommand } from '../../app/use-command.ts';
import { namespaces } from '../../messages/namespaces.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Command, Notice } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { totalQuery } from '../workflows/queries.ts';
import { removeAttribute } from './queries.ts';

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly onClose: () => void;
}

const texts = namespaces.attributes;

export function RemoveAttributeDialog({ namespace, name, onClose }: Props) {
  const client = useQueryClient();
  const command = useCommand(namespace);
  const { data: used } = useQuery(totalQuery(namespace, `\`${name}\` IS NOT NULL`));
  const remove = useMutation({
    mutationFn: () => removeAttribute(namespace, name),
    onSuccess: async () => {
      announce(texts.removed(name));
      onClose();
      await client.invalidateQueries({ queryKey: ['search-attributes', namespace] });
    },
  });
  return (
    <FormDialog
      title={texts.removeTitle(name)}
      submit={texts.remove}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Notice kind="warning" title={used !== undefined && texts.used(used)}>
        {texts.removeEffect(name)}
      </Notice>
      <Command line={command({ command: 'operator search-attribute remove', name: [name] })} />
    </FormDialog>
  );
}
