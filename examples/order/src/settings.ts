export const ADDRESS = process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233';
export const TASK_QUEUE = 'orders';
