import { escapeHtml } from '../markup.ts';
import { adaptive, colourOf, grid, ink, muted } from '../theme.ts';

/** Spikes of the first test samples, as stored in `record.npz`. */
export interface RasterSpikes {
  readonly samples: number;
  readonly steps: number;
  readonly labels: ArrayLike<number>;
  readonly predictions: ArrayLike<number>;
  readonly populations: readonly {
    readonly name: string;
    readonly size: number;
    readonly indices: ArrayLike<number>;
    /** The spikes of step t of sample s start at `offsets[s * steps + t]` and end before the next offset. */
    readonly offsets: ArrayLike<number>;
  }[];
}

/** The number of steps that fit next to each other. */
const mostColumns = 240;

/** The number of samples shown: as many as fit, but at least one. */
export function shownSamples({ samples, steps }: Pick<RasterSpikes, 'samples' | 'steps'>): number {
  return Math.min(samples, Math.max(1, Math.floor(mostColumns / Math.max(1, steps))));
}

/** A panel for each population: neurons upward, samples side by side, a dash for each spike. */
export function rasterSvg(spikes: RasterSpikes): string {
  const { steps, populations, labels, predictions } = spikes;
  const samples = shownSamples(spikes);
  const [width, left, right, top, gap] = [440, 44, 8, 34, 26];
  const inner = width - left - right;
  const columns = samples * steps;
  const largest = Math.max(1, ...populations.map(({ size }) => size));
  let y = top;
  const panels = populations.map((population, index) => {
    const height = Math.round(50 + 120 * Math.sqrt(population.size / largest));
    const panel = panelOf(population, { x: left, y, width: inner, height }, columns, colourOf(index));
    y += height + gap;
    return panel;
  });
  const bottom = y - gap;
  const at = (column: number) => Number((left + (inner * column) / columns).toFixed(2));
  const heads = Array.from({ length: samples }, (_, sample) => {
    const [label, prediction] = [labels[sample], predictions[sample]];
    const text = label === prediction ? `${label}` : `${label}→${prediction}`;
    return textAt(at((sample + 0.5) * steps), top - 8, 'middle', text, ink);
  });
  const lines = Array.from({ length: samples + 1 }, (_, sample) => {
    const x = at(sample * steps);
    return `<path d="M${x} ${top}V${bottom}" stroke="${adaptive(grid)}" fill="none"/>`;
  });
  const foot = textAt(
    left + inner / 2,
    bottom + 34,
    'middle',
    `${samples} test samples side by side, ${steps} steps each`,
    ink,
  );
  const head = textAt(left - 6, top - 8, 'end', 'label', muted);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 42}" font-family="system-ui,sans-serif" font-size="11">
${[...lines, ...panels, ...heads, head, foot].join('\n')}
</svg>`;
}

function panelOf(
  { name, size, indices, offsets }: RasterSpikes['populations'][number],
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  columns: number,
  colour: string,
): string {
  const dashes: string[] = [];
  let count = 0;
  for (let column = 0; column < columns; column++) {
    for (let at = offsets[column] ?? 0; at < (offsets[column + 1] ?? 0); at++) {
      // The middle of the neuron's row, from the bottom, in half rows so that coordinates stay integers.
      dashes.push(`M${column} ${2 * (size - 1 - (indices[at] ?? 0)) + 1}h1`);
      count += 1;
    }
  }
  const { x, y, width, height } = box;
  const thick = Math.max(1, Math.min(6, (0.8 * height) / size)).toFixed(2);
  const scale = `translate(${x},${y}) scale(${(width / columns).toFixed(5)},${(height / (2 * size)).toFixed(5)})`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${adaptive(grid)}"/>
<path transform="${scale}" vector-effect="non-scaling-stroke" d="${dashes.join('')}" stroke="${adaptive(colour)}" stroke-width="${thick}" fill="none"/>
${textAt(x, y + height + 13, 'start', `${name}: ${size} neurons, ${count} spikes`, muted)}`;
}

function textAt(x: number, y: number, anchor: string, content: string, colour: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${adaptive(colour)}">${escapeHtml(content)}</text>`;
}
