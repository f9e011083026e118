// Which quota a request uses up, and how urgent it is: when a quota runs out, what is less urgent is refused first.

/** The quotas: those of lists and of changes to namespaces are apart. */
export type Quota = 'execution' | 'list' | 'namespaceChange';

export interface Class {
  readonly quota: Quota;
  /** 0 is the most urgent. */
  readonly priority: number;
}

/** What the service itself needs; events from outside and progress; changes; questions; polls; what can wait. */
const EXECUTION: readonly string[] = [
  'GetClusterInfo GetSystemInfo GetSearchAttributes DescribeNamespace ListNamespaces DeprecateNamespace',
  `SignalWorkflowExecution SignalWithStartWorkflowExecution StartWorkflowExecution UpdateWorkflowExecution
   ExecuteMultiOperation CreateSchedule StartBatchOperation StartActivityExecution StartNexusOperationExecution
   RecordActivityTaskHeartbeat RecordActivityTaskHeartbeatById RespondActivityTaskCompleted
   RespondActivityTaskCompletedById RespondWorkflowTaskCompleted RespondQueryTaskCompleted RespondNexusTaskCompleted`,
  `RequestCancelWorkflowExecution TerminateWorkflowExecution ResetWorkflowExecution DeleteWorkflowExecution
   GetWorkflowExecutionHistory UpdateSchedule PatchSchedule DeleteSchedule StopBatchOperation UpdateActivityOptions
   PauseActivity UnpauseActivity ResetActivity UpdateWorkflowExecutionOptions PauseWorkflowExecution
   UnpauseWorkflowExecution RequestCancelActivityExecution TerminateActivityExecution DeleteActivityExecution`,
  `DescribeWorkflowExecution DescribeActivityExecution DescribeTaskQueue GetWorkerBuildIdCompatibility
   GetWorkerVersioningRules ListTaskQueuePartitions QueryWorkflow DescribeSchedule ListScheduleMatchingTimes
   DescribeBatchOperation DescribeWorkerDeploymentVersion DescribeWorkerDeployment ListWorkers DescribeWorker
   RespondActivityTaskCanceled RespondActivityTaskCanceledById RespondActivityTaskFailed
   RespondActivityTaskFailedById RespondWorkflowTaskFailed RespondNexusTaskFailed`,
  `PollActivityExecution PollWorkflowTaskQueue PollActivityTaskQueue PollWorkflowExecutionUpdate PollNexusTaskQueue
   ResetStickyTaskQueue ShutdownWorker GetWorkflowExecutionHistoryReverse RecordWorkerHeartbeat FetchWorkerConfig
   UpdateWorkerConfig`,
];
/** Waits for history are the first to be refused. */
export const HISTORY_WAIT: Class = { quota: 'execution', priority: EXECUTION.length };
export const PRIORITIES = EXECUTION.length + 1;

const LISTS = `CountWorkflowExecutions ScanWorkflowExecutions ListOpenWorkflowExecutions ListClosedWorkflowExecutions
  ListWorkflowExecutions ListArchivedWorkflowExecutions CountActivityExecutions ListActivityExecutions
  GetWorkerTaskReachability ListSchedules CountSchedules ListBatchOperations ListWorkerDeployments`;
const NAMESPACE_CHANGES =
  'RegisterNamespace UpdateNamespace UpdateWorkerBuildIdCompatibility UpdateWorkerVersioningRules';

const WORKFLOW_SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';

/** By path. A request that is not here is never refused: health checks, reflection, what operators do. */
export const CLASSES: ReadonlyMap<string, Class> = new Map([
  ...EXECUTION.flatMap((methods, priority) => classed(methods, { quota: 'execution', priority })),
  ...classed(LISTS, { quota: 'list', priority: 1 }),
  ...classed(NAMESPACE_CHANGES, { quota: 'namespaceChange', priority: 1 }),
]);

/** Calls that wait for something; a history request does only if it says so. */
export const LONG_CALLS: ReadonlySet<string> = new Set(
  paths(`PollActivityTaskQueue PollWorkflowTaskQueue PollWorkflowExecutionUpdate PollNexusTaskQueue PollActivityExecution
    QueryWorkflow UpdateWorkflowExecution ExecuteMultiOperation GetWorkflowExecutionHistory`),
);

function classed(methods: string, its: Class): (readonly [string, Class])[] {
  return paths(methods).map((path) => [path, its]);
}

function paths(methods: string): string[] {
  return methods.split(/\s+/).map((method) => WORKFLOW_SERVICE + method);
}
