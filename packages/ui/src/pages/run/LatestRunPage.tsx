export function LatestRunPage() {
  return <div className="page">Run</div>;
}
