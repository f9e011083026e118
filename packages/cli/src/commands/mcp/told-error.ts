// What an agent is told when a tool fails: what was wrong, and what to do next, in terms of tools.

import { type ShownError, shownError } from '../../shown-error.ts';

/** @throws the error if it is a defect of ours */
export function toldError(error: unknown, tool: string): string {
  const shown = shownError(error);
  if (shown === undefined) throw error;
  const next = nextStep(shown, tool);
  return `Error (${shown.code}): ${withoutCommands(shown.message)}${next === '' ? '' : `\n${next}`}`;
}

/** Agents have no options: those are of the command lines behind the tools. */
function withoutCommands(message: string): string {
  return message
    .replace(/ \(--command-timeout\)/, '')
    .replace(/; 'perdure workflow why [^']*' says.*$/, '')
    .replaceAll(/--([a-z]+(?:-[a-z]+)*)/g, (_, name: string) => name.replaceAll('-', '_'));
}

function nextStep({ code, message, hint }: ShownError, tool: string): string {
  switch (code) {
    case 'NOT_FOUND':
      return notFound(message, tool);
    case 'ALREADY_EXISTS':
      return tool.startsWith('schedule')
        ? 'Choose another schedule_id, or look at the one there is with schedule_describe.'
        : 'A workflow with this id is running: look at it with workflow_describe, or choose another workflow_id.';
    case 'INVALID_ARGUMENT':
      return invalid(message, tool);
    case 'FAILED_PRECONDITION':
      return tool === 'workflow_query' ? 'workflow_why tells what is wrong with the workflow or its workers.' : '';
    case 'TIMEOUT':
    case 'DEADLINE_EXCEEDED':
      return timedOut(tool);
    case 'UNAVAILABLE':
      return `The server cannot be reached: nothing can be done here before it runs. ${hint}`.trimEnd();
    case 'UNAUTHENTICATED':
    case 'PERMISSION_DENIED':
      return 'The credentials that perdure mcp was started with do not allow it: ask the user.';
    case 'UNIMPLEMENTED':
      return 'This server does not have it; no other tool does it either.';
    case 'RESOURCE_EXHAUSTED':
      return 'The server is busy or a limit is reached: wait some seconds, then try once more.';
    default:
      return '';
  }
}

function notFound(message: string, tool: string): string {
  if (/nothing is at path|there is no event/.test(message)) return '';
  if (/namespace/i.test(message)) return 'perdure mcp was started for a namespace that is not there: ask the user.';
  if (/already completed/.test(message)) {
    return 'The workflow is closed and takes nothing any more: workflow_result shows how it ended.';
  }
  if (tool.startsWith('schedule')) return 'schedule_list shows the schedules there are.';
  if (tool === 'workflow_update_result') return "workflow_history with types ['Update'] shows the updates there were.";
  return (
    "workflow_list finds ids, such as with the query WorkflowId STARTS_WITH 'order-'. " +
    'Closed workflows are removed when their retention is over.'
  );
}

function invalid(message: string, tool: string): string {
  if (tool === 'workflow_reset') {
    return "workflow_history with types ['WorkflowTaskCompleted'] shows the events that a workflow can go back to.";
  }
  if (/query|filter|search attribute/i.test(message)) {
    return "Example of a query: WorkflowType = 'Order' AND ExecutionStatus = 'Failed'. Texts stand in single quotes.";
  }
  return /token/i.test(message) ? 'Leave page_token out to begin anew.' : '';
}

function timedOut(tool: string): string {
  if (tool === 'workflow_query') {
    return 'No worker has answered: task_queue_describe shows whether any polls, workflow_why what the workflow waits for.';
  }
  return 'Ask for less, or try once more.';
}
