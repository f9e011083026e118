import { registerConformance } from '../conformance/index.ts';
import { openTemporary } from './testing/temporary.ts';

// Until its readers are up, the writer answers for them: both ways are to conform.
registerConformance('sqlite', openTemporary);

registerConformance('sqlite with its readers', async (t) => {
  const store = await openTemporary(t);
  await store.startReaders();
  return store;
});
