import { PlasticoreError } from '../../text/index.ts';
import type { CameraEvents } from '../formats/camera.ts';
import { checkLabels, type Dataset, type EventSet } from './dataset.ts';
import type { ClassFile } from './picture-set.ts';

/** A recording of a camera. */
export interface CameraRecording extends ClassFile {
  readonly events: CameraEvents;
}

/** Sides of cameras whose files do not state them; a recording beyond them is of a larger one. */
const usualSides = [34, 128] as const;

/**
 * Makes a data set of recordings. A pixel has two channels: `(polarity x rows + y) x columns + x`. Each recording
 * begins at its first event.
 *
 * @param classes names of the classes
 * @throws PlasticoreError `data` where there is nothing to learn or to test
 */
export function cameraDataset(
  name: string,
  classes: readonly string[],
  { train, test }: { readonly train: readonly CameraRecording[]; readonly test: readonly CameraRecording[] },
): Dataset<EventSet> {
  const all = [...train, ...test];
  const furthest = (of: (events: CameraEvents) => Uint16Array): number =>
    all.reduce((most, { events }) => of(events).reduce((a, b) => Math.max(a, b), most), -1) + 1;
  const [columns, rows] = sidesOf(
    furthest(({ x }) => x),
    furthest(({ y }) => y),
  );
  const inputs = 2 * rows * columns;
  if (inputs > 2 ** 16)
    throw new PlasticoreError('data', `${rows} x ${columns} pixels found, at most 2^15 expected`, {
      file: all[0]?.file,
      hint: 'make recordings smaller: pixels are numbered in 16 bits',
    });
  const set = (part: string, recordings: readonly CameraRecording[]): EventSet => {
    if (recordings.length === 0)
      throw new PlasticoreError('data', `holds no recordings for ${part}`, { file: name });
    return eventSet(part, recordings, { rows, columns, classes: classes.length });
  };
  return {
    name,
    description: `recordings of ${rows} x ${columns} pixels of two polarities, of ${classes.length} classes: ${train.length} for training and ${test.length} for testing`,
    train: set('training', train),
    test: set('testing', test),
  };
}

/** A square of a usual side that has all events, or what they take. */
function sidesOf(columns: number, rows: number): readonly [columns: number, rows: number] {
  const usual = usualSides.find((side) => columns <= side && rows <= side);
  return usual === undefined ? [columns, rows] : [usual, usual];
}

function eventSet(
  name: string,
  recordings: readonly CameraRecording[],
  { rows, columns, classes }: { readonly rows: number; readonly columns: number; readonly classes: number },
): EventSet {
  const total = recordings.reduce((sum, { events }) => sum + events.t.length, 0);
  const times = new Float32Array(total);
  const units = new Uint16Array(total);
  const starts = new Uint32Array(recordings.length);
  const ends = new Uint32Array(recordings.length);
  let at = 0;
  for (const [index, { events }] of recordings.entries()) {
    const { x, y, t, p } = events;
    starts[index] = at;
    const first = t[0] ?? 0;
    for (let event = 0; event < t.length; event++, at++) {
      times[at] = ((t[event] as number) - first) / 1e6;
      units[at] = ((p[event] as number) * rows + (y[event] as number)) * columns + (x[event] as number);
    }
    ends[index] = at;
  }
  const labels = checkLabels(
    recordings.map(({ label }) => label),
    classes,
    name,
  );
  return {
    kind: 'events',
    name,
    inputs: 2 * rows * columns,
    classes,
    count: recordings.length,
    labels,
    times,
    units,
    starts,
    ends,
    speakers: undefined,
    origins: recordings.map(({ origin }) => origin),
  };
}
