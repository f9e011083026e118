package interop;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What the client does and expects in each scenario. */
final class Scenarios {
  interface Scenario {
    void run() throws Exception;
  }

  private final WorkflowClient client;
  private final String taskQueue;

  private Scenarios(WorkflowClient client, String taskQueue) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  static Map<String, Scenario> all(WorkflowClient client, String taskQueue) {
    Scenarios scenarios = new Scenarios(client, taskQueue);
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("activity", scenarios::activity);
    all.put("retry", scenarios::retry);
    all.put("timer", scenarios::timer);
    all.put("signal", scenarios::signal);
    all.put("query", scenarios::query);
    all.put("update", scenarios::update);
    all.put("update-with-start", scenarios::updateWithStart);
    all.put("child", scenarios::child);
    all.put("continue-as-new", scenarios::continueAsNew);
    all.put("cancellation", scenarios::cancellation);
    return all;
  }

  private WorkflowStub stub(String type, WorkflowOptions.Builder options) {
    return client.newUntypedWorkflowStub(type, options.setTaskQueue(taskQueue).build());
  }

  /** Not started yet. */
  private WorkflowStub stub(String type) {
    return stub(type, WorkflowOptions.newBuilder().setWorkflowId("java-" + UUID.randomUUID()));
  }

  private WorkflowStub start(String type, Object... arguments) {
    WorkflowStub workflow = stub(type);
    workflow.start(arguments);
    return workflow;
  }

  /** @param runId empty: the newest run */
  private DescribeWorkflowExecutionResponse describe(String workflowId, String runId) {
    WorkflowExecution execution =
        WorkflowExecution.newBuilder().setWorkflowId(workflowId).setRunId(runId).build();
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(execution)
                .build());
  }

  private static void equal(String what, Object got, Object want) {
    if (!Objects.equals(got, want)) throw new AssertionError(what + ": got " + got + ", not " + want);
  }

  /** The innermost cause of the workflow's failure. */
  private static Throwable causeOfFailure(WorkflowStub workflow) {
    try {
      Object result = workflow.getResult(Object.class);
      throw new AssertionError("it succeeded with " + result);
    } catch (WorkflowFailedException failed) {
      Throwable cause = failed;
      while (cause.getCause() != null) cause = cause.getCause();
      return cause;
    }
  }

  private void activity() {
    equal("greeting", start("Greeting", "Ada").getResult(String.class), "hello Ada");
  }

  private void retry() {
    equal("attempt", start("Retry", 3).getResult(Integer.class), 3);
    Throwable cause = causeOfFailure(start("Hopeless"));
    if (!(cause instanceof ApplicationFailure failure)) {
      throw new AssertionError("not the failure of the activity", cause);
    }
    equal("type", failure.getType(), "Hopeless");
    equal("detail", failure.getDetails().get(String.class), "a detail");
  }

  private void timer() {
    long slept = start("Timer", 300L).getResult(Long.class);
    if (slept < 300) throw new AssertionError("slept " + slept + " ms instead of 300");
  }

  private void signal() {
    WorkflowStub workflow = stub("Listen");
    workflow.signalWithStart("say", new Object[] {"one"}, new Object[] {});
    for (String word : List.of("two", "three", "stop")) workflow.signal("say", word);
    equal("heard", workflow.getResult(List.class), List.of("one", "two", "three", "stop"));
  }

  private void query() {
    WorkflowStub workflow = start("Listen");
    equal("heard while it runs", workflow.query("heard", List.class), List.of());
    workflow.signal("say", "stop");
    workflow.getResult(List.class);
    equal("heard when it is closed", workflow.query("heard", List.class), List.of("stop"));
    try {
      workflow.query("never defined", List.class);
    } catch (WorkflowQueryException expected) {
      return;
    }
    throw new AssertionError("an unknown query was answered");
  }

  private void update() throws Exception {
    WorkflowStub workflow = start("Count");
    int first = workflow.startUpdate("add", WorkflowUpdateStage.ACCEPTED, Integer.class, 5).getResult();
    equal("total", first, 5);
    equal("total", workflow.update("add", Integer.class, 5), 10);
    try {
      workflow.update("add", Integer.class, -1);
      throw new AssertionError("an invalid update was accepted");
    } catch (WorkflowUpdateException rejected) {
      equal("reason", ((ApplicationFailure) rejected.getCause()).getOriginalMessage(), "only positive numbers");
    }
    workflow.signal("end");
    equal("total", workflow.getResult(Integer.class), 10);
  }

  private void updateWithStart() {
    String workflowId = "java-" + UUID.randomUUID();
    UpdateOptions<Integer> add =
        UpdateOptions.newBuilder(Integer.class)
            .setUpdateName("add")
            .setWaitForStage(WorkflowUpdateStage.COMPLETED)
            .build();
    for (int call = 1; call <= 2; call++) {
      WorkflowOptions.Builder options =
          WorkflowOptions.newBuilder()
              .setWorkflowId(workflowId)
              .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
      int total = stub("Count", options).executeUpdateWithStart(add, new Object[] {1}, new Object[] {});
      equal("total", total, call);
    }
    client.newUntypedWorkflowStub(workflowId).terminate("enough");
  }

  private void child() {
    String childId = "java-child-" + UUID.randomUUID();
    WorkflowStub workflow = start("Parent", childId);
    equal("heard", workflow.getResult(List.class), List.of("from the parent", "stop"));
    WorkflowExecutionInfo child = describe(childId, "").getWorkflowExecutionInfo();
    equal("status", child.getStatus(), WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    equal("parent", child.getParentExecution(), workflow.getExecution());
  }

  private void continueAsNew() {
    WorkflowStub workflow = start("CountDown", 3, List.of());
    WorkflowExecution first = workflow.getExecution();
    equal("counted", workflow.getResult(List.class), List.of(3, 2, 1, 0));
    WorkflowExecutionInfo last = describe(first.getWorkflowId(), "").getWorkflowExecutionInfo();
    equal("status", last.getStatus(), WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    equal("first run", last.getFirstRunId(), first.getRunId());
    if (last.getExecution().getRunId().equals(first.getRunId())) {
      throw new AssertionError("the last run is the first one");
    }
  }

  private void cancellation() throws InterruptedException {
    WorkflowStub workflow = start("CleanUp");
    String workflowId = workflow.getExecution().getWorkflowId();
    untilActivityRuns(workflowId);
    workflow.cancel();
    Throwable cause = causeOfFailure(workflow);
    if (!(cause instanceof CanceledFailure)) throw new AssertionError("not cancelled", cause);
    equal(
        "status",
        describe(workflowId, "").getWorkflowExecutionInfo().getStatus(),
        WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED);
  }

  private void untilActivityRuns(String workflowId) throws InterruptedException {
    while (describe(workflowId, "").getPendingActivitiesList().stream()
        .noneMatch(activity -> activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)) {
      Thread.sleep(20);
    }
  }
}
