// Makes up for the times of a span; says before how many there are.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { schedules } from '../../../messages/schedules.ts';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, ErrorNotice, Notice } from '../../../system/Notice.tsx';
import { useNow } from '../../../system/Time.tsx';
import { instantText, localText } from '../local-time.ts';
import { OVERLAP_UNSPECIFIED, overlapOption } from '../overlap.ts';
import { matchingTimesQuery } from '../queries.ts';
import { type ActionDialogProps, usePatch } from '../use-patch.ts';
import { OverlapSelect } from './OverlapSelect.tsx';

const texts = schedules.backfill;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** More are not told. */
const TIMES_MAX = 1000;

export function BackfillDialog({ scheduleKey, onClose }: ActionDialogProps) {
  const { namespace, scheduleId } = scheduleKey;
  const zone = timeZoneOf(usePreferences());
  const nowMs = useNow();
  const [[from, to], setSpan] = useState(() => {
    const endMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    return [localText(endMs - DAY_MS, zone), localText(endMs, zone)] as const;
  });
  const [overlapPolicy, setOverlapPolicy] = useState(OVERLAP_UNSPECIFIED);
  const patch = usePatch(scheduleKey, texts.done(scheduleId), onClose);
  const command = useCommand(namespace);
  const [startTime, endTime] = [instantText(from, zone), instantText(to, zone)];
  const span =
    startTime !== undefined && endTime !== undefined && startTime <= endTime ? { startTime, endTime } : undefined;
  const option = overlapOption(overlapPolicy);
  return (
    <FormDialog
      title={texts.title(scheduleId)}
      submit={schedules.actions.backfill}
      busy={patch.isPending}
      disabled={span === undefined}
      error={patch.error}
      onSubmit={() => span && patch.mutate({ backfillRequest: [{ ...span, overlapPolicy }] })}
      onClose={onClose}
    >
      <p>{texts.text}</p>
      <TextField
        type="datetime-local"
        step={1}
        label={texts.start}
        help={texts.zone(zone)}
        value={from}
        onChange={(value) => setSpan([value, to])}
      />
      <TextField
        type="datetime-local"
        step={1}
        label={texts.end}
        value={to}
        error={startTime !== undefined && endTime !== undefined && span === undefined ? texts.order : undefined}
        onChange={(value) => setSpan([from, value])}
      />
      <OverlapSelect value={overlapPolicy} onChange={setOverlapPolicy} />
      {span && <Matching {...{ namespace, scheduleId, ...span }} />}
      {span && (
        <Command
          line={command({
            command: 'schedule backfill',
            scheduleId,
            ...span,
            ...(option ? { overlapPolicy: option } : {}),
          })}
        />
      )}
    </FormDialog>
  );
}

interface MatchingProps {
  readonly namespace: string;
  readonly scheduleId: string;
  readonly startTime: string;
  readonly endTime: string;
}

function Matching({ namespace, scheduleId, startTime, endTime }: MatchingProps) {
  const { data, error } = useQuery(matchingTimesQuery(namespace, scheduleId, startTime, endTime));
  if (error) return <ErrorNotice error={error} />;
  if (data === undefined) return <Notice>{texts.counting}</Notice>;
  return <Notice>{data.length < TIMES_MAX ? texts.times(data.length) : texts.timesAtLeast(data.length)}</Notice>;
}
