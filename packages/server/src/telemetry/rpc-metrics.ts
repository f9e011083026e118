// What is counted of every unary RPC, under the names of the Temporal service.

import { code, StatusError } from '@perdure/api';
import { ByNamespace, type NamespaceLabel, UNKNOWN } from './namespace-label.ts';
import type { Registry, SeriesFamily } from './registry.ts';
import { type Counter, type Histogram, SECONDS } from './series.ts';

const LABELS = ['service_name', 'operation', 'namespace'] as const;
const SERVICE = 'frontend';

/** The server is to blame, not the caller. */
const UNEXPECTED: ReadonlySet<number> = new Set([
  code.UNKNOWN,
  code.DEADLINE_EXCEEDED,
  code.INTERNAL,
  code.UNAVAILABLE,
  code.DATA_LOSS,
]);

/** The series of one operation in one namespace. */
class CallSeries {
  readonly requests: Counter;
  readonly errors: Counter;
  readonly latency: Histogram;
  readonly #errorsOfType: (type: string) => Counter;

  constructor(requests: Counter, errors: Counter, latency: Histogram, errorsOfType: (type: string) => Counter) {
    this.requests = requests;
    this.errors = errors;
    this.latency = latency;
    this.#errorsOfType = errorsOfType;
  }

  countError(error: unknown): void {
    if (!(error instanceof StatusError) || UNEXPECTED.has(error.code)) this.errors.add();
    this.#errorsOfType(errorTypeOf(error)).add();
  }
}

/** One method of the API. */
export class Operation {
  pending = 0;
  readonly #series: ByNamespace<CallSeries>;
  readonly #elapsedMs: () => number;

  constructor(series: ByNamespace<CallSeries>, elapsedMs: () => number) {
    this.#series = series;
    this.#elapsedMs = elapsedMs;
  }

  begin(): MeasuredCall {
    this.pending++;
    return new MeasuredCall(this, this.#elapsedMs());
  }

  /** @param error of a call that failed; undefined: it was answered */
  end({ beganMs, namespace }: MeasuredCall, error: unknown): void {
    this.pending--;
    const series = this.#series.of(namespace);
    series.requests.add();
    series.latency.observe((this.#elapsedMs() - beganMs) / 1000);
    if (error !== undefined) series.countError(error);
  }
}

/** One call under way. */
export class MeasuredCall {
  /** As the request names it, once it is decoded. */
  namespace = '';
  readonly beganMs: number;
  readonly #operation: Operation;

  constructor(operation: Operation, beganMs: number) {
    this.#operation = operation;
    this.beganMs = beganMs;
  }

  /**
   * Notes when and how the call ends, and encodes the answer. In one step, because each further one on the way of a
   * promise costs as much as all the counting.
   * @throws what `encode` throws of an answer that is there already: the call has not ended then
   */
  follow<T>(
    answer: Promise<T> | T,
    encode: (answer: T) => Uint8Array,
    asStatus: (error: unknown) => unknown,
  ): Promise<Uint8Array> | Uint8Array {
    if (answer instanceof Promise) {
      return answer.then(
        (value) => {
          this.#operation.end(this, undefined);
          return encode(value);
        },
        (error: unknown) => this.fail(asStatus(error)),
      );
    }
    const bytes = encode(answer);
    this.#operation.end(this, undefined);
    return bytes;
  }

  fail(error: unknown): never {
    this.#operation.end(this, error ?? new TypeError('something threw undefined'));
    throw error;
  }
}

export class RpcMetrics {
  readonly #operations = new Map<string, Operation>();
  readonly #requests: SeriesFamily<typeof LABELS, Counter>;
  readonly #errors: SeriesFamily<typeof LABELS, Counter>;
  readonly #errorsByType: SeriesFamily<readonly [...typeof LABELS, 'error_type'], Counter>;
  readonly #latency: SeriesFamily<typeof LABELS, Histogram>;
  readonly #namespaces: NamespaceLabel;
  readonly #elapsedMs: () => number;
  /** Of paths that this server does not know. */
  readonly unknown: Operation;

  constructor(registry: Registry, namespaces: NamespaceLabel, elapsedMs: () => number) {
    this.#namespaces = namespaces;
    this.#elapsedMs = elapsedMs;
    this.#requests = registry.counter({
      name: 'service_requests',
      help: 'Unary RPCs that have ended, answered or failed.',
      labels: LABELS,
    });
    this.#errors = registry.counter({
      name: 'service_errors',
      help: 'RPCs that failed through no fault of the caller.',
      labels: LABELS,
    });
    this.#errorsByType = registry.counter({
      name: 'service_error_with_type',
      help: 'RPCs that failed, by what they failed with.',
      labels: [...LABELS, 'error_type'],
    });
    this.#latency = registry.histogram(
      {
        name: 'service_latency',
        help: 'Seconds from a request to its answer, long polls included.',
        labels: LABELS,
      },
      SECONDS,
    );
    registry.collected(
      'gauge',
      {
        name: 'service_pending_requests',
        help: 'Unary RPCs under way, long polls included.',
        labels: ['service_name', 'operation'],
      },
      (report) => {
        for (const [name, { pending }] of this.#operations) report(pending, SERVICE, name);
      },
    );
    this.unknown = this.operation(UNKNOWN);
  }

  /** @param path `/package.Service/Method`: the operation is called like the method */
  operation(path: string): Operation {
    const name = path.slice(path.lastIndexOf('/') + 1);
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      const series = new ByNamespace(
        (namespace) => this.#namespaces.ofName(namespace),
        (label) => this.#seriesOf(name, label),
      );
      this.#operations.set(name, (operation = new Operation(series, this.#elapsedMs)));
    }
    return operation;
  }

  #seriesOf(operation: string, namespace: string): CallSeries {
    const labels = [SERVICE, operation, namespace] as const;
    return new CallSeries(
      this.#requests.of(...labels),
      this.#errors.of(...labels),
      this.#latency.of(...labels),
      (errorType) => this.#errorsByType.of(...labels, errorType),
    );
  }
}

const CODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(code).map(([name, number]) => [number, camelCase(name)]),
);

/** What the error is called in the service: `NamespaceNotFound`. Of a bug, that it is one. */
function errorTypeOf(error: unknown): string {
  if (!(error instanceof StatusError)) return 'Internal';
  const [detail] = error.details;
  const detailName = /(\w+)Failure$/.exec(detail?.typeUrl ?? '')?.[1];
  return detailName ?? CODE_NAMES.get(error.code) ?? 'Unknown';
}

/** INVALID_ARGUMENT becomes InvalidArgument. */
function camelCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
}
