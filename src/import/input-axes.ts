import { itemCount } from '../nir/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import { type InputName, inputKindNames } from './input-numbers.ts';
import type { NirStage } from './map/index.ts';

type Input = Pick<NirStage, 'node' | 'shape' | 'size'>;

/** Numbers of an array: the least, the largest, and whether all are whole. */
export interface SeenNumbers {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

export function numbersIn(values: ArrayLike<number>): SeenNumbers {
  let [low, high, isWhole] = [Infinity, -Infinity, true];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    low = Math.min(low, value);
    high = Math.max(high, value);
    isWhole &&= Number.isInteger(value);
  }
  return { low, high, isWhole };
}

/** The most spikes of an input in a step that are taken for spikes without a word. */
const mostPlainSpikes = 15;

/**
 * The meaning of an array's numbers, as asked, or where its axes and its numbers leave no doubt.
 *
 * @param steps the steps of a sample, if they are stated
 * @throws PlasticoreError `data` where there is a doubt, or the axes do not fit
 */
export function inputKind(
  shape: readonly number[],
  seen: SeenNumbers,
  asked: InputName | undefined,
  steps: number | undefined,
  file: string,
  input: Input,
): { readonly are: InputName; readonly why: string } {
  if (asked !== undefined) return { are: asked, why: 'given' };
  const doubt = (found: string, hint: string) => new PlasticoreError('data', found, { file, hint });
  if (isWithoutSteps(shape, input)) {
    if (!seen.isWhole && steps !== undefined)
      return { are: 'constant', why: 'the data: no axis of steps, and numbers that are not whole' };
    throw doubt(
      `input is ${shape.join(' x ')}, which fits samples x ${axisNames(input)}: no axis of steps`,
      `constant input? then ${option('input', 'constant')} ${option('steps', String(steps ?? 24))}${seen.isWhole ? ` ${option('scale', '1/255')}` : ''}`,
    );
  }
  checkAxes(shape, 'spikes', file, input);
  if (!seen.isWhole || seen.low < 0)
    return { are: 'values', why: `the data: ${seen.isWhole ? 'negative' : 'not whole'} numbers` };
  if (seen.high > mostPlainSpikes)
    throw doubt(
      `input holds whole numbers up to ${seen.high}: spikes of a step, or values such as those of pixels?`,
      `${option('input', 'spikes')} if an input spikes so often in a step, ${option('input', 'values')} ${option('scale', '1/255')} if these are pixels`,
    );
  return { are: 'spikes', why: 'the data: small whole numbers in steps' };
}

/**
 * Refuses an array whose axes do not fit the input.
 *
 * @throws PlasticoreError `data`
 */
export function checkAxes(shape: readonly number[], are: InputName, file: string, input: Input): void {
  const axes = shape.slice(are === 'constant' ? 1 : 2);
  if (isOf(axes, input)) return;
  const steps = are === 'constant' ? '' : 'steps x ';
  const other = are === 'constant' ? 2 : 1;
  const hint =
    axes.length > 0 && itemCount(axes) === input.size
      ? `numpy.transpose puts axes into another order; samples x ${steps}${input.size} are taken as they are`
      : isOf(shape.slice(other), input)
        ? are === 'constant'
          ? `it has an axis of steps: ${option('input', inputKindNames[1])} takes a value for each`
          : `it has no axis of steps: ${option('input', 'constant')} ${option('steps', '24')} gives the same values in each`
        : undefined;
  throw new PlasticoreError(
    'data',
    `input is ${shape.join(' x ')}; samples x ${steps}${input.shape.join(' x ')} expected, as node '${input.node}' has them`,
    { file, hint },
  );
}

/** Whether axes match samples and the input, and not better with an axis of steps between them. */
function isWithoutSteps(shape: readonly number[], input: Input): boolean {
  const isExact = (axes: readonly number[]) =>
    axes.length === input.shape.length && axes.every((length, axis) => length === input.shape[axis]);
  const [without, beside] = [shape.slice(1), shape.slice(2)];
  if (isExact(without)) return true;
  return isOf(without, input) && !isOf(beside, input);
}

/** Whether axes match the input, apart from axes of length 1, or a single axis for all of it. */
function isOf(axes: readonly number[], { shape, size }: Input): boolean {
  if (axes.length === 1) return axes[0] === size;
  const long = (lengths: readonly number[]) => lengths.filter((length) => length !== 1).join(' ');
  return axes.length > 0 && long(axes) === long(shape);
}

/** The axes of a sample in words: channels x height x width for those of a picture. */
function axisNames({ shape }: Input): string {
  const names = [['features'], ['channels', 'length'], ['channels', 'height', 'width']][shape.length - 1];
  return names === undefined ? shape.join(' x ') : names.join(' x ');
}
