export function NamespacesPage() {
  return <div className="page">Namespaces</div>;
}
