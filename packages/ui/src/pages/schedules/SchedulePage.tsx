// One schedule: when it acts, what it starts, what it has started, and what can be done with it.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { schedules } from '../../messages/schedules.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { CopyButton } from '../../system/Copy.tsx';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { ActionCard, OwnCard } from './ActionCard.tsx';
import { ScheduleActions } from './actions/ScheduleActions.tsx';
import { CountsCard, PoliciesCard } from './FactCards.tsx';
import { liveScheduleQuery } from './queries.ts';
import { RunsCard } from './RunsCard.tsx';
import { ScheduleState } from './ScheduleState.tsx';
import styles from './schedules.module.css';
import { UpcomingCard } from './UpcomingCard.tsx';
import { WhenCard } from './WhenCard.tsx';

const route = getRouteApi('/namespaces/$namespace/schedules/$scheduleId');

export function SchedulePage() {
  const key = route.useParams();
  const { namespace, scheduleId } = key;
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(liveScheduleQuery(namespace, scheduleId, live));
  const { schedule = {}, info = {} } = data ?? {};
  const paused = schedule.state?.paused ?? false;
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/schedules" params={{ namespace }} className="soft">
        ← {schedules.title}
      </Link>
      <div className={styles['head']}>
        <h1 className={styles['id']}>{scheduleId}</h1>
        <CopyButton text={scheduleId} what="schedule id" />
        {data && <ScheduleState paused={paused} notes={schedule.state?.notes} />}
        <span className={styles['grow']} />
        {data && <ScheduleActions scheduleKey={key} paused={paused} />}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton lines={8} />}
      {data && (
        <div className={styles['columns']}>
          <div className={styles['stack']}>
            <WhenCard schedule={schedule} />
            <RunsCard namespace={namespace} scheduleId={scheduleId} live={live} />
            <ActionCard namespace={namespace} action={schedule.action?.startWorkflow ?? {}} />
          </div>
          <div className={styles['stack']}>
            <UpcomingCard times={info.futureActionTimes ?? []} paused={paused} />
            <CountsCard namespace={namespace} info={info} />
            <PoliciesCard schedule={schedule} />
            <OwnCard namespace={namespace} description={data} />
          </div>
        </div>
      )}
    </div>
  );
}
