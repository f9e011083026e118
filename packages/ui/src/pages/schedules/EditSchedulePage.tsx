export function EditSchedulePage() {
  return <div className="page">Edit</div>;
}

export function NewSchedulePage() {
  return <EditSchedulePage />;
}
