// The overlap policy of one action, which may differ from that of the schedule.
import { schedules } from '../../../messages/schedules.ts';
import { Select } from '../../../system/Field.tsx';
import { OVERLAP_CHOICES, OVERLAP_UNSPECIFIED } from '../overlap.ts';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const CHOICES = [{ value: OVERLAP_UNSPECIFIED, words: schedules.overlapOwn }, ...OVERLAP_CHOICES];

export function OverlapSelect({ value, onChange }: Props) {
  return <Select label={schedules.overlapLabel} value={value} choices={CHOICES} onChange={onChange} />;
}
