// The form of a schedule, new or not, with what it means beside it.
import { type ReactNode, useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { SendNote } from '../../../payloads/SendNote.tsx';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import { Button } from '../../../system/Button.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { attempt } from '../../../system/problem.ts';
import { Card } from '../Card.tsx';
import styles from '../schedules.module.css';
import { ActionFields } from './ActionFields.tsx';
import { beyondCommand, createCommand, updateCommand } from './command.ts';
import { formOf, requestOf, type ScheduleBase, type ScheduleForm, type ScheduleRequest, specOf } from './form.ts';
import { OwnFields } from './OwnFields.tsx';
import { PolicyFields } from './PolicyFields.tsx';
import { Preview } from './Preview.tsx';
import { SpecFields } from './SpecFields.tsx';

interface Props {
  readonly namespace: string;
  /** undefined: it is new, and has no id yet. */
  readonly scheduleId: string | undefined;
  /** What it is now. */
  readonly base: ScheduleBase;
  readonly initial: Partial<ScheduleForm>;
  readonly submit: string;
  readonly busy: boolean;
  readonly error: ReactNode;
  readonly onSubmit: (scheduleId: string, request: ScheduleRequest) => void;
  readonly onCancel: () => void;
}

export function ScheduleFields({
  namespace,
  scheduleId,
  base,
  initial,
  submit,
  busy,
  error,
  onSubmit,
  onCancel,
}: Props) {
  const zone = timeZoneOf(usePreferences());
  // Of the zone in which the form was filled in: another one would make other times of the same texts.
  const [formZone] = useState(zone);
  const [before] = useState<ScheduleForm>(() => ({ ...formOf(base, formZone), ...initial }));
  const [form, setForm] = useState(before);
  const [newId, setNewId] = useState('');
  const id = scheduleId ?? newId.trim();
  const set = (change: Partial<ScheduleForm>) => setForm({ ...form, ...change });
  const read = attempt(() => requestOf(form, base, formZone));
  const spec = attempt(() => specOf(form, base.schedule?.spec ?? {}, formZone));
  const send = () => {
    if (read.value !== undefined && id !== '' && !busy) onSubmit(id, withWorkflowId(read.value, id));
  };
  return (
    <form
      className={styles['columns']}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={styles['stack']}>
        {scheduleId === undefined && <NameCard value={newId} onChange={setNewId} />}
        <Card title={texts.when}>
          <SpecFields form={form} set={set} />
        </Card>
        <Card title={texts.action}>
          <ActionFields form={form} set={set} scheduleId={id} read={base.read} />
        </Card>
        <Card title={texts.policies}>
          <PolicyFields form={form} set={set} />
        </Card>
        <Card title={texts.own}>
          <OwnFields form={form} set={set} />
        </Card>
      </div>
      <div className={`${styles['stack']} ${styles['sticky']}`}>
        <Preview spec={spec.value} remaining={form.remaining} />
        <Equivalent
          {...{ namespace, id, form }}
          before={scheduleId === undefined ? undefined : before}
          zone={formZone}
        />
        <SendNote />
        {read.problem !== undefined && <Notice kind="warning">{read.problem}</Notice>}
        {error}
        <div className={styles['buttons']}>
          <Button type="submit" kind="primary" disabled={read.value === undefined || id === ''} busy={busy}>
            {submit}
          </Button>
          <Button onClick={onCancel}>{texts.cancel}</Button>
        </div>
      </div>
    </form>
  );
}

interface NameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NameCard({ value, onChange }: NameProps) {
  return (
    <Card title={texts.idTitle}>
      <TextField label={texts.id} required autoFocus value={value} onChange={onChange} />
    </Card>
  );
}

interface EquivalentProps {
  readonly namespace: string;
  readonly id: string;
  readonly form: ScheduleForm;
  readonly before: ScheduleForm | undefined;
  readonly zone: string;
}

/** The same as a command; what it leaves out is said. */
function Equivalent({ namespace, id, form, before, zone }: EquivalentProps) {
  const command = useCommand(namespace);
  const action = attempt(() =>
    before === undefined ? createCommand(id, form, zone) : updateCommand(id, form, before, zone),
  );
  if (action.value === undefined) return null;
  return (
    <>
      <Command line={command(action.value)} />
      {beyondCommand(form, before, zone) && <p className="faint">{texts.beyondCommand}</p>}
    </>
  );
}

/** As the command line does: every workflow needs an id. */
function withWorkflowId(request: ScheduleRequest, scheduleId: string): ScheduleRequest {
  const { schedule } = request;
  const startWorkflow = schedule.action?.startWorkflow;
  if (startWorkflow?.workflowId) return request;
  const action = { ...schedule.action, startWorkflow: { ...startWorkflow, workflowId: `${scheduleId}-workflow` } };
  return { ...request, schedule: { ...schedule, action } };
}
