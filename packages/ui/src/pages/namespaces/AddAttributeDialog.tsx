// Registers a search attribute.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../app/use-command.ts';
import { namespaces } from '../../messages/namespaces.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Select, TextField } from '../../system/Field.tsx';
import { Command } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { ATTRIBUTE_TYPES, type AttributeType, addAttribute } from './queries.ts';

interface Props {
  readonly namespace: string;
  /** Names that there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

const texts = namespaces.attributes;
/** As queries write names without quotes; the server takes any, which nobody could type. */
const NAME = /^[A-Za-z]\w{0,63}$/;

export function AddAttributeDialog({ namespace, taken, onClose }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [type, setType] = useState<AttributeType>('Keyword');
  const command = useCommand(namespace);
  const add = useMutation({
    mutationFn: () => addAttribute(namespace, name, type),
    onSuccess: async () => {
      announce(texts.added(name));
      onClose();
      await client.invalidateQueries({ queryKey: ['search-attributes', namespace] });
    },
  });
  const problem = taken.includes(name) ? texts.taken : name !== '' && !NAME.test(name) ? texts.badName : undefined;
  return (
    <FormDialog
      title={texts.add}
      submit={texts.add}
      busy={add.isPending}
      disabled={name === '' || problem !== undefined}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <TextField
        label={texts.name}
        help={texts.nameHelp}
        error={problem}
        value={name}
        required
        autoFocus
        autoComplete="off"
        onChange={(changed) => setName(changed.trim())}
      />
      <Select
        label={texts.type}
        help={texts.typeHelp}
        value={type}
        choices={ATTRIBUTE_TYPES.map((value) => ({ value, words: texts.types[value] }))}
        onChange={setType}
      />
      <Command line={command({ command: 'operator search-attribute create', name: [name || 'NAME'], type: [type] })} />
    </FormDialog>
  );
}
