export function SchedulesPage() {
  return <div className="page">Schedules</div>;
}
