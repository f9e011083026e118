// What a person can choose for this browser.
import { samePayloads } from '@perdure/ui-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { extrasQuery, systemInfoQuery } from '../../api/server.ts';
import { frame } from '../../messages/frame.ts';
import { settings as texts } from '../../messages/settings.ts';
import { callCodec } from '../../payloads/codec.ts';
import { payloadOf } from '../../payloads/encode.ts';
import { type CodecSettings, setPreferences, timeZoneOf, usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { Dialog } from '../../system/Dialog.tsx';
import { Facts } from '../../system/Facts.tsx';
import { Checkbox, Segmented, Select, TextField } from '../../system/Field.tsx';
import { Notice } from '../../system/Notice.tsx';

export function SettingsDrawer({ onClose }: { readonly onClose: () => void }) {
  const { theme, density, timeFormat, timeZone, hour12 } = usePreferences();
  const local = timeZoneOf({ timeZone: 'local' } as Parameters<typeof timeZoneOf>[0]);
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return (
    <Dialog drawer title={frame.pages.settings} onClose={onClose} width={420}>
      <h3>{texts.appearance}</h3>
      <Segmented
        label={texts.theme}
        value={theme}
        choices={choices(texts.themes)}
        onChange={(value) => setPreferences({ theme: value })}
      />
      <Segmented
        label={texts.density}
        value={density}
        choices={choices(texts.densities)}
        onChange={(value) => setPreferences({ density: value })}
      />
      <h3>{texts.times}</h3>
      <Segmented
        label={texts.format}
        value={timeFormat}
        choices={choices(texts.formats)}
        onChange={(value) => setPreferences({ timeFormat: value })}
      />
      <Segmented
        label={texts.clock}
        value={hour12 ? 'h12' : 'h24'}
        choices={choices(texts.clocks)}
        onChange={(value) => setPreferences({ hour12: value === 'h12' })}
      />
      <Select
        label={texts.zone}
        value={timeZone}
        choices={[
          { value: 'local', words: texts.localZone(local) },
          ...zones.map((zone) => ({ value: zone, words: zone })),
        ]}
        onChange={(value) => setPreferences({ timeZone: value })}
      />
      <CodecForm />
      <ServerFacts />
    </Dialog>
  );
}

/** What is typed, and when it becomes what is asked. */
function useCodecForm() {
  const { codec } = usePreferences();
  const [form, setForm] = useState<CodecSettings>(codec);
  const problem = form.endpoint !== '' && originOf(form.endpoint) === undefined ? texts.badEndpoint : undefined;
  const set = (change: Partial<CodecSettings>) => setForm({ ...form, ...change });
  // Not while somebody types: half an address is another host, which would be sent payloads and the token.
  const apply = () => {
    if (problem !== undefined) return;
    const isOtherHost = codec.endpoint !== '' && originOf(form.endpoint) !== originOf(codec.endpoint);
    const next = isOtherHost && form.token === codec.token ? { ...form, token: '' } : form;
    setForm(next);
    if (!isSame(next, codec)) setPreferences({ codec: next });
  };
  const choose = (change: Partial<CodecSettings>) => {
    set(change);
    if (problem === undefined) setPreferences({ codec: { ...form, ...change } });
  };
  // Who leaves by Escape has not left the field before.
  const applyLast = useEffectEvent(apply);
  useEffect(() => () => applyLast(), []);
  return { form, problem, set, apply, choose };
}

function CodecForm() {
  const { form, problem, set, apply, choose } = useCodecForm();
  const test = useMutation({ mutationFn: () => tryCodec(form) });
  return (
    <form
      style={{ display: 'contents' }}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <h3>{texts.codec}</h3>
      <p className="soft">{texts.codecHelp}</p>
      <TextField
        label={texts.endpoint}
        help={texts.endpointHelp}
        value={form.endpoint}
        error={problem}
        type="url"
        placeholder="https://codec.example.com"
        onChange={(endpoint) => set({ endpoint })}
        onBlur={apply}
      />
      <TextField
        label={texts.token}
        help={texts.tokenHelp}
        type="password"
        autoComplete="off"
        value={form.token}
        onChange={(token) => set({ token })}
        onBlur={apply}
      />
      <Checkbox
        label={texts.credentials}
        checked={form.includeCredentials}
        onChange={(includeCredentials) => choose({ includeCredentials })}
      />
      <Checkbox
        label={texts.encodesSent}
        checked={form.encodesSent}
        onChange={(encodesSent) => choose({ encodesSent })}
      />
      {!form.encodesSent && <Notice kind="warning">{texts.encodesSentOff}</Notice>}
      <div>
        <Button
          disabled={form.endpoint === '' || problem !== undefined}
          busy={test.isPending}
          onClick={() => test.mutate()}
        >
          {texts.test}
        </Button>
      </div>
      <div aria-live="polite">
        {test.error && <Notice kind="danger">{test.error.message}</Notice>}
        {test.isSuccess && <Notice>{texts.works}</Notice>}
      </div>
    </form>
  );
}

/** There and back, if both ways are used. @throws {Error} */
async function tryCodec(codec: CodecSettings): Promise<void> {
  const given = payloadOf('"test"');
  const stored = codec.encodesSent ? await callCodec('encode', [given], 'default', codec) : [given];
  const back = await callCodec('decode', stored, 'default', codec);
  if (!samePayloads(back, [given])) throw new Error(texts.otherBack);
}

/** undefined: it is no address of HTTP. `{namespace}` may be a part of it. */
function originOf(endpoint: string): string | undefined {
  const address = endpoint.replaceAll('{namespace}', 'namespace');
  return /^https?:\/\/\S+$/.test(address) && URL.canParse(address) ? new URL(address).origin : undefined;
}

function isSame(a: CodecSettings, b: CodecSettings): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function ServerFacts() {
  const { data: extras } = useQuery(extrasQuery);
  const { data: info } = useQuery(systemInfoQuery);
  return (
    <>
      <h3>{texts.server}</h3>
      <Facts
        lines
        facts={[
          [texts.version, extras?.name ? `Perdure ${extras.version}` : info?.serverVersion],
          [texts.grpc, extras?.addresses.grpc],
          [texts.http, extras?.addresses.http],
        ]}
      />
    </>
  );
}

function choices<T extends string>(words: Readonly<Record<T, string>>) {
  return (Object.entries(words) as [T, string][]).map(([value, text]) => ({ value, words: text }));
}
