// Rules over the syntax tree that no linter of ours has: function length, tests that are narrowed, skipped or asleep,
// errors that are swallowed. Each takes a file and returns what it found; rules.test.ts plants one of each.
import { type Argument, type ArrowFunctionExpression, type Function, type Node, Visitor } from 'oxc-parser';
import type { CodeFile, Finding } from './source.ts';
import { findingAt } from './text-rules.ts';

const FUNCTION_LINES_MAX = 70;
const TEST_FUNCTIONS = new Set(['describe', 'it', 'suite', 'test', 't']);
const NARROWING = new Set(['only', 'skip', 'todo']);
const SLEEPING = new Set(['delay', 'pause', 'sleep']);

export function functionLength(file: CodeFile): Finding[] {
  const findings: Finding[] = [];
  const measure = (node: ArrowFunctionExpression | Function): void => {
    const length = file.text.slice(node.start, node.end).split('\n').length;
    if (length <= FUNCTION_LINES_MAX || isSuite(node)) return;
    findings.push(findingAt(file, node.start, `a function of ${length} lines (at most ${FUNCTION_LINES_MAX})`));
  };
  new Visitor({
    ArrowFunctionExpression: measure,
    FunctionDeclaration: measure,
    FunctionExpression: measure,
  }).visit(file.syntax.program);
  return findings;
}

export function explicitAny(file: CodeFile): Finding[] {
  const findings: Finding[] = [];
  new Visitor({
    TSAnyKeyword: (node) => findings.push(findingAt(file, node.start, 'any: use unknown, and parse it once')),
  }).visit(file.syntax.program);
  return findings;
}

/** `it.only(...)`, `t.skip()`, `it('...', { todo: true }, ...)` */
export function narrowedTests(file: CodeFile): Finding[] {
  if (!file.isTest) return [];
  const findings: Finding[] = [];
  new Visitor({
    CallExpression: (call) => {
      const { callee } = call;
      const modifier = callee.type === 'MemberExpression' ? nameOf(callee.property) : '';
      const narrowed =
        callee.type === 'MemberExpression' && TEST_FUNCTIONS.has(nameOf(callee.object)) && NARROWING.has(modifier);
      if (narrowed || (TEST_FUNCTIONS.has(nameOf(callee)) && call.arguments.some(hasNarrowingOption))) {
        findings.push(findingAt(file, call.start, 'a focused, skipped or unfinished test'));
      }
    },
  }).visit(file.syntax.program);
  return findings;
}

/** Tests wait for an event, never for a while: a sleep is too short on a slow machine and too long on all others. */
export function sleepingTests(file: CodeFile): Finding[] {
  if (!file.isTest) return [];
  const findings: Finding[] = [];
  const report = (node: Node): void => {
    findings.push(findingAt(file, node.start, 'a test that sleeps: wait for what must happen, or move a manual clock'));
  };
  new Visitor({
    ImportDeclaration: (node) => {
      if (node.source.value === 'node:timers/promises') report(node);
    },
    CallExpression: (call) => {
      if (SLEEPING.has(nameOf(call.callee))) report(call);
    },
    NewExpression: (node) => {
      const [executor] = node.arguments;
      if (nameOf(node.callee) === 'Promise' && executor !== undefined && resolvesByTimer(file, executor)) report(node);
    },
  }).visit(file.syntax.program);
  return findings;
}

/** `.catch(() => {})` and its like; an empty catch block is the linter's. A comment inside that gives a reason is fine. */
export function swallowedErrors(file: CodeFile): Finding[] {
  const findings: Finding[] = [];
  new Visitor({
    CallExpression: (call) => {
      const { callee } = call;
      if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'catch') return;
      if (call.arguments.some((argument) => isEmptyFunction(file, argument))) {
        findings.push(findingAt(file, call.start, 'an error is swallowed: handle it, or say inside why not'));
      }
    },
  }).visit(file.syntax.program);
  return findings;
}

/** The body of a describe(), or a function that registers tests: a list of tests, not a function to be read at once. */
function isSuite(node: ArrowFunctionExpression | Function): boolean {
  if (node.body?.type !== 'BlockStatement') return false;
  return node.body.body.some(
    (statement) =>
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'CallExpression' &&
      TEST_FUNCTIONS.has(nameOf(statement.expression.callee)),
  );
}

/** `new Promise((resolve) => setTimeout(resolve, ms))`; one that rejects after a while is a deadline, not a sleep. */
function resolvesByTimer(file: CodeFile, executor: Argument): boolean {
  if (executor.type !== 'ArrowFunctionExpression' && executor.type !== 'FunctionExpression') return false;
  const [parameter] = executor.params;
  if (parameter?.type !== 'Identifier') return false;
  const body = file.text.slice(executor.start, executor.end);
  return new RegExp(`\\bsetTimeout\\(\\s*(\\(\\)\\s*=>\\s*\\{?\\s*)?${parameter.name}\\b`).test(body);
}

function hasNarrowingOption(argument: Argument): boolean {
  if (argument.type !== 'ObjectExpression') return false;
  return argument.properties.some((property) => property.type === 'Property' && NARROWING.has(nameOf(property.key)));
}

function isEmptyFunction(file: CodeFile, argument: Argument): boolean {
  if (argument.type !== 'ArrowFunctionExpression') return false;
  const { body } = argument;
  if (body.type === 'Identifier') return body.name === 'undefined';
  if (body.type !== 'BlockStatement' || body.body.length > 0) return false;
  return !file.syntax.comments.some((comment) => comment.start > body.start && comment.end < body.end);
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' ? node.name : '';
}
