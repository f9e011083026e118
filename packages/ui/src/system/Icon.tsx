// Icons of 16 × 16, drawn with one stroke in the colour of the text. Each is decoration: what it stands beside says it in
// words, and a button with nothing else has a label.

const PATHS = {
  workflows: 'M2.5 4.5h5v-2h6v4h-6v-2M5 4.5v7h2.500M7.500 9.500h6v4h-6z',
  activity: 'M1.500 8.500h3l2-5 3 9 2-4h3',
  schedules: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.500V8l2.500 1.500',
  batch: 'M2.500 5.500 8 3l5.500 2.500L8 8zM2.500 8 8 10.500 13.500 8M2.500 10.500 8 13l5.500-2.500',
  taskQueues: 'M2 4h12M2 8h12M2 12h7',
  workers:
    'M4 4h8v8H4zM6.500 1.500V4M9.500 1.500V4M6.500 12v2.500M9.500 12v2.500M1.500 6.500H4M1.500 9.500H4M12 6.500h2.500M12 9.500h2.500',
  deployments:
    'M8 1.500c2.500 1.500 3.500 4 3.500 6.500L10 11H6L4.500 8C4.500 5.500 5.500 3 8 1.500ZM6.500 13.500h3M8 5.500v2',
  nexus:
    'M4.500 6.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11.500 13.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM4.500 6.500v5h5M11.500 9.500v-5h-5',
  namespaces: 'M2 5.500 8 2l6 3.500v5L8 14l-6-3.500zM2 5.500 8 9l6-3.500M8 9v5',
  import: 'M8 2v8M4.500 6.500 8 10l3.500-3.500M2.500 13.500h11',
  settings:
    'M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M12.600 3.400l-1.400 1.400M4.800 11.200l-1.400 1.400',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.700 10.700 14 14',
  filter: 'M2 3.500h12L9.500 9v4.500l-3-1.500V9z',
  columns: 'M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  check: 'm3 8.500 3.500 3.500L13 4.500',
  cross: 'm4 4 8 8M12 4l-8 8',
  slash: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM12 4l-8 8',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.500l2 1',
  square: 'M4 4h8v8H4z',
  ring: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10Z',
  bars: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.500v9l7.500-4.500z',
  arrow: 'M2.500 8h11M9.500 4l4 4-4 4',
  down: 'm4 6 4 4 4-4',
  right: 'm6 4 4 4-4 4',
  left: 'm10 4-4 4 4 4',
  up: 'm4 10 4-4 4 4',
  dots: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  refresh: 'M13.500 8A5.500 5.500 0 1 1 11.500 3.800M13.500 2v3h-3',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.500 1.500M11.500 11.500 13 13M13 3l-1.500 1.500M4.500 11.500 3 13',
  moon: 'M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500Z',
  timer: 'M8 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM8 6.500V9l1.500 1M6.500 1.500h3',
  signal: 'M8 2.500 13.500 8 8 13.500 2.500 8z',
  update: 'm3 10 5-5 5 5M3 14l5-5 5 5',
  child: 'M3.500 2.500v7h4M8 6.500h5.500v6H8z',
  marker: 'M4 14V2.500h8l-2 3 2 3H4',
  warning: 'M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500v.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.500V11M8 5v.01',
  lock: 'M3.500 7.500h9v6h-9zM5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2',
  key: 'M5.500 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.700 7.800 13 2.500M11 4.500l2 2',
  message: 'M2.500 3h11v8h-6l-3 2.500V11h-2z',
  tool: 'M10 2a3.500 3.500 0 0 0-3.300 4.700L2.500 11l2.500 2.500 4.300-4.200A3.500 3.500 0 0 0 13.800 5L11.500 7 9 4.500 11 2.200A3 3 0 0 0 10 2Z',
  compare: 'M5 2.500v11M2.500 5 5 2.500 7.500 5M11 13.500v-11M8.500 11l2.500 2.500 2.500-2.500',
  trash: 'M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.5 9h6l.5-9',
  edit: 'M10.500 3 13 5.500 6 12.500l-3 .5.5-3z',
  star: 'm8 2 1.800 3.800 4.200.6-3 2.900.7 4.200L8 11.500l-3.700 2 .7-4.200-3-2.900 4.200-.6z',
  keyboard: 'M1.500 4h13v8h-13zM4 6.500h.01M6.700 6.500h.01M9.300 6.500h.01M12 6.500h.01M5 9.500h6',
} as const;

export type IconName = keyof typeof PATHS;

interface Props {
  readonly name: IconName;
  readonly size?: number;
}

export function Icon({ name, size = 16 }: Props) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 16 16" fill="none" style={{ flex: 'none' }}>
      <path d={PATHS[name]} stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
