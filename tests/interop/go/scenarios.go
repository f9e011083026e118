package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

type scenario struct {
	name string
	run  func(ctx context.Context, s starter) error
}

var scenarios = []scenario{
	{"activity", activityScenario},
	{"retry", retryScenario},
	{"timer", timerScenario},
	{"signal", signalScenario},
	{"query", queryScenario},
	{"update", updateScenario},
	{"update-with-start", updateWithStartScenario},
	{"child", childScenario},
	{"continue-as-new", continueScenario},
	{"cancellation", cancellationScenario},
}

type starter struct {
	client.Client
	taskQueue string
}

func (s starter) options() client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: "go-" + uuid.NewString(), TaskQueue: s.taskQueue}
}

func (s starter) start(ctx context.Context, workflow any, args ...any) (client.WorkflowRun, error) {
	return s.ExecuteWorkflow(ctx, s.options(), workflow, args...)
}

// resultOf waits for the workflow.
func resultOf[T any](ctx context.Context, run client.WorkflowRun, startError error) (result T, err error) {
	if startError != nil {
		return result, startError
	}
	err = run.Get(ctx, &result)
	return result, err
}

func equal(what string, got, want any) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	return fmt.Errorf("%s: got %v, not %v", what, got, want)
}

func activityScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, Activity, "Ada")
	greeting, err := resultOf[string](ctx, run, err)
	return errors.Join(err, equal("greeting", greeting, "hello Ada"))
}

func retryScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, Retry, int32(3))
	attempt, err := resultOf[int32](ctx, run, err)
	if err := errors.Join(err, equal("attempt", attempt, int32(3))); err != nil {
		return err
	}
	run, err = s.start(ctx, Hopeless)
	if err != nil {
		return err
	}
	var cause *temporal.ApplicationError
	if err := run.Get(ctx, nil); !errors.As(err, &cause) {
		return fmt.Errorf("not the failure of the activity: %v", err)
	}
	var detail string
	return errors.Join(cause.Details(&detail), equal("type", cause.Type(), "Hopeless"), equal("detail", detail, "a detail"))
}

func timerScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, Timer, int64(300))
	slept, err := resultOf[int64](ctx, run, err)
	if err == nil && slept < 300 {
		return fmt.Errorf("slept %d ms instead of 300", slept)
	}
	return err
}

func signalScenario(ctx context.Context, s starter) error {
	options := s.options()
	run, err := s.SignalWithStartWorkflow(ctx, options.ID, "say", "one", options, Listen)
	if err != nil {
		return err
	}
	for _, word := range []string{"two", "three", "stop"} {
		if err := s.SignalWorkflow(ctx, options.ID, "", "say", word); err != nil {
			return err
		}
	}
	heard, err := resultOf[[]string](ctx, run, err)
	return errors.Join(err, equal("heard", heard, []string{"one", "two", "three", "stop"}))
}

func queryScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, Listen)
	if err != nil {
		return err
	}
	heard := func(want ...string) error {
		value, err := s.QueryWorkflow(ctx, run.GetID(), "", "heard")
		if err != nil {
			return err
		}
		var got []string
		return errors.Join(value.Get(&got), equal("heard", got, want))
	}
	if err := s.SignalWorkflow(ctx, run.GetID(), "", "say", "stop"); err != nil {
		return err
	}
	if err := run.Get(ctx, nil); err != nil {
		return err
	}
	if err := heard("stop"); err != nil {
		return err
	}
	var failed *serviceerror.QueryFailed
	if _, err := s.QueryWorkflow(ctx, run.GetID(), "", "never defined"); !errors.As(err, &failed) {
		return fmt.Errorf("an unknown query: %v", err)
	}
	if run, err = s.start(ctx, Listen); err != nil {
		return err
	}
	return errors.Join(heard([]string{}...), s.TerminateWorkflow(ctx, run.GetID(), "", "enough"))
}

func updateScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, Count)
	if err != nil {
		return err
	}
	add := func(number int, stage client.WorkflowUpdateStage) (client.WorkflowUpdateHandle, error) {
		return s.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID: run.GetID(), UpdateName: "add", Args: []any{number}, WaitForStage: stage,
		})
	}
	stages := []client.WorkflowUpdateStage{client.WorkflowUpdateStageAccepted, client.WorkflowUpdateStageCompleted}
	for index, stage := range stages {
		handle, err := add(5, stage)
		if err != nil {
			return err
		}
		var total int
		if err := errors.Join(handle.Get(ctx, &total), equal("total", total, 5*(index+1))); err != nil {
			return err
		}
	}
	handle, err := add(-1, client.WorkflowUpdateStageCompleted)
	if err == nil {
		err = handle.Get(ctx, nil)
	}
	if err == nil || !strings.Contains(err.Error(), "only positive numbers") {
		return fmt.Errorf("an invalid update: %v", err)
	}
	err = s.SignalWorkflow(ctx, run.GetID(), "", "end", nil)
	total, err := resultOf[int](ctx, run, err)
	return errors.Join(err, equal("total", total, 10))
}

func updateWithStartScenario(ctx context.Context, s starter) error {
	options := s.options()
	options.WorkflowIDConflictPolicy = enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
	for call := 1; call <= 2; call++ {
		handle, err := s.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			StartWorkflowOperation: s.NewWithStartWorkflowOperation(options, Count),
			UpdateOptions: client.UpdateWorkflowOptions{
				UpdateName: "add", Args: []any{1}, WaitForStage: client.WorkflowUpdateStageCompleted,
			},
		})
		if err != nil {
			return err
		}
		var total int
		if err := errors.Join(handle.Get(ctx, &total), equal("total", total, call)); err != nil {
			return err
		}
	}
	return s.TerminateWorkflow(ctx, options.ID, "", "enough")
}

func childScenario(ctx context.Context, s starter) error {
	childID := "go-child-" + uuid.NewString()
	run, err := s.start(ctx, Parent, childID)
	heard, err := resultOf[[]string](ctx, run, err)
	if err := errors.Join(err, equal("heard", heard, []string{"from the parent", "stop"})); err != nil {
		return err
	}
	child, err := s.DescribeWorkflowExecution(ctx, childID, "")
	if err != nil {
		return err
	}
	info := child.GetWorkflowExecutionInfo()
	return errors.Join(
		equal("status", info.GetStatus(), enums.WORKFLOW_EXECUTION_STATUS_COMPLETED),
		equal("parent", info.GetParentExecution().GetWorkflowId(), run.GetID()),
		equal("parent's run", info.GetParentExecution().GetRunId(), run.GetRunID()),
	)
}

func continueScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, CountDown, 3, []int{})
	if err != nil {
		return err
	}
	first, err := s.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	if err != nil {
		return err
	}
	counted, err := resultOf[[]int](ctx, run, err)
	if err := errors.Join(err, equal("counted", counted, []int{3, 2, 1, 0})); err != nil {
		return err
	}
	last, err := s.DescribeWorkflowExecution(ctx, run.GetID(), "")
	if err != nil {
		return err
	}
	info := last.GetWorkflowExecutionInfo()
	if info.GetExecution().GetRunId() == first.GetWorkflowExecutionInfo().GetExecution().GetRunId() {
		return errors.New("the last run is the first one")
	}
	return errors.Join(
		equal("status", info.GetStatus(), enums.WORKFLOW_EXECUTION_STATUS_COMPLETED),
		equal("first run", info.GetFirstRunId(), first.GetWorkflowExecutionInfo().GetExecution().GetRunId()),
	)
}

func cancellationScenario(ctx context.Context, s starter) error {
	run, err := s.start(ctx, CleanUp)
	if err != nil {
		return err
	}
	if err := untilActivityRuns(ctx, s, run.GetID()); err != nil {
		return err
	}
	if err := s.CancelWorkflow(ctx, run.GetID(), ""); err != nil {
		return err
	}
	var cancelled *temporal.CanceledError
	if err := run.Get(ctx, nil); !errors.As(err, &cancelled) {
		return fmt.Errorf("not cancelled: %v", err)
	}
	described, err := s.DescribeWorkflowExecution(ctx, run.GetID(), "")
	return errors.Join(err,
		equal("status", described.GetWorkflowExecutionInfo().GetStatus(), enums.WORKFLOW_EXECUTION_STATUS_CANCELED))
}

func untilActivityRuns(ctx context.Context, s starter, workflowID string) error {
	for {
		described, err := s.DescribeWorkflowExecution(ctx, workflowID, "")
		if err != nil {
			return err
		}
		pending := described.GetPendingActivities()
		if len(pending) > 0 && pending[0].GetState() == enums.PENDING_ACTIVITY_STATE_STARTED {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
}
