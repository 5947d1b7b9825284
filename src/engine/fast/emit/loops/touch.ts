import { i32, increase, type Local, min, type Value, whileBelow } from '../../../../wasm/index.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { together } from '../../plan/memory/scratch-map.ts';
import type { SegmentTable } from '../../plan/memory/segment-map.ts';
import { type KernelContext, scaled } from '../body/context.ts';
import { areaOf } from '../body/ports.ts';

/** A list of neurons in the linear memory, u32 each. */
export interface Neurons {
  readonly first: Local<'i32'>;
  readonly count: Local<'i32'>;
}

/** Values written to address 0 are never read. */
const nowhere = 0;

/**
 * Goes through the spikes of a batch, some at a time: the beginnings of their rows are read first, then the rows are
 * visited. The rows of a sparse projection lie anywhere in memory, so that each would be waited for; loads that do not
 * depend on each other are in flight at once.
 *
 * @param columns of each segment, if all have the same
 * @param take takes the neuron out of what names a spike
 */
export function forEachTouched(
  k: KernelContext,
  { first, count }: Neurons,
  table: SegmentTable,
  columns: number | undefined,
  neuron: Local<'i32'>,
  take: (spike: Value<'i32'>) => void,
  body: () => void,
): void {
  const { f } = k;
  const next = f.keep(first);
  const end = f.keep(next.plus(count.shiftLeft(2)));
  const touched = f.keep(i32.const(0));
  f.if(next.isBelow(end), () => {
    f.loop((again) => {
      const past = f.keep(min(next.plus(4 * together), end));
      const ahead = f.keep(next);
      whileBelow(f, ahead, past, 4, () => {
        take(i32.load(ahead));
        const segment = f.keep(i32.load(neuron.shiftLeft(2), table.rowStart));
        for (const value of beginningsOf(k, table, columns, segment)) increase(f, touched, value);
      });
      whileBelow(f, next, past, 4, () => {
        take(i32.load(next));
        body();
      });
      f.brIf(again, next.isBelow(end));
    });
  });
  // Without a use of the values, a compiler could leave the loads out.
  f.do(i32.store(nowhere, touched));
}

/** The first segment of a row and, where that follows from its number, its first item in each synaptic field. */
function beginningsOf(
  k: KernelContext,
  { segments, segmentBytes, firstWeight }: SegmentTable,
  columns: number | undefined,
  segment: Local<'i32'>,
): Value<'i32'>[] {
  const { f, plan } = k;
  if (columns === undefined || firstWeight !== 'running') return [i32.load8_u(segment)];
  const fields = new Set(
    plan.kernel.code.flatMap(({ operands }) =>
      operands.flatMap((operand) =>
        operand.is === 'field' && operand.role === 'syn' ? [operand.field] : [],
      ),
    ),
  );
  const weight = f.keep(segment.minus(segments).dividedBy(segmentBytes).times(columns));
  return [
    i32.load8_u(segment),
    ...[...fields].map((field) => {
      const { address, element } = areaOf(k, field);
      return i32.load8_u(scaled(f, weight, elementBytes[element]), address);
    }),
  ];
}
