import { registerConformance } from '../conformance/index.ts';
import { openTemporary } from './testing/temporary.ts';

registerConformance('sqlite', openTemporary);
