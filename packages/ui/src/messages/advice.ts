// Texts around advice on a run. The advice itself is in ui-core, with the rules.
import { pick } from './catalogue.ts';

const en = {
  title: (n: number) => `Advice (${n})`,
  severity: { info: 'Hint', warning: 'Warning', danger: 'Problem' },
  steps: 'Steps',
  more: (n: number) => `and ${n.toLocaleString('en')} more`,
};

export const advice = pick({ en });
