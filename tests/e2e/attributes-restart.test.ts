// Search attributes of a namespace, as the command line gives them and a database keeps them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { Hand } from './hand.ts';
import { NAMESPACE, type ServerOptions, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

const Type = proto.temporal.api.enums.v1.IndexedValueType;

async function withServer(options: ServerOptions, use: (server: TestServer, raw: RawClient) => Promise<void>) {
  const server = await TestServer.start(options);
  const raw = new RawClient(server.address);
  try {
    await use(server, raw);
  } finally {
    raw.close();
    await server.dispose();
  }
}

describe('registered search attributes', () => {
  it('survive a kill of the server, and so do the values of a run', async () => {
    const options = { onFile: true, args: ['--search-attribute', 'City=Keyword', '-n', 'orders'] };
    await withServer(options, async (server, raw) => {
      await raw.operator.addSearchAttributes({
        namespace: NAMESPACE,
        searchAttributes: { Count: Type.INDEXED_VALUE_TYPE_INT },
      });
      const w = new Hand(raw);
      const indexedFields = { Count: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('7') } };
      await w.start({ searchAttributes: { indexedFields } });
      await server.kill();
      await server.launch();
      const { customAttributes } = await raw.operator.listSearchAttributes({ namespace: NAMESPACE });
      assert.deepEqual(
        { ...customAttributes },
        { City: Type.INDEXED_VALUE_TYPE_KEYWORD, Count: Type.INDEXED_VALUE_TYPE_INT },
      );
      const orders = await raw.operator.listSearchAttributes({ namespace: 'orders' });
      assert.deepEqual({ ...orders.customAttributes }, { City: Type.INDEXED_VALUE_TYPE_KEYWORD });
      const payload = (await w.describe()).workflowExecutionInfo?.searchAttributes?.indexedFields?.['Count'];
      assert.equal(Buffer.from(payload?.data ?? []).toString(), '7');
      await w.step();
    });
  });

  it('can be as many as the server is told', async () => {
    // The service has no such key, but three columns for this type.
    const args = ['--dynamic-config-value', 'persistenceCustomSearchAttributes={"Bool":3}'];
    await withServer({ args }, async (_, raw) => {
      const add = (name: string) =>
        raw.operator.addSearchAttributes({
          namespace: NAMESPACE,
          searchAttributes: { [name]: Type.INDEXED_VALUE_TYPE_BOOL },
        });
      await add('A');
      for (const name of ['B', 'C']) await add(name);
      const text = 'Unable to create search attributes: cannot have more than 3 search attribute of type Bool.';
      await fails(add('D'), Code.INVALID_ARGUMENT, text);
    });
  });

  it('can be set as many and as large as the server is told', async () => {
    const limits = { NumberOfKeysLimit: 3, SizeOfValueLimit: 5, TotalSizeLimit: 100 };
    const args = Object.entries(limits).flatMap(([name, value]) => [
      '--dynamic-config-value',
      `frontend.searchAttributes${name}=${value}`,
    ]);
    const attributes = ['A=Keyword', 'B=Keyword', 'C=Keyword', 'D=Keyword'].flatMap((given) => [
      '--search-attribute',
      given,
    ]);
    await withServer({ args: [...args, ...attributes] }, async (_, raw) => {
      const start = (values: Record<string, string>) => {
        const payload = (json: string) => ({
          metadata: { encoding: Buffer.from('json/plain') },
          data: Buffer.from(json),
        });
        const indexedFields = Object.fromEntries(Object.entries(values).map(([name, json]) => [name, payload(json)]));
        return new Hand(raw).start({ searchAttributes: { indexedFields } });
      };
      await start({ A: '"123"', B: '"123"' });
      const tooMany = 'number of search attributes 4 exceeds limit 3';
      await fails(start({ A: '""', B: '""', C: '""', D: '""' }), Code.INVALID_ARGUMENT, tooMany);
      const tooLarge = 'search attribute A value size 6 exceeds size limit 5';
      await fails(start({ A: '"1234"' }), Code.INVALID_ARGUMENT, tooLarge);
      // The service counts the names of its columns, not those that users gave.
      const inAll = /^total size of search attributes 1\d\d exceeds size limit 100$/;
      await fails(start({ A: '"123"', B: '"123"', C: '"123"' }), Code.INVALID_ARGUMENT, inAll);
    });
  });
});
