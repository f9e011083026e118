package interop;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The workflows of the scenarios, each an interface for the client and its implementation. */
public final class Workflows {
  private Workflows() {}

  static final Class<?>[] IMPLEMENTATIONS = {
    GreetingImplementation.class,
    RetryImplementation.class,
    HopelessImplementation.class,
    TimerImplementation.class,
    ListenImplementation.class,
    CountImplementation.class,
    ParentImplementation.class,
    CountDownImplementation.class,
    CleanUpImplementation.class,
  };

  private static Activities activities() {
    return Workflow.newActivityStub(
        Activities.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(10))
            .setHeartbeatTimeout(Duration.ofSeconds(2))
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(RetryOptions.newBuilder().setInitialInterval(Duration.ofMillis(20)).build())
            .build());
  }

  @WorkflowInterface
  public interface Greeting {
    @WorkflowMethod
    String run(String name);
  }

  public static final class GreetingImplementation implements Greeting {
    @Override
    public String run(String name) {
      return activities().greet(name);
    }
  }

  @WorkflowInterface
  public interface Retry {
    @WorkflowMethod
    int run(int until);
  }

  public static final class RetryImplementation implements Retry {
    @Override
    public int run(int until) {
      return activities().failUntil(until);
    }
  }

  @WorkflowInterface
  public interface Hopeless {
    @WorkflowMethod
    void run();
  }

  public static final class HopelessImplementation implements Hopeless {
    @Override
    public void run() {
      activities().failForGood();
    }
  }

  @WorkflowInterface
  public interface Timer {
    @WorkflowMethod
    long run(long milliseconds);
  }

  public static final class TimerImplementation implements Timer {
    @Override
    public long run(long milliseconds) {
      long began = Workflow.currentTimeMillis();
      Workflow.sleep(Duration.ofMillis(milliseconds));
      return Workflow.currentTimeMillis() - began;
    }
  }

  /** Collects the words that it is signalled, until `stop`. */
  @WorkflowInterface
  public interface Listen {
    @WorkflowMethod
    List<String> run();

    @SignalMethod
    void say(String word);

    @QueryMethod
    List<String> heard();
  }

  public static final class ListenImplementation implements Listen {
    private final List<String> heard = new ArrayList<>();

    @Override
    public List<String> run() {
      Workflow.await(() -> heard.contains("stop"));
      return heard;
    }

    @Override
    public void say(String word) {
      heard.add(word);
    }

    @Override
    public List<String> heard() {
      return heard;
    }
  }

  /** Adds up what its updates bring, until a signal ends it. An update does an activity before it answers. */
  @WorkflowInterface
  public interface Count {
    @WorkflowMethod
    int run();

    @SignalMethod
    void end();

    @UpdateMethod
    int add(int number);

    @UpdateValidatorMethod(updateName = "add")
    void onlyPositive(int number);
  }

  public static final class CountImplementation implements Count {
    private int total;
    private boolean ended;

    @Override
    public int run() {
      Workflow.await(() -> ended);
      return total;
    }

    @Override
    public void end() {
      ended = true;
    }

    @Override
    public int add(int number) {
      activities().greet("update");
      total += number;
      return total;
    }

    @Override
    public void onlyPositive(int number) {
      if (number <= 0) throw new IllegalArgumentException("only positive numbers");
    }
  }

  /** Starts a child that listens, tells it two words, and returns what the child heard. */
  @WorkflowInterface
  public interface Parent {
    @WorkflowMethod
    List<String> run(String childId);
  }

  public static final class ParentImplementation implements Parent {
    @Override
    public List<String> run(String childId) {
      ChildWorkflowOptions options = ChildWorkflowOptions.newBuilder().setWorkflowId(childId).build();
      Listen child = Workflow.newChildWorkflowStub(Listen.class, options);
      Promise<List<String>> heard = Async.function(child::run);
      Workflow.getWorkflowExecution(child).get();
      child.say("from the parent");
      child.say("stop");
      return heard.get();
    }
  }

  /** Counts one number in each run, and goes on as the next. */
  @WorkflowInterface
  public interface CountDown {
    @WorkflowMethod
    List<Integer> run(int from, List<Integer> counted);
  }

  public static final class CountDownImplementation implements CountDown {
    @Override
    public List<Integer> run(int from, List<Integer> counted) {
      counted.add(from);
      if (from > 0) Workflow.newContinueAsNewStub(CountDown.class).run(from - 1, counted);
      return counted;
    }
  }

  /** Is cancelled while its activity runs, and does another activity before it obeys. */
  @WorkflowInterface
  public interface CleanUp {
    @WorkflowMethod
    void run();
  }

  public static final class CleanUpImplementation implements CleanUp {
    @Override
    public void run() {
      try {
        activities().untilCancelled();
      } catch (ActivityFailure failure) {
        if (!(failure.getCause() instanceof CanceledFailure)) throw failure;
        Workflow.newDetachedCancellationScope(() -> activities().greet("clean-up")).run();
        throw failure;
      }
    }
  }
}
