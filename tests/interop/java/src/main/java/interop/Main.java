package interop;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Scenarios of the official Java SDK against the server at the given address. Prints one line for each: `ok NAME` or
 * `not ok NAME REASON`; tests/interop/run.ts reads them.
 */
public final class Main {
  private static final long SCENARIO_SECONDS_MAX = 20;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[0]).build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    String taskQueue = "java-" + UUID.randomUUID();
    WorkerFactory factory = WorkerFactory.newInstance(client);
    Worker worker =
        factory.newWorker(
            taskQueue,
            WorkerOptions.newBuilder().setMaxHeartbeatThrottleInterval(Duration.ofMillis(100)).build());
    worker.registerWorkflowImplementationTypes(Workflows.IMPLEMENTATIONS);
    worker.registerActivitiesImplementations(new Activities.Implementation());
    factory.start();

    ExecutorService executor = Executors.newCachedThreadPool();
    Scenarios.all(client, taskQueue).forEach((name, scenario) -> System.out.println(outcome(executor, name, scenario)));
    System.exit(0);
  }

  private static String outcome(ExecutorService executor, String name, Scenarios.Scenario scenario) {
    Future<Void> running =
        executor.submit(
            () -> {
              scenario.run();
              return null;
            });
    try {
      running.get(SCENARIO_SECONDS_MAX, TimeUnit.SECONDS);
      return "ok " + name;
    } catch (ExecutionException failed) {
      return "not ok " + name + " " + reason(failed).replaceAll("\\s+", " ");
    } catch (Exception late) {
      running.cancel(true);
      return "not ok " + name + " " + late;
    }
  }

  private static String reason(Throwable failed) {
    StringBuilder reason = new StringBuilder();
    for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
      reason.append(reason.isEmpty() ? "" : ", because ").append(cause);
    }
    return reason.toString();
  }
}
