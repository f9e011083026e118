// Texts of the settings.
import { pick } from './catalogue.ts';

const en = {
  appearance: 'Appearance',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  density: 'Rows',
  densities: { comfortable: 'Comfortable', compact: 'Compact' },
  times: 'Times',
  format: 'Format',
  formats: { relative: 'Relative', exact: 'Exact' },
  zone: 'Time zone',
  localZone: (zone: string) => `Of this browser (${zone})`,
  clock: 'Clock',
  clocks: { h24: '24 hours', h12: '12 hours' },
  codec: 'Codec server',
  codecHelp: 'Decodes payloads for this browser. They are sent to it, and to nobody else.',
  endpoint: 'Endpoint',
  endpointHelp: 'Without /decode. {namespace} stands for the namespace. Empty: payloads are shown as stored.',
  badEndpoint: 'An address that begins with http:// or https:// is needed',
  token: 'Access token',
  tokenHelp: 'Sent as "Authorization: Bearer". It is forgotten when this tab is closed.',
  credentials: 'Send cookies of the codec server with each request',
  test: 'Test',
  works: 'The codec server answers.',
  server: 'Server',
  version: 'Version',
  grpc: 'gRPC address',
  http: 'HTTP API',
};

export const settings = pick({ en });
