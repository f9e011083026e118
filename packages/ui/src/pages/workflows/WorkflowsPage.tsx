export function WorkflowsPage() {
  return <div className="page">Workflows</div>;
}
