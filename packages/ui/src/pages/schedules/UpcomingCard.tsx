// The times at which it acts next.
import { schedules } from '../../messages/schedules.ts';
import { timeZoneOf, usePreferences } from '../../settings/preferences.ts';
import { Card } from './Card.tsx';
import { TimeList } from './TimeList.tsx';

const SHOWN_MAX = 10;
const texts = schedules.page;

interface Props {
  readonly times: readonly string[];
  readonly paused: boolean;
}

export function UpcomingCard({ times, paused }: Props) {
  const zone = timeZoneOf(usePreferences());
  return (
    <Card title={paused ? texts.upcomingPaused : texts.upcoming} extra={<span className="faint">{zone}</span>}>
      {times.length === 0 ? <p className="soft">{texts.noUpcoming}</p> : <TimeList times={times.slice(0, SHOWN_MAX)} />}
    </Card>
  );
}
