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
  codecHelp:
    'Decodes payloads for this browser, and encodes what is typed here before it is sent. They go to it, and to nobody else.',
  endpoint: 'Endpoint',
  endpointHelp: 'Without /decode. {namespace} stands for the namespace. Empty: payloads are shown as stored.',
  badEndpoint: 'An address that begins with http:// or https:// is needed',
  token: 'Access token',
  tokenHelp: 'Sent as "Authorization: Bearer". It is forgotten when this tab is closed.',
  encodesSent: 'Encode what is sent',
  encodesSentOff:
    'Off: input, memos, signals and whatever else is typed here are sent as they are, readable to whoever can read the server.',
  credentials: 'Send cookies of the codec server with each request',
  test: 'Test',
  works: 'The codec server answers.',
  otherBack: 'The codec server decodes what it has encoded to something else than it was given.',
  server: 'Server',
  version: 'Version',
  grpc: 'gRPC address',
  http: 'HTTP API',
};

export const settings = pick({ en });
