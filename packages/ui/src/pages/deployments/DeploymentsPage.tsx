export function DeploymentsPage() {
  return <div className="page">Deployments</div>;
}
