import { largest } from '../../../src/text/index.ts';
import type { NetworkSketch } from '../../shared/gallery.ts';

const width = 120;
const height = 56;
const margin = 8;
/** Dots of the largest layer: each stands for twice as many neurons as the one before it. */
const mostDots = 9;
const mostSquares = 8;

/** A network as a picture: a column of dots for each layer, on a grid if it lies on the cores of a mesh. */
export function Sketch({ sketch }: { readonly sketch: NetworkSketch }) {
  const { layers, links, mesh } = sketch;
  const acrossOf = (layer: number): number =>
    layers.length === 1
      ? width / 2
      : margin + ((width - 2 * margin) * layer) / Math.max(1, layers.length - 1);
  const dots = layers.flatMap((size, layer) => {
    const count = dotsOf(size, layers);
    return Array.from({ length: count }, (_, index) => {
      const down = height / 2 + (index - (count - 1) / 2) * ((height - 2 * margin) / (mostDots - 1));
      return `M${acrossOf(layer).toFixed(1)} ${down.toFixed(1)}h0`;
    });
  });
  const lines = links.map(([from, to]) => {
    const [start, end] = [acrossOf(from), acrossOf(to)];
    return from === to
      ? `M${start} ${height / 2}c16-26-16-26 0 0`
      : `M${start} ${height / 2}Q${(start + end) / 2} ${height / 2 - 6 * (Math.abs(to - from) - 1)} ${end} ${height / 2}`;
  });
  return (
    <svg class="sketch" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {mesh !== undefined && <path class="squares" d={squares(mesh)} />}
      <path class="links" d={lines.join('')} />
      <path class="dots" d={dots.join('')} />
    </svg>
  );
}

function dotsOf(size: number, layers: readonly number[]): number {
  const most = Math.log2(Math.max(2, largest(layers)));
  return Math.max(1, Math.round((mostDots * Math.log2(Math.max(1, size))) / most));
}

/** The cores behind it; of a large mesh, not all. */
function squares({ columns, rows }: { readonly columns: number; readonly rows: number }): string {
  const [across, down] = [Math.min(columns, mostSquares), Math.min(rows, mostSquares)];
  const [wide, high] = [width / across, height / down];
  return Array.from({ length: across * down }, (_, index) => {
    const [x, y] = [(index % across) * wide + 1, Math.floor(index / across) * high + 1];
    return `M${x.toFixed(1)} ${y.toFixed(1)}h${(wide - 2).toFixed(1)}v${(high - 2).toFixed(1)}h${(2 - wide).toFixed(1)}z`;
  }).join('');
}
