import { activityInfo } from '@temporalio/activity';

/** Every fifth fails at its first attempt. */
export async function work(): Promise<void> {
  const { attempt, activityId } = activityInfo();
  if (attempt === 1 && Number(activityId) % 5 === 0) throw new Error('try again');
}
