export function BatchesPage() {
  return <div className="page">Batches</div>;
}
