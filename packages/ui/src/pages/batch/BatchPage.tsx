export function BatchPage() {
  return <div className="page">Batch</div>;
}
