package interop;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;

@ActivityInterface
public interface Activities {
  String greet(String name);

  int failUntil(int attempt);

  void failForGood();

  /** Learns of its cancellation by its heartbeats. */
  void untilCancelled();

  final class Implementation implements Activities {
    @Override
    public String greet(String name) {
      return "hello " + name;
    }

    @Override
    public int failUntil(int attempt) {
      int now = Activity.getExecutionContext().getInfo().getAttempt();
      if (now < attempt) throw new IllegalStateException("attempt " + now + " fails");
      return now;
    }

    @Override
    public void failForGood() {
      throw ApplicationFailure.newNonRetryableFailure("hopeless", "Hopeless", "a detail");
    }

    @Override
    public void untilCancelled() {
      try {
        while (true) {
          Activity.getExecutionContext().heartbeat(null);
          Thread.sleep(50);
        }
      } catch (ActivityCompletionException cancelled) {
        throw cancelled;
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
