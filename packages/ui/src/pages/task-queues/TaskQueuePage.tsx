export function TaskQueuePage() {
  return <div className="page">Queue</div>;
}
