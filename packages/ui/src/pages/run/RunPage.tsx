export function RunPage() {
  return <div className="page">Run</div>;
}
