export function NexusPage() {
  return <div className="page">Nexus</div>;
}
