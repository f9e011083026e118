export function SchedulePage() {
  return <div className="page">Schedule</div>;
}
