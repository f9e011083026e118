// What all canvases of a run need: as many dots as the screen has, and the colours of the theme.
import { type Palette, readPalette } from './palette.ts';

/** As many dots as the screen has. A canvas that keeps its size keeps its memory. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | undefined {
  const ratio = devicePixelRatio;
  const [dotsX, dotsY] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== dotsX || canvas.height !== dotsY) {
    [canvas.width, canvas.height] = [dotsX, dotsY];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

const palettes = new Map<string, Palette>();

export function paletteOf(element: Element, theme: string): Palette {
  const key = `${theme} ${document.documentElement.dataset['theme']}`;
  let palette = palettes.get(key);
  if (palette === undefined) {
    palette = readPalette(element);
    palettes.set(key, palette);
  }
  return palette;
}
