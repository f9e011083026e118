// Does something to a schedule, and shows what became of it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { announce } from '../../system/Toasts.tsx';
import { patchSchedule, type SchedulePatch } from './queries.ts';

export interface ScheduleKey {
  readonly namespace: string;
  readonly scheduleId: string;
}

export interface ActionDialogProps {
  readonly scheduleKey: ScheduleKey;
  readonly onClose: () => void;
}

export function usePatch({ namespace, scheduleId }: ScheduleKey, done: string, onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: SchedulePatch) => patchSchedule(namespace, scheduleId, patch),
    onSuccess: async () => {
      announce(done);
      onClose();
      await client.invalidateQueries({ queryKey: ['schedule', namespace, scheduleId] });
      await client.invalidateQueries({ queryKey: ['schedule-runs', namespace, scheduleId] });
      await client.invalidateQueries({ queryKey: ['schedules', namespace] });
    },
  });
}
