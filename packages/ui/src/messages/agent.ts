// Texts of conversations of agents.
import { counted, pick } from './catalogue.ts';

const en = {
  roles: { system: 'System', user: 'User', assistant: 'Model', tool: 'Tool' },
  label: 'Conversation',
  beside: 'Steps of the run',
  none: 'No step of this run calls a model',
  noneHelp:
    'Steps count as calls of a model by their summary (“model: …”), by their name (callModel, invoke_model …) and by messages with roles and usage in their data. Calls of tools are found by “tool: …”, by the name that the model gave, or by names such as callTool.',
  totals: 'In all',
  modelCalls: (n: number) => counted(n, 'model call', 'model calls'),
  toolCalls: (n: number) => counted(n, 'tool call', 'tool calls'),
  tokens: ({ input, output }: { readonly input: number; readonly output: number }) =>
    `${input.toLocaleString('en')} tokens in, ${output.toLocaleString('en')} out`,
  cost: (dollars: number) => `$${dollars < 0.01 ? dollars.toPrecision(2) : dollars.toFixed(2)}`,
  modelTime: (words: string) => `${words} in models`,
  attempt: (n: number) => `attempt ${n}`,
  noText: 'No text',
  waiting: 'No answer yet',
  args: 'Arguments',
  result: 'Result',
  noResult: 'No result yet',
  showStep: 'Show step',
  showInWaterfall: 'Show in waterfall',
};

export const agent = pick({ en });
