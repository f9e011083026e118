// Calls that make and change namespaces.
import { api, path } from '../../api/http.ts';

export interface NamespaceForm {
  readonly name: string;
  readonly description: string;
  readonly ownerEmail: string;
  /** Days. */
  readonly retention: string;
}

/** @throws {ApiError} */
export async function createNamespace(form: NamespaceForm): Promise<void> {
  const { name: namespace, description, ownerEmail, retention } = form;
  const body = { namespace, description, ownerEmail, workflowExecutionRetentionPeriod: seconds(retention) };
  await api('namespaces', { method: 'POST', body });
}

/** @throws {ApiError} */
export async function updateNamespace({ name, description, ownerEmail, retention }: NamespaceForm): Promise<void> {
  const body = {
    updateInfo: { description, ownerEmail },
    config: { workflowExecutionRetentionTtl: seconds(retention) },
  };
  await api(path`namespaces/${name}/update`, { method: 'POST', body });
}

function seconds(days: string): string {
  return `${Math.round(Number(days) * 86_400)}s`;
}

/** Days of `86400s`. */
export function retentionDays(duration: string | undefined): number {
  return Number.parseFloat(duration ?? '0') / 86_400;
}
