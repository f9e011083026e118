// What a call of a model used: tokens and money, under the names that APIs and SDKs have for them.
import { firstNumber, type JsonRecord, recordOf } from './json.ts';

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

const INPUT = [
  'input_tokens',
  'inputTokens',
  'prompt_tokens',
  'promptTokens',
  'request_tokens',
  'promptTokenCount',
  'prompt_eval_count',
];
const OUTPUT = [
  'output_tokens',
  'outputTokens',
  'completion_tokens',
  'completionTokens',
  'response_tokens',
  'candidatesTokenCount',
  'eval_count',
];
const COST = ['cost', 'costUsd', 'cost_usd', 'total_cost', 'totalCost', 'totalCostUsd', 'total_cost_usd'];

export function tokensOf(reply: JsonRecord): Tokens | undefined {
  for (const used of usages(reply)) {
    const input = firstNumber(used, INPUT);
    const output = firstNumber(used, OUTPUT);
    if (input !== undefined || output !== undefined) return { input: input ?? 0, output: output ?? 0 };
  }
  return undefined;
}

/** In US dollars. */
export function costOf(reply: JsonRecord): number | undefined {
  for (const used of usages(reply)) {
    const cost = firstNumber(used, COST);
    if (cost !== undefined) return cost;
  }
  return undefined;
}

function usages(reply: JsonRecord): readonly JsonRecord[] {
  const { usage, totalUsage, usageMetadata, tokens, response } = reply;
  return [...[usage, totalUsage, usageMetadata, tokens, recordOf(response)['usage']].map(recordOf), reply];
}
