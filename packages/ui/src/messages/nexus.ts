// Texts of Nexus endpoints.
import { pick } from './catalogue.ts';

const en = {
  title: 'Nexus endpoints',
  none: 'No Nexus endpoints',
  noneText:
    'An endpoint leads calls to a namespace and its task queue, or to a URL. Workflow code calls it by its name.',
  columns: { name: 'Name', target: 'Target', created: 'Created', modified: 'Changed' },
  facts: {
    namespace: 'Target namespace',
    taskQueue: 'Target task queue',
    url: 'Target URL',
    created: 'Created',
    modified: 'Changed',
    id: 'Id',
    prefix: 'Path for HTTP calls',
  },
  description: 'Description',
  noDescription: 'Nobody has described it.',
  create: 'Create endpoint',
  edit: 'Edit',
  editTitle: (name: string) => `Edit ${name}`,
  save: 'Save',
  name: 'Name',
  nameHelp: 'What workflow code calls it by: letters, digits and hyphens.',
  target: 'Target',
  targets: { worker: 'Workers', external: 'A URL' },
  namespace: 'Namespace',
  taskQueue: 'Task queue',
  url: 'URL',
  urlHelp: 'Of a server that handles Nexus operations.',
  descriptionHelp: 'Markdown',
  preview: 'How it will look',
  created: (name: string) => `Endpoint ${name} was created`,
  saved: (name: string) => `Endpoint ${name} was changed`,
  delete: 'Delete',
  deleteTitle: (name: string) => `Delete endpoint ${name}`,
  deleteEffect: 'Workflows that call it will fail to find it. Operations that have been started go on.',
  deleteTyped: (name: string) => `Type ${name} to confirm`,
  deleted: (name: string) => `Endpoint ${name} was deleted`,
};

export const nexus = pick({ en });
