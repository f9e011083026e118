// Texts of what surrounds every page, and of the parts that all pages share.
import { pick } from './catalogue.ts';

const en = {
  product: 'Perdure',
  skip: 'Skip to content',
  navigation: 'Main',
  pages: {
    workflows: 'Workflows',
    schedules: 'Schedules',
    batch: 'Batch operations',
    taskQueues: 'Task queues',
    deployments: 'Deployments',
    nexus: 'Nexus endpoints',
    namespaces: 'Namespaces',
    import: 'Import',
    settings: 'Settings',
  },
  collapse: 'Collapse navigation',
  expand: 'Expand navigation',
  namespace: 'Namespace',
  search: 'Search or run a command',
  live: 'Live',
  paused: 'Paused',
  away: 'No answer',
  liveHint: 'Changes appear as they happen. Press to pause.',
  pausedHint: 'The page stays as it is. Press for live changes.',
  codec: { off: 'Payloads are shown as stored: no codec server', on: 'Payloads are decoded by a codec server' },
  theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  times: { relative: 'Times: relative', exact: 'Times: exact' },
  copy: (what: string) => `Copy ${what}`,
  copied: 'Copied',
  close: 'Close',
  cancel: 'Cancel',
  loading: 'Loading',
  retry: 'Try again',
  details: 'Details',
  notFound: { title: 'There is no such page', text: 'The address may be mistyped, or what it showed was removed.' },
  errors: {
    unreachable: {
      title: 'The server does not answer',
      text: 'It may be stopped or starting. This page asks again by itself.',
    },
    denied: { title: 'Not allowed', text: 'Your credentials do not permit this.' },
    unimplemented: { title: 'This server does not have this', text: 'Another version of the server may.' },
    notFound: { title: 'Not found', text: 'It does not exist, or its retention has passed.' },
    other: { title: 'That did not work', text: '' },
  },
  command: 'The same on the command line',
};

export const frame = pick({ en });
