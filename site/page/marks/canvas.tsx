import { useLayoutEffect, useRef } from 'preact/hooks';
import { isDark } from './colours.ts';

interface CanvasProps {
  /** Pixels of the picture itself; the style sheet sets how large it is shown. */
  readonly width: number;
  readonly height: number;
  /** A description of the picture. */
  readonly label: string;
  readonly class?: string | undefined;
  draw(context: CanvasRenderingContext2D): void;
}

/** A picture that is drawn anew with each rendering. */
export function Canvas({ width, height, label, draw, class: name }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Drawn anew when the scheme changes.
  void isDark.value;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) draw(context);
  });
  return <canvas ref={canvas} width={width} height={height} class={name} role="img" aria-label={label} />;
}
