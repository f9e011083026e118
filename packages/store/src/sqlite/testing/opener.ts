// Child process: opens a database (the argument), commits nothing, and prints whether that worked.
import { openSqliteStore } from '../open.ts';

try {
  const store = await openSqliteStore({ filename: process.argv[2] ?? '' });
  await store.close();
  console.log('opened');
} catch (error) {
  console.log(String(error));
}
