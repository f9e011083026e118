// Writes docs/cli.md from the table of commands.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TREE } from '../src/commands/tree.ts';
import { referencePage } from '../src/table/reference-page.ts';

const PAGE = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url));

writeFileSync(PAGE, referencePage(TREE));
