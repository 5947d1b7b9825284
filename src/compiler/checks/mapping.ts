import {
  type HwModel,
  type LaidPopulation,
  type LaidProjection,
  type Misfit,
  misfits,
  type NetworkLayout,
} from '../../hardware/index.ts';
import { connectionOf, connectionWindow, type Program, perAxis } from '../../program/index.ts';
import { Faults, PlasticoreError } from '../../text/index.ts';
import type { Target } from '../target.ts';

/** The part of a compilation that decides how a network is laid out. */
interface Laid extends Pick<Target, 'program' | 'delays'> {
  readonly leftOut: Pick<Target['leftOut'], 'projections' | 'plastic'>;
}

/**
 * Refuses a network that a chip does not take, or the tool that maps networks to it.
 *
 * @throws PlasticoreError `fit` with all that misses a limit
 */
export function checkMapping(laid: Laid, hw: HwModel): void {
  if (hw.mapping === undefined) return;
  refuseMisfits(misfits(networkLayout(laid), hw), laid.program);
}

/** @throws PlasticoreError `fit` with all of them, if there are any */
function refuseMisfits(found: readonly Misfit[], { locate }: Pick<Program, 'locate'>): void {
  const faults = new Faults();
  for (const { message, hint, path } of found)
    faults.add(new PlasticoreError('fit', message, { ...locate(path), hint }));
  faults.throwIfAny();
}

/** A program as a mapper of networks sees it. */
export function networkLayout({ program, delays, leftOut }: Laid): NetworkLayout {
  const { input, readout, populations, projections } = program.spec;
  const [output] = readout?.split('.') ?? [];
  return {
    populations: Object.entries(populations).map(
      ([name, { size, shape }]): LaidPopulation => ({
        name,
        size,
        shape,
        role: name === input ? 'input' : name === output ? 'output' : 'hidden',
        path: ['populations', name],
      }),
    ),
    projections: Object.entries(projections)
      .filter(([name]) => !leftOut.projections.has(name))
      .map(([name, { from, to, connect, pooled = 1, weights, fields }]): LaidProjection => {
        const { segments, weightRows, weightRowLength } = connectionOf(program, name);
        const window = connectionWindow(connect);
        const squares = perAxis(pooled);
        const isPointer = weights === 'none' && Object.keys(fields).length === 0;
        return {
          name,
          from,
          to,
          connection: window?.kind ?? (connect === 'dense' ? 'dense' : 'sparse'),
          window: window && windowOver(window, squares),
          pooled: squares,
          weights: isPointer ? 0 : weightRows * weightRowLength,
          delay: delays.get(name)?.longest ?? 0,
          learns: leftOut.plastic.has(name),
          ...degreesOf(segments, populations[to]?.size ?? 0),
          path: ['projections', name],
        };
      }),
  };
}

/** A window over what a pooling leaves of a picture. */
function windowOver(
  { rows, columns, stride, padding }: NonNullable<ReturnType<typeof connectionWindow>>,
  [high, wide]: readonly [number, number],
): NonNullable<LaidProjection['window']> {
  return {
    size: [rows / high, columns / wide],
    stride: [stride[0] / high, stride[1] / wide],
    padding: [padding[0] / high, padding[1] / wide],
  };
}

type Segments = ReturnType<typeof connectionOf>['segments'];

function degreesOf(
  { rowStart, firstPost, length }: Segments,
  targets: number,
): Pick<LaidProjection, 'fanOut' | 'reached'> {
  const fanOut = new Uint32Array(rowStart.length - 1);
  const reached = new Uint8Array(targets);
  for (const [row, start] of rowStart.subarray(0, -1).entries())
    for (let segment = start; segment < (rowStart[row + 1] ?? start); segment++) {
      const [first, count] = [firstPost[segment] ?? 0, length[segment] ?? 0];
      fanOut[row] = (fanOut[row] ?? 0) + count;
      reached.fill(1, first, first + count);
    }
  return { fanOut, reached };
}
