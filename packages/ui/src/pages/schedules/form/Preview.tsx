// What the spec means, while it is typed: in words, and the next times that follow from it.
import { nextTimes, type ScheduleSpec } from '@perdure/ui-core';
import { useDeferredValue, useMemo } from 'react';
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import { useNow } from '../../../system/Time.tsx';
import { Card } from '../Card.tsx';
import { SpecList } from '../SpecList.tsx';
import { TimeList } from '../TimeList.tsx';

const TIMES = 10;
/** So often the times are found anew while nobody types. */
const FRESH_MS = 5_000;

interface Props {
  /** undefined: something in it cannot be read. */
  readonly spec: ScheduleSpec | undefined;
  /** So many starts are left; empty: no limit. */
  readonly remaining: string;
}

export function Preview({ spec, remaining }: Props) {
  const shown = useDeferredValue(spec);
  const key = shown && JSON.stringify(shown);
  const fromMs = Math.floor(useNow() / FRESH_MS) * FRESH_MS;
  const zone = timeZoneOf(usePreferences());
  const count = remaining.trim() === '' ? TIMES : Math.min(TIMES, Number(remaining));
  const next = useMemo(
    () => (key === undefined ? undefined : nextTimes(JSON.parse(key) as ScheduleSpec, fromMs, count)),
    [key, fromMs, count],
  );
  if (shown === undefined || next === undefined) {
    return (
      <Card title={texts.preview}>
        <p className="soft">{texts.previewUnread}</p>
      </Card>
    );
  }
  return (
    <Card title={texts.preview}>
      <SpecList spec={{ ...shown, cronString: shown.cronString ?? [] }} />
      {next.problem !== undefined && <p className="soft">{texts.previewProblem(next.problem)}</p>}
      {next.problem === undefined && next.times.length === 0 && <p className="soft">{texts.noTimes}</p>}
      {next.times.length > 0 && (
        <div>
          <div className="faint">{texts.nextTimes(next.times.length, zone)}</div>
          <TimeList times={next.times} />
        </div>
      )}
    </Card>
  );
}
