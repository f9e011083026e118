// Texts of what the workflow list loads when somebody uses it.
import { pick } from './catalogue.ts';

const en = {
  statusGroup: 'Executions by status',
  selection: {
    chosen: (n: number) => `${n.toLocaleString('en')} selected`,
    all: (n: number) => `Select all ${n.toLocaleString('en')} that match`,
    allChosen: (n: number) => `All ${n.toLocaleString('en')} that match are selected`,
    clear: 'Clear selection',
  },
  views: {
    label: 'Views',
    save: 'Save this view',
    none: 'No saved views',
    system: {
      all: 'All',
      running: 'Running',
      failed: 'Failed or timed out',
      today: 'Started today',
      lastHour: 'Last hour',
      parents: 'Without parent',
    },
  },
  condition: {
    field: 'Field',
    condition: 'Condition',
    value: 'Value',
    upTo: 'Up to',
    help: 'Several values are separated by commas.',
  },
};

export const workflowTools = pick({ en });
