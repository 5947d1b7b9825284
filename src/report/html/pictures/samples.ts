import { type LabelledSet, sampleEvents, sampleValues } from '../../../data/index.ts';
import { escapeHtml } from '../markup.ts';
import { adaptive, ink } from '../theme.ts';
import { dataUrl, transparent, writePng } from './png.ts';

/** How many samples are side by side, and of how many classes; less of large ones, so that a page opens quickly. */
const mostAcross = 8;
const mostClasses = 10;
const mostPixels = 2 ** 20;
/** What spikes, or what they carry, are added up in: bins of time across, groups of channels downward. */
const bins = 64;

/** Grey, from black to white; one colour is transparent. */
const white = transparent - 1;
const palette = Array.from({ length: transparent }, (_, level) => {
  const grey = Math.round((255 * level) / white);
  return [grey, grey, grey] as const;
});

/** The first samples of a set as a picture. */
export interface SampleSheet {
  readonly svg: string;
  /** Explains it. */
  readonly what: string;
  /** Row by row. */
  readonly samples: readonly number[];
}

/** The first samples of each of the first classes, a row for each class; of samples without labels, the first. */
export function sampleSheet(set: LabelledSet, classNames: readonly string[] | undefined): SampleSheet {
  const [height, width] = sizeOf(set);
  const classes = Math.max(1, Math.min(mostClasses, set.classes));
  const across = Math.max(1, Math.min(mostAcross, Math.floor(mostPixels / (height * width * classes))));
  const rows = Array.from({ length: classes }, (_, label): readonly number[] => {
    const own: number[] = [];
    for (let sample = 0; sample < set.count && own.length < across; sample++)
      if (set.classes === 0 || set.labels[sample] === label) own.push(sample);
    return own;
  });
  const [pitchX, pitchY] = [width + 1, height + 1];
  const sheet = { width: across * pitchX - 1, height: classes * pitchY - 1 };
  const pixels = new Uint8Array(sheet.width * sheet.height).fill(transparent);
  for (const [row, samples] of rows.entries())
    for (const [column, sample] of samples.entries()) {
      const tile = tileOf(set, sample, height, width);
      for (let y = 0; y < height; y++)
        pixels.set(
          tile.subarray(y * width, (y + 1) * width),
          (row * pitchY + y) * sheet.width + column * pitchX,
        );
    }
  const href = dataUrl('image/png', writePng({ ...sheet, pixels, palette }));
  const [left, shown] = [set.classes === 0 ? 0 : 90, 400];
  const scale = shown / sheet.width;
  const labels = rows.map((_, label) => {
    const name = `${label}${classNames?.[label] === undefined ? '' : ` ${classNames[label].slice(0, 10)}`}`;
    const y = Math.round((label * pitchY + height / 2) * scale + 4);
    return `<text x="${left - 6}" y="${y}" text-anchor="end" fill="${adaptive(ink)}">${escapeHtml(name)}</text>`;
  });
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + shown} ${Math.ceil(sheet.height * scale)}" font-family="system-ui,sans-serif" font-size="11">
<image x="${left}" y="0" width="${shown}" height="${sheet.height * scale}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${href}"/>
${set.classes === 0 ? '' : labels.join('\n')}
</svg>`,
    what: `${set.classes === 0 ? 'the first samples' : 'a row for each class'}${set.classes > classes ? `, of the first ${classes} of ${set.classes}` : ''}${set.kind === 'events' ? '; time across, channels downward' : ''}`,
    samples: rows.flat(),
  };
}

/** Features that are no picture are laid out as a square. */
function sizeOf(set: LabelledSet): readonly [height: number, width: number] {
  if (set.kind === 'events') return [Math.min(bins, set.inputs), Math.min(2 * bins, set.steps ?? bins)];
  const side = Math.ceil(Math.sqrt(set.inputs));
  return set.shape ?? [Math.ceil(set.inputs / side), side];
}

/** The pixels of a sample, row by row. */
function tileOf(set: LabelledSet, sample: number, height: number, width: number): Uint8Array {
  const tile = new Uint8Array(height * width).fill(set.kind === 'events' ? 0 : transparent);
  if (set.kind === 'features') {
    tile.set(sampleValues(set, sample).map((value) => Math.round((value * white) / 255)));
    return tile;
  }
  const { times, units, values } = sampleEvents(set, sample);
  // Steps are counted from 0; the last spike of a sample that has times ends it.
  const end = set.steps ?? (times.at(-1) ?? 0) * (1 + 1e-6);
  const counts = new Float64Array(tile.length);
  for (const [event, unit] of units.entries()) {
    const x = end === 0 ? 0 : Math.floor((width * (times[event] ?? 0)) / end);
    const place = Math.floor((height * unit) / set.inputs) * width + x;
    counts[place] = (counts[place] ?? 0) + (values?.[event] ?? 1);
  }
  const most = counts.reduce((high, count) => Math.max(high, count), 1);
  return tile.map((_, place) => Math.round((white * (counts[place] ?? 0)) / most));
}
