export function DeploymentPage() {
  return <div className="page">Deployment</div>;
}
