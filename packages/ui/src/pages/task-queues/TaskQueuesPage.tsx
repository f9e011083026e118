export function TaskQueuesPage() {
  return <div className="page">Queues</div>;
}
