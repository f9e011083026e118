// Scenarios of the official Go SDK against the server at the given address. Prints one line for each:
// `ok <name>` or `not ok <name> <reason>`; tests/interop/run.ts reads them.
//
//	interop <address>
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
)

const scenarioTimeout = 20 * time.Second

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: interop <address>")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(address string) error {
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	connection, err := client.Dial(client.Options{HostPort: address, Logger: logger})
	if err != nil {
		return err
	}
	defer connection.Close()
	taskQueue := "go-" + uuid.NewString()
	workflows := worker.New(connection, taskQueue, worker.Options{MaxHeartbeatThrottleInterval: 100 * time.Millisecond})
	for _, each := range []any{Activity, Retry, Hopeless, Timer, Listen, Count, Parent, CountDown, CleanUp} {
		workflows.RegisterWorkflow(each)
	}
	for _, each := range []any{Greet, FailUntil, FailForGood, UntilCancelled} {
		workflows.RegisterActivity(each)
	}
	if err := workflows.Start(); err != nil {
		return err
	}
	defer workflows.Stop()

	for _, each := range scenarios {
		ctx, cancel := context.WithTimeout(context.Background(), scenarioTimeout)
		err := each.run(ctx, starter{connection, taskQueue})
		cancel()
		if err != nil {
			fmt.Printf("not ok %s %s\n", each.name, strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Printf("ok %s\n", each.name)
		}
	}
	return nil
}
