export function NamespacePage() {
  return <div className="page">Namespace</div>;
}
