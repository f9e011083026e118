// The hidden commands for rules that assign and redirect build ids, the second generation of worker versioning.

import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import type { Output } from '../../output/output.ts';

interface Rules {
  readonly assignmentRules?: readonly {
    readonly rule?: {
      readonly targetBuildId?: string;
      readonly percentageRamp?: { readonly rampPercentage?: number };
    };
    readonly createTime?: string;
  }[];
  readonly compatibleRedirectRules?: readonly {
    readonly rule?: { readonly sourceBuildId?: string; readonly targetBuildId?: string };
    readonly createTime?: string;
  }[];
  readonly conflictToken?: string;
}

const WHOLE = 100;

export async function getRules(context: Context): Promise<undefined> {
  await showRules(context.out, await readRules(context));
}

export function insertAssignmentRule(context: Context): Promise<undefined> {
  const ruleIndex = context.given.number('rule-index') ?? 0;
  return update(context, { insertAssignmentRule: { ruleIndex, rule: assignmentRule(context) } });
}

export function replaceAssignmentRule(context: Context): Promise<undefined> {
  const rule = assignmentRule(context);
  return update(context, { replaceAssignmentRule: { ...indexed(context), rule } });
}

export function deleteAssignmentRule(context: Context): Promise<undefined> {
  return update(context, { deleteAssignmentRule: indexed(context) });
}

export function addRedirectRule(context: Context): Promise<undefined> {
  return update(context, { addCompatibleRedirectRule: { rule: redirectRule(context) } });
}

export function replaceRedirectRule(context: Context): Promise<undefined> {
  return update(context, { replaceCompatibleRedirectRule: { rule: redirectRule(context) } });
}

export function deleteRedirectRule(context: Context): Promise<undefined> {
  const sourceBuildId = context.given.text('source-build-id');
  return update(context, { deleteCompatibleRedirectRule: { sourceBuildId } });
}

export function commitBuildId(context: Context): Promise<undefined> {
  const { given } = context;
  return update(context, { commitBuildId: { targetBuildId: given.text('build-id'), force: given.isOn('force') } });
}

function assignmentRule({ given }: Context): JsonObject {
  const rampPercentage = given.number('percentage') ?? WHOLE;
  return {
    targetBuildId: given.text('build-id'),
    percentageRamp: rampPercentage === WHOLE ? undefined : { rampPercentage },
  };
}

function redirectRule({ given }: Context): JsonObject {
  return { sourceBuildId: given.text('source-build-id'), targetBuildId: given.text('target-build-id') };
}

function indexed({ given }: Context): JsonObject {
  return { ruleIndex: given.number('rule-index'), force: given.isOn('force') };
}

/** Whoever is asked sees the rules that are about to change; if they have changed since, nothing does. */
async function update(context: Context, operation: JsonObject): Promise<undefined> {
  const { given, out } = context;
  const before = await readRules(context);
  if (!given.isOn('yes') && out.isText) await showRules(out, before);
  await context.confirm('Change the rules of the task queue?');
  const client = await context.client();
  const { value } = await client.call<Rules>('UpdateWorkerVersioningRules', {
    namespace: client.namespace,
    taskQueue: given.text('task-queue'),
    conflictToken: before.conflictToken,
    ...operation,
  });
  await showRules(out, value);
}

async function readRules(context: Context): Promise<Rules> {
  const client = await context.client();
  const reply = await client.call<Rules>('GetWorkerVersioningRules', {
    namespace: client.namespace,
    taskQueue: context.given.text('task-queue'),
  });
  return reply.value;
}

async function showRules(out: Output, rules: Rules): Promise<void> {
  const assignmentRules = (rules.assignmentRules ?? []).map(({ rule = {}, createTime }) => ({
    targetBuildID: rule.targetBuildId ?? '',
    rampPercentage: rule.percentageRamp?.rampPercentage ?? (rule.percentageRamp === undefined ? WHOLE : 0),
    createTime,
  }));
  const redirectRules = (rules.compatibleRedirectRules ?? []).map(({ rule = {}, createTime }) => ({
    sourceBuildID: rule.sourceBuildId ?? '',
    targetBuildID: rule.targetBuildId ?? '',
    createTime,
  }));
  await out.object({ assignmentRules, redirectRules }, async () => {
    const assigned = assignmentRules.map(({ targetBuildID, rampPercentage, createTime }, index) => [
      String(index),
      targetBuildID,
      String(rampPercentage),
      out.time(createTime),
    ]);
    const redirected = redirectRules.map(({ sourceBuildID, targetBuildID, createTime }) => [
      sourceBuildID,
      targetBuildID,
      out.time(createTime),
    ]);
    await out.table('Assignment Rules', ['Index', 'TargetBuildID', 'RampPercentage', 'CreateTime'], assigned);
    await out.line();
    await out.table('Redirection Rules', ['SourceBuildID', 'TargetBuildID', 'CreateTime'], redirected);
  });
}
