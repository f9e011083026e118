// The search attributes of a namespace. Where the server lets pages change them, this one does; otherwise it gives the
// commands.
import { enumWords } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { searchAttributesQuery } from '../../api/server.ts';
import { useCommand } from '../../app/use-command.ts';
import { namespaces } from '../../messages/namespaces.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Command, ErrorNotice } from '../../system/Notice.tsx';
import list from '../run/tabs/tabs.module.css';
import styles from './namespaces.module.css';
import { useCanOperate } from './queries.ts';

const AddDialog = lazyPart(async () => (await import('./AddAttributeDialog.tsx')).AddAttributeDialog);
const RemoveDialog = lazyPart(async () => (await import('./RemoveAttributeDialog.tsx')).RemoveAttributeDialog);

const texts = namespaces.attributes;

export function SearchAttributes({ namespace }: { readonly namespace: string }) {
  const { data, error } = useQuery(searchAttributesQuery(namespace));
  const canOperate = useCanOperate();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const { customAttributes: custom = {}, systemAttributes: system = {} } = data ?? {};
  return (
    <section className={styles['attributes']}>
      <div className={styles['head']}>
        <h2>{texts.title}</h2>
        {canOperate && data && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        )}
      </div>
      <p className="soft">{texts.help}</p>
      {error && <ErrorNotice error={error} />}
      {canOperate === false && <Commands namespace={namespace} />}
      {data && (
        <table className={list['list']}>
          <thead>
            <tr>
              <th>{texts.name}</th>
              <th>{texts.type}</th>
              <th className={styles['action']}>
                <span className="visually-hidden">{texts.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.keys(custom).length === 0 && (
              <tr>
                <td colSpan={3} className="faint">
                  {texts.none}
                </td>
              </tr>
            )}
            {byName(custom).map(([name, type]) => (
              <Row key={name} name={name} type={type}>
                {canOperate && (
                  <Button size="small" aria-label={texts.removeName(name)} onClick={() => setRemoving(name)}>
                    {texts.remove}
                  </Button>
                )}
              </Row>
            ))}
            {byName(system).map(([name, type]) => (
              <Row key={name} name={name} type={type}>
                <span className="faint">{texts.system}</span>
              </Row>
            ))}
          </tbody>
        </table>
      )}
      <Suspense>
        {adding && (
          <AddDialog
            namespace={namespace}
            taken={[...Object.keys(custom), ...Object.keys(system)]}
            onClose={() => setAdding(false)}
          />
        )}
        {removing !== undefined && (
          <RemoveDialog namespace={namespace} name={removing} onClose={() => setRemoving(undefined)} />
        )}
      </Suspense>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly type: string;
  readonly children: React.ReactNode;
}

function Row({ name, type, children }: RowProps) {
  return (
    <tr>
      <td className="mono">{name}</td>
      <td>{typeName(type)}</td>
      <td className={styles['action']}>{children}</td>
    </tr>
  );
}

function Commands({ namespace }: { readonly namespace: string }) {
  const command = useCommand(namespace);
  return (
    <>
      <p className="soft">{texts.byCommand}</p>
      <Command
        line={command({ command: 'operator search-attribute create', name: ['CustomerId'], type: ['Keyword'] })}
      />
      <Command line={command({ command: 'operator search-attribute remove', name: ['CustomerId'] })} />
    </>
  );
}

function byName(attributes: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(attributes).toSorted(([a], [b]) => a.localeCompare(b));
}

/** `INDEXED_VALUE_TYPE_KEYWORD_LIST` is `KeywordList` to workflow code and commands. */
function typeName(type: string): string {
  return enumWords(type, 'INDEXED_VALUE_TYPE').replaceAll(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase());
}
