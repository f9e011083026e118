// Who starts the workers of a version: the options --aws-lambda-* and --gcp-cloud-run-*, as the messages that the API has for them.
// A version has one provider, in the scaling group `default`; each provider has one kind of scaler.

import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { jsonPayload } from '../inputs.ts';

export const SCALING_GROUP = 'default';

const AWS = 'aws-lambda';
const GCP = 'gcp-cloud-run';
const SCALER_TYPES = { [AWS]: 'no-sync', [GCP]: 'rate-based' } as const;

/** Options, and what their values are called in the details of the provider. */
const AWS_DETAILS = [
  ['aws-lambda-function-arn', 'arn'],
  ['aws-lambda-assume-role-arn', 'role'],
  ['aws-lambda-assume-role-external-id', 'role_external_id'],
] as const;
const GCP_DETAILS = [
  ['gcp-cloud-run-project', 'project'],
  ['gcp-cloud-run-region', 'region'],
  ['gcp-cloud-run-worker-pool', 'worker_pool'],
  ['gcp-cloud-run-service-account', 'service_account'],
] as const;
const SCALER_DETAILS = [
  ['gcp-cloud-run-min-instances', 'min_count'],
  ['gcp-cloud-run-max-instances', 'max_count'],
  ['gcp-cloud-run-initial-instances', 'initial_count'],
  ['gcp-cloud-run-utilization-target', 'utilization_target'],
] as const;

type Details = readonly (readonly [option: string, key: string])[];

export interface ScalingGroup extends JsonObject {
  readonly provider?: { readonly type: keyof typeof SCALER_TYPES; readonly details: JsonObject };
  readonly scaler: { readonly type?: string; readonly details?: JsonObject | undefined };
}

/** Undefined: none of the options is given. @throws {UsageError} they do not go together */
export function scalingGroup(context: Context): ScalingGroup | undefined {
  const { given } = context;
  const provider = providerOf(context);
  const details = scalerDetails(context);
  if (provider === undefined) return details === undefined ? undefined : { scaler: { details } };
  if (provider.type === AWS && details !== undefined) {
    throw context.wrong('the numbers of instances go with --gcp-cloud-run-worker-pool only');
  }
  if (provider.type === GCP && given.isOn('aws-lambda-skip-role-and-external-id')) {
    throw context.wrong('--aws-lambda-skip-role-and-external-id goes with --aws-lambda-function-arn');
  }
  return { provider, scaler: { type: SCALER_TYPES[provider.type], details } };
}

/** Fields of a scaling group that an update replaces. A new kind of scaler does not keep the settings of the old one. */
export function updatedPaths({ provider, scaler }: ScalingGroup): readonly string[] {
  if (provider === undefined) return ['scaler.details'];
  const paths = ['provider.type', 'provider.details', 'scaler.type'];
  return provider.type === AWS || scaler.details !== undefined ? [...paths, 'scaler.details'] : paths;
}

function providerOf(context: Context): ScalingGroup['provider'] {
  const aws = givenDetails(context, AWS_DETAILS);
  const gcp = givenDetails(context, GCP_DETAILS);
  if (aws.size > 0 && gcp.size > 0) throw context.wrong('a version has one provider: AWS Lambda or GCP Cloud Run');
  if (aws.size > 0) {
    const [functionOnly] = AWS_DETAILS;
    const needed = context.given.isOn('aws-lambda-skip-role-and-external-id') ? [functionOnly] : AWS_DETAILS;
    checkExactly(context, aws, needed, AWS_DETAILS);
    return { type: AWS, details: payloadOf(context, aws) };
  }
  if (gcp.size === 0) return undefined;
  checkExactly(context, gcp, GCP_DETAILS, GCP_DETAILS);
  return { type: GCP, details: payloadOf(context, gcp) };
}

function scalerDetails(context: Context): JsonObject | undefined {
  const texts = givenDetails(context, SCALER_DETAILS);
  if (texts.size === 0) return undefined;
  checkExactly(context, texts, SCALER_DETAILS, SCALER_DETAILS);
  const number = (key: string) => Number(texts.get(key));
  const [min, max, initial, target] = SCALER_DETAILS.map(([, key]) => number(key)) as [number, number, number, number];
  if (min < 0) throw context.wrong('--gcp-cloud-run-min-instances must not be negative');
  if (max < 1) throw context.wrong('--gcp-cloud-run-max-instances must be at least 1');
  if (min > max) throw context.wrong('--gcp-cloud-run-min-instances must not be above --gcp-cloud-run-max-instances');
  if (initial < min || initial > max) {
    throw context.wrong('--gcp-cloud-run-initial-instances must be between the least and the most');
  }
  if (target <= 0 || target > 1) {
    throw context.wrong('--gcp-cloud-run-utilization-target must be above 0, and 1 at most');
  }
  const numbers = new Map([...texts.keys()].map((key) => [key, number(key)]));
  return payloadOf(context, numbers);
}

function givenDetails({ given }: Context, details: Details): Map<string, string> {
  return new Map(
    details.flatMap(([option, key]) => {
      const value = given.last(option);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** @throws {UsageError} one of the needed is missing, or one that is not needed is there */
function checkExactly(context: Context, details: ReadonlyMap<string, string>, needed: Details, all: Details): void {
  for (const entry of all) {
    const [option, key] = entry;
    const isNeeded = needed.includes(entry);
    if (isNeeded && !details.has(key)) throw context.wrong(`--${option} must be given as well`);
    if (!isNeeded && details.has(key)) throw context.wrong(`--${option} must not be given as well`);
  }
}

function payloadOf(context: Context, details: ReadonlyMap<string, string | number>): JsonObject {
  return jsonPayload(context, 'the details', JSON.stringify(Object.fromEntries(details)));
}
