// Texts of the comparison of two runs.
import { pick } from './catalogue.ts';

const en = {
  title: 'Compare two runs',
  first: 'First run',
  second: 'Second run',
  workflowId: 'Workflow id',
  runId: 'Run id (empty: the latest)',
  compare: 'Compare',
  same: 'Both runs took the same steps with the same data.',
  diverges: 'They part here',
  onlyFirst: 'First run',
  onlySecond: 'Second run',
  nothing: 'nothing',
  data: 'Data that differs',
  timing: 'Largest differences in time',
  step: 'Step',
  longer: 'Difference',
  lastSuccess: 'The last completed run of this type is offered; choose any other.',
  field: 'Field',
};

export const compare = pick({ en });
