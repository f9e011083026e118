// Says beside a form what becomes of the data in it, if there is a codec server.
import { payloads as texts } from '../messages/payloads.ts';
import { usePreferences } from '../settings/preferences.ts';
import { Notice } from '../system/Notice.tsx';

export function SendNote() {
  const { codec } = usePreferences();
  if (codec.endpoint === '') return null;
  if (codec.encodesSent) return <p className="faint">{texts.encodes}</p>;
  return <Notice kind="warning">{texts.sendsPlain}</Notice>;
}
