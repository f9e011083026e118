package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

func Greet(_ context.Context, name string) (string, error) {
	return "hello " + name, nil
}

func FailUntil(ctx context.Context, attempt int32) (int32, error) {
	if now := activity.GetInfo(ctx).Attempt; now < attempt {
		return 0, fmt.Errorf("attempt %d fails", now)
	}
	return activity.GetInfo(ctx).Attempt, nil
}

func FailForGood(context.Context) error {
	return temporal.NewNonRetryableApplicationError("hopeless", "Hopeless", nil, "a detail")
}

// UntilCancelled learns of its cancellation by its heartbeats.
func UntilCancelled(ctx context.Context) error {
	beat := time.NewTicker(50 * time.Millisecond)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-beat.C:
			activity.RecordHeartbeat(ctx)
		}
	}
}

func withActivities(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		HeartbeatTimeout:    2 * time.Second,
		WaitForCancellation: true,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 20 * time.Millisecond},
	})
}

func Activity(ctx workflow.Context, name string) (greeting string, err error) {
	err = workflow.ExecuteActivity(withActivities(ctx), Greet, name).Get(ctx, &greeting)
	return greeting, err
}

func Retry(ctx workflow.Context, until int32) (attempt int32, err error) {
	err = workflow.ExecuteActivity(withActivities(ctx), FailUntil, until).Get(ctx, &attempt)
	return attempt, err
}

func Hopeless(ctx workflow.Context) error {
	return workflow.ExecuteActivity(withActivities(ctx), FailForGood).Get(ctx, nil)
}

func Timer(ctx workflow.Context, ms int64) (int64, error) {
	began := workflow.Now(ctx)
	err := workflow.Sleep(ctx, time.Duration(ms)*time.Millisecond)
	return workflow.Now(ctx).Sub(began).Milliseconds(), err
}

// Listen collects the words that it is signalled, until `stop`.
func Listen(ctx workflow.Context) ([]string, error) {
	heard := []string{}
	if err := workflow.SetQueryHandler(ctx, "heard", func() ([]string, error) { return heard, nil }); err != nil {
		return nil, err
	}
	for len(heard) == 0 || heard[len(heard)-1] != "stop" {
		var word string
		workflow.GetSignalChannel(ctx, "say").Receive(ctx, &word)
		heard = append(heard, word)
	}
	return heard, nil
}

// Count adds up what its updates bring, until a signal ends it. An update does an activity before it answers.
func Count(ctx workflow.Context) (int, error) {
	total := 0
	add := func(ctx workflow.Context, number int) (int, error) {
		if err := workflow.ExecuteActivity(withActivities(ctx), Greet, "update").Get(ctx, nil); err != nil {
			return 0, err
		}
		total += number
		return total, nil
	}
	validate := func(_ workflow.Context, number int) error {
		if number <= 0 {
			return errors.New("only positive numbers")
		}
		return nil
	}
	err := workflow.SetUpdateHandlerWithOptions(ctx, "add", add, workflow.UpdateHandlerOptions{Validator: validate})
	if err != nil {
		return 0, err
	}
	workflow.GetSignalChannel(ctx, "end").Receive(ctx, nil)
	return total, nil
}

// Parent starts a child that listens, tells it two words, and returns what the child heard.
func Parent(ctx workflow.Context, childID string) (heard []string, err error) {
	child := workflow.ExecuteChildWorkflow(
		workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: childID}), Listen)
	for _, word := range []string{"from the parent", "stop"} {
		if err := child.SignalChildWorkflow(ctx, "say", word).Get(ctx, nil); err != nil {
			return nil, err
		}
	}
	err = child.Get(ctx, &heard)
	return heard, err
}

// CountDown counts one number in each run, and goes on as the next.
func CountDown(ctx workflow.Context, from int, counted []int) ([]int, error) {
	counted = append(counted, from)
	if from > 0 {
		return nil, workflow.NewContinueAsNewError(ctx, CountDown, from-1, counted)
	}
	return counted, nil
}

// CleanUp is cancelled while its activity runs, and does another activity before it obeys.
func CleanUp(ctx workflow.Context) error {
	cancelled := workflow.ExecuteActivity(withActivities(ctx), UntilCancelled).Get(ctx, nil)
	if !temporal.IsCanceledError(cancelled) {
		return fmt.Errorf("the activity was not cancelled: %v", cancelled)
	}
	after, _ := workflow.NewDisconnectedContext(ctx)
	if err := workflow.ExecuteActivity(withActivities(after), Greet, "clean-up").Get(after, nil); err != nil {
		return err
	}
	return cancelled
}
