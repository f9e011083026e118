// Texts of the command palette.
import { pick } from './catalogue.ts';

const en = {
  placeholder: 'A workflow id, a part of one, or a command',
  results: 'Results',
  workflows: 'Workflows',
  commands: 'Commands',
  none: 'Nothing is found',
  filter: (text: string) => `List workflows that match ${text}`,
  toggleTheme: 'Switch between light and dark',
  density: 'Switch between comfortable and compact rows',
  live: 'Pause or resume live changes',
  settings: 'Settings',
  shortcuts: 'Keyboard shortcuts',
  start: 'Start a workflow',
  newSchedule: 'Create a schedule',
  goTo: (place: string) => `Go to ${place}`,
};

export const palette = pick({ en });
