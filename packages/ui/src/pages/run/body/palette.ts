// The colours that the canvas draws with: the tokens of the theme that is on.
import type { Tone } from '../../../system/Status.tsx';
import { toneVariable } from '../../../system/Status.tsx';

export interface Palette {
  readonly text: string;
  readonly soft: string;
  readonly faint: string;
  readonly line: string;
  readonly strong: string;
  readonly surface: string;
  readonly hover: string;
  readonly selected: string;
  readonly accent: string;
  readonly tone: (tone: Tone) => string;
}

/** Read once for each theme: asking the style for each bar would cost more than drawing it. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const tones = new Map<Tone, string>();
  return {
    text: color('--text'),
    soft: color('--text-soft'),
    faint: color('--text-faint'),
    line: color('--line'),
    strong: color('--line-strong'),
    surface: color('--surface'),
    hover: color('--hover'),
    selected: color('--selected'),
    accent: color('--accent'),
    tone: (tone) => {
      let found = tones.get(tone);
      if (found === undefined) {
        found = color(toneVariable(tone));
        tones.set(tone, found);
      }
      return found;
    },
  };
}
