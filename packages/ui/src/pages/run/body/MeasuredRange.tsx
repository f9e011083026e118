// What can be done with a range that was measured: look at it, or take it away.
import { run as texts } from '../../../messages/run.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import styles from './body.module.css';
import type { AxisControl } from './use-axis.ts';

const WIDTH_PX = 170;

export function MeasuredRange({ control }: { readonly control: AxisControl }) {
  const { axis, change } = control;
  const { selection } = axis;
  if (selection === undefined || selection.toMs <= selection.fromMs) return null;
  const middle = (axis.positionOf(selection.fromMs) + axis.positionOf(selection.toMs)) / 2;
  const left = Math.max(4, Math.min(axis.widthPx - WIDTH_PX - 4, middle - WIDTH_PX / 2));
  return (
    <div className={styles['over']}>
      <div role="group" aria-label={texts.tools.measured} className={styles['measured']} style={{ left }}>
        <Button size="small" onClick={() => change((now) => now.showSelection().select(undefined))}>
          {texts.tools.zoomToRange}
        </Button>
        <IconButton
          size="small"
          icon="cross"
          label={texts.tools.clearRange}
          onClick={() => change((now) => now.select(undefined))}
        />
      </div>
    </div>
  );
}
