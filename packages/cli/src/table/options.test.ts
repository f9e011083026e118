import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionHelp } from './help.ts';
import { checkRequired, type OptionTable, readOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

const TABLE: OptionTable = {
  port: { short: 'p', value: 'PORT', help: 'a port' },
  namespace: { short: 'n', value: 'NAME', repeatable: true, help: 'a name' },
  headless: { help: 'a flag' },
  'run-timeout': { value: 'DURATION', help: 'a duration' },
  'task-timeout': { value: 'DURATION', help: 'another one' },
};

const read = (...args: string[]) => readOptions(args, TABLE, 'the hint');

test('a value may stand in any of the usual places', () => {
  for (const args of [['--port', '7'], ['--port=7'], ['-p', '7'], ['-p=7'], ['-p7']]) {
    assert.equal(read(...args).last('port'), '7', args.join(' '));
  }
  assert.equal(read('--namespace=a=b').last('namespace'), 'a=b');
  assert.equal(read('--namespace=-x').last('namespace'), '-x');
  assert.equal(read('--namespace=').last('namespace'), '');
  assert.equal(read().last('port'), undefined);
  assert.equal(read().has('port'), false);
});

test('a negative number is a value', () => {
  assert.equal(read('--port', '-1').last('port'), '-1');
});

test('a certificate is a value', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  assert.equal(read('--port', pem).last('port'), pem);
});

test('repeated options are kept in order, and the last one counts where there is room for one', () => {
  const given = read('-n', 'a', '--namespace', 'b', '-nc', '--port', '1', '--port', '2');
  assert.deepEqual(given.all('namespace'), ['a', 'b', 'c']);
  assert.equal(given.last('port'), '2');
});

test('a flag is on when it is given, unless it says false', () => {
  assert.equal(read('--headless').isOn('headless'), true);
  assert.equal(read('--headless=true').isOn('headless'), true);
  assert.equal(read('--headless=false').isOn('headless'), false);
  assert.equal(read('--headless', '--headless=false').isOn('headless'), false);
  assert.equal(read().isOn('headless'), false);
});

test('wrong command lines are refused with what is wrong and a hint', () => {
  const cases: [string[], string][] = [
    [['--port'], '--port needs a value: --port PORT'],
    [['--port', '--headless'], '--port needs a value: --port PORT'],
    [['-p'], '-p needs a value: -p PORT'],
    [['--headless=7'], '--headless is a flag: it is given without a value, or as --headless=false'],
    [['serve'], '"serve" is one word too many'],
    [['--nothing'], 'unknown option --nothing'],
    [['-x'], 'unknown option -x'],
    [['--toString'], 'unknown option --toString'],
    [['--prot', '7'], 'unknown option --prot (did you mean --port?)'],
    [['--ports', '7'], 'unknown option --ports (did you mean --port?)'],
    [['--headles'], 'unknown option --headles (did you mean --headless?)'],
    [['--name', 'x'], 'unknown option --name (did you mean --namespace?)'],
    [['--timeout', '7'], 'unknown option --timeout (did you mean --run-timeout or --task-timeout?)'],
  ];
  for (const [args, message] of cases) {
    assert.throws(
      () => read(...args),
      (error) => error instanceof UsageError && error.message === message && error.hint === 'the hint',
      args.join(' '),
    );
  }
});

test('the help shows every option, in lines that fit', () => {
  const help = optionHelp({ ...TABLE, long: { value: 'X', help: 'many words '.repeat(30).trim() } });
  assert.match(help, /^ {2}-p, --port PORT +a port$/m);
  assert.match(help, /^ {6}--headless +a flag$/m);
  assert.ok(help.split('\n').every((line) => line.length <= 100));
});

test('an id that must be given is not empty, as a variable of a script is that is not set', () => {
  const table = {
    'workflow-id': { value: 'ID', required: true, help: '' },
    value: { value: 'TEXT', required: true, help: '' },
  };
  const check = (id: string) =>
    checkRequired(readOptions(['--workflow-id', id, '--value', ''], table, 'the hint'), table, 'the hint');
  assert.throws(
    () => check(''),
    (error) => error instanceof UsageError && error.message === '--workflow-id must not be empty',
  );
  check(' ');
});

test('durations are not negative', () => {
  const table = { since: { value: 'DURATION', kind: 'duration', help: '' } } as const;
  assert.throws(() => readOptions(['--since=-1h'], table, 'the hint'), UsageError);
  assert.equal(readOptions(['--since=0'], table, 'the hint').durationMs('since'), 0);
});
