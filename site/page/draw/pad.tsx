import { useEffect, useRef } from 'preact/hooks';
import { tableOf } from '../../../src/text/index.ts';

/** Pixels of the pad's own picture, whatever its size on the screen. */
export const padSide = 140;
const penWidth = 11;
/** Pixels that an arrow key moves the pen. */
const keyStep = 5;

interface PadProps {
  /** Called with the ink of all pixels, 0 to 255, whenever it has changed. */
  onInk(ink: Uint8Array): void;
  /** Counts up to clear the pad. */
  readonly cleared: number;
  /** Whether nothing is drawn. */
  readonly isEmpty: boolean;
}

/** A sheet to draw on, with a pointer, or with the arrow keys and the space bar. */
export function Pad({ onInk, cleared, isEmpty }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef({ x: padSide / 2, y: padSide / 2, isDown: false });

  useEffect(() => {
    void cleared;
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    context?.clearRect(0, 0, padSide, padSide);
    pen.current = { x: padSide / 2, y: padSide / 2, isDown: false };
  }, [cleared]);

  const stroke = (x: number, y: number): void => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const { x: fromX, y: fromY } = pen.current;
    // Black whatever the scheme: the style sheet inverts it on dark.
    context.strokeStyle = '#000000';
    context.lineWidth = penWidth;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(x, y);
    context.stroke();
    const { data } = context.getImageData(0, 0, padSide, padSide);
    onInk(Uint8Array.from({ length: padSide * padSide }, (_, index) => data[4 * index + 3] ?? 0));
  };
  const placeOf = ({ clientX, clientY }: PointerEvent): { x: number; y: number } => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    return {
      x: ((clientX - box.left) / box.width) * padSide,
      y: ((clientY - box.top) / box.height) * padSide,
    };
  };
  const moveTo = (x: number, y: number, draws: boolean): void => {
    if (draws) stroke(x, y);
    pen.current = { ...pen.current, x, y };
  };
  const onKey = (event: KeyboardEvent): void => {
    const { x, y, isDown } = pen.current;
    const [across, down] = arrows[event.key] ?? [];
    if (across !== undefined && down !== undefined) {
      const inside = (value: number): number => Math.min(padSide, Math.max(0, value));
      moveTo(inside(x + across * keyStep), inside(y + down * keyStep), isDown);
    } else if (event.key === ' ') {
      pen.current = { x, y, isDown: !isDown };
      if (!isDown) stroke(x, y);
    } else return;
    event.preventDefault();
  };
  return (
    // A button, because it takes keys and the pointer: the picture inside it is what is drawn.
    <button
      type="button"
      id="pad"
      class="pad"
      aria-label="draw here: a sheet for a digit. The space bar puts the pen down or lifts it, the arrow keys move it."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pen.current = { ...placeOf(event), isDown: true };
        stroke(pen.current.x, pen.current.y);
      }}
      onPointerMove={(event) => {
        if (!pen.current.isDown || event.buttons === 0) return;
        const { x, y } = placeOf(event);
        moveTo(x, y, true);
      }}
      onPointerUp={() => {
        pen.current = { ...pen.current, isDown: false };
      }}
      onKeyDown={onKey}
    >
      <canvas ref={canvas} width={padSide} height={padSide} />
      {isEmpty && (
        <span class="pad-words" aria-hidden="true">
          draw here
        </span>
      )}
    </button>
  );
}

const arrows: Readonly<Record<string, readonly [number, number]>> = tableOf({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});
