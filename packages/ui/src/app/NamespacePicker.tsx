// Chooses another namespace. The page stays of the same kind: workflows stay workflows.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useState } from 'react';
import { Popover } from 'react-aria-components';
import { namespacesQuery } from '../api/server.ts';
import { frame } from '../messages/frame.ts';
import { TextField } from '../system/Field.tsx';
import menu from '../system/menu.module.css';
import { ErrorNotice } from '../system/Notice.tsx';

interface Props {
  readonly namespace: string;
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

export function NamespacePicker({ namespace, trigger, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const { data = [], error } = useQuery(namespacesQuery);
  const navigate = useNavigate();
  const names = data.map(({ namespaceInfo }) => namespaceInfo?.name ?? '').filter((name) => name.includes(typed));
  const choose = (name: string) => {
    onClose();
    const place = /\/namespaces\/[^/]+\/(workflows|schedules|batch-operations|task-queues|worker-deployments)/.exec(
      location.pathname,
    );
    const kind = (place?.[1] ?? 'workflows') as 'workflows';
    void navigate({ to: `/namespaces/$namespace/${kind}`, params: { namespace: name } });
  };
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom start"
      onOpenChange={(open) => !open && onClose()}
      className={menu['popover'] ?? ''}
    >
      <div role="dialog" aria-label={frame.namespace} style={{ display: 'grid', gap: 4 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            // A name that the list does not have may exist all the same: not everybody may list namespaces.
            const name = names[0] ?? typed;
            if (name !== '') choose(name);
          }}
        >
          <TextField
            label={frame.namespace}
            hideLabel
            placeholder={frame.namespace}
            value={typed}
            onChange={setTyped}
            autoFocus
          />
        </form>
        {error && <ErrorNotice error={error} />}
        {names.map((name) => (
          <button
            key={name}
            type="button"
            className={menu['item']}
            style={{ border: 0, background: 'none', textAlign: 'left', fontWeight: name === namespace ? 600 : 400 }}
            aria-current={name === namespace}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
      </div>
    </Popover>
  );
}
