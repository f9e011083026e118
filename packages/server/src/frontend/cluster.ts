/** The one cluster there is, by the name that clients expect of a single one. */
export const CLUSTER_NAME = 'active';
