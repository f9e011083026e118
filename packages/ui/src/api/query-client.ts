// How answers are kept: an answer is shown at once and asked for again in the background; what the server refused for
// good is not asked twice.
import { QueryClient } from '@tanstack/react-query';
import { ApiError, GRPC } from './http.ts';

const RETRIES_MAX = 2;
const FRESH_MS = 2_000;

const TRANSIENT: readonly number[] = [GRPC.unavailable, GRPC.deadlineExceeded, GRPC.resourceExhausted];

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        failures < RETRIES_MAX && error instanceof ApiError && error.status !== 0 && TRANSIENT.includes(error.code),
    },
    mutations: { retry: false },
  },
});
