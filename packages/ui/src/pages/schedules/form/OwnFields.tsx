// What the schedule itself carries, for lists and people; the workflows that it starts have their own.
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { JsonField } from '../../../payloads/JsonField.tsx';
import { objectOf } from '../../../payloads/payload-text.ts';
import { problemOf } from '../../../system/problem.ts';
import type { FieldsProps } from './ActionFields.tsx';

export function OwnFields({ form, set }: FieldsProps) {
  return (
    <>
      <p className="soft">{texts.ownHelp}</p>
      <JsonField
        label={texts.ownMemo}
        value={form.ownMemo}
        error={problemOf(() => objectOf(form.ownMemo))}
        onChange={(ownMemo) => set({ ownMemo })}
      />
      <JsonField
        label={texts.ownSearchAttributes}
        value={form.ownSearchAttributes}
        error={problemOf(() => objectOf(form.ownSearchAttributes))}
        onChange={(ownSearchAttributes) => set({ ownSearchAttributes })}
      />
    </>
  );
}
