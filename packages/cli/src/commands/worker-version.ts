// `perdure worker deployment ...-version`: what is done with one version of a deployment.

import type { Command } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';

const load = () => import('./worker/version.ts');

const ABSENT = 'This server does not have worker deployments.';

const VERSION = {
  'deployment-name': { value: 'NAME', required: true, help: 'Name of the deployment' },
  'build-id': { value: 'ID', required: true, help: 'Build id of the version' },
} as const satisfies OptionTable;

const RUN = '--gcp-cloud-run-worker-pool';
const INSTANCES = 'goes with the other three of --gcp-cloud-run-{min,max,initial}-instances and -utilization-target';

/** Who starts workers when tasks wait and nobody polls. */
const COMPUTE = {
  'aws-lambda-function-arn': { value: 'ARN', help: 'AWS Lambda function that starts a worker' },
  'aws-lambda-assume-role-arn': { value: 'ARN', help: 'IAM role in which the server calls it' },
  'aws-lambda-assume-role-external-id': { value: 'ID', help: 'External id that the role asks for' },
  'aws-lambda-skip-role-and-external-id': { help: 'Call it without a role' },
  'gcp-cloud-run-project': { value: 'ID', help: `GCP project of ${RUN}` },
  'gcp-cloud-run-region': { value: 'NAME', help: `Region of ${RUN}` },
  'gcp-cloud-run-worker-pool': { value: 'NAME', help: 'GCP Cloud Run worker pool that is scaled' },
  'gcp-cloud-run-service-account': { value: 'EMAIL', help: `Service account in which the server scales ${RUN}` },
  'gcp-cloud-run-min-instances': { value: 'N', kind: 'integer', help: `So many at least; ${INSTANCES}` },
  'gcp-cloud-run-max-instances': { value: 'N', kind: 'integer', help: 'So many at most' },
  'gcp-cloud-run-initial-instances': { value: 'N', kind: 'integer', help: 'So many at first' },
  'gcp-cloud-run-utilization-target': {
    value: 'N',
    kind: 'number',
    help: 'How busy they should be: above 0, 1 at most',
  },
} as const satisfies OptionTable;

const version = '--deployment-name orders --build-id 2.1';

export const DEPLOYMENT_VERSION: readonly Command[] = [
  {
    path: ['worker', 'deployment', 'create-version'],
    summary: 'Create a version whose workers are started on demand',
    description: ABSENT,
    examples: [
      {
        line: `perdure worker deployment create-version ${version} --aws-lambda-function-arn arn:aws:lambda:eu-west-1:1:function:orders --aws-lambda-skip-role-and-external-id`,
      },
    ],
    options: { ...VERSION, ...COMPUTE },
    run: async (context) => (await load()).create(context),
  },
  {
    path: ['worker', 'deployment', 'describe-version'],
    summary: 'Show a version: its task queues, and whether it is drained',
    description: ABSENT,
    examples: [{ line: `perdure worker deployment describe-version ${version}` }],
    options: { ...VERSION, 'report-task-queue-stats': { help: 'Also what waits in its task queues' } },
    run: async (context) => (await load()).describe(context),
  },
  {
    path: ['worker', 'deployment', 'delete-version'],
    summary: 'Delete a version that is not in use',
    description: ABSENT,
    examples: [{ line: `perdure worker deployment delete-version ${version}` }],
    options: { ...VERSION, 'skip-drainage': { help: 'Also if workflows still run on it' } },
    run: async (context) => (await load()).remove(context),
  },
  {
    path: ['worker', 'deployment', 'update-version-metadata'],
    summary: 'Change the metadata of a version',
    description: ABSENT,
    examples: [
      {
        line: `perdure worker deployment update-version-metadata ${version} --metadata 'commit="4f2a"' --remove-entries branch`,
      },
    ],
    options: {
      ...VERSION,
      metadata: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'An entry that is set' },
      'remove-entries': { value: 'KEY', repeatable: true, help: 'An entry that is removed' },
    },
    run: async (context) => (await load()).updateMetadata(context),
  },
  {
    path: ['worker', 'deployment', 'update-version-compute-config'],
    summary: 'Change who starts the workers of a version',
    description: ABSENT,
    examples: [
      {
        line: `perdure worker deployment update-version-compute-config ${version} --aws-lambda-function-arn arn:aws:lambda:eu-west-1:1:function:orders-2 --aws-lambda-skip-role-and-external-id`,
      },
      { what: 'nobody', line: `perdure worker deployment update-version-compute-config ${version} --remove` },
    ],
    options: { ...VERSION, ...COMPUTE, remove: { help: 'Nobody does any more' } },
    run: async (context) => (await load()).updateCompute(context),
  },
];
