import type { IntegerLink, IntegerStage } from '../quantise/quantise.ts';
import type { MemoryWidths, StageOutput } from '../quantise/scales.ts';
import { KernelWriter, type WrittenKernel } from './kernel-text.ts';

/** The kernels of a population, each over its neurons. */
export interface NeuronKernels {
  /** At the start of a sample; undefined if everything starts at zero. */
  readonly begin: WrittenKernel | undefined;
  /** At the start of a step; `clear` if the potential is reset. Undefined if nothing happens then. */
  readonly leak: WrittenKernel | 'clear' | undefined;
  /** After all input of a step has arrived; undefined if nothing is left to do. */
  readonly act: WrittenKernel | undefined;
}

/**
 * @param readoutShift how its answer accumulates in `score`: shifted to the right by this much; undefined if it has
 * no answer
 */
export function neuronKernels(
  stage: IntegerStage,
  emits: boolean,
  readoutShift: number | undefined,
): NeuronKernels {
  const isSpiking = stage.threshold !== undefined;
  return {
    begin: begin(stage),
    leak: isSpiking ? undefined : leak(stage),
    act: isSpiking ? fire(stage, readoutShift !== undefined) : read(stage, emits, readoutShift),
  };
}

function begin({
  first,
  drive: constant,
  current,
  threshold,
  accumulatorBits,
}: IntegerStage): WrittenKernel | undefined {
  const drive = threshold === undefined ? undefined : current?.drive;
  // From rest, a neuron starts with its constant input.
  const isRest = first.every((value, at) => value === constant[at]);
  const text = new KernelWriter(accumulatorBits);
  const set = (values: Int32Array | undefined, field: string, name: string): boolean => {
    if (values?.some((value) => value !== 0) !== true) return false;
    const value = text.constant(name, values);
    text.store(value.startsWith('#') ? text.value('ldi', value) : value, field);
    return true;
  };
  const isSet = [set(first, 'self.v', isRest ? 'drive' : 'first'), set(drive, 'self.i', 'current_drive')];
  return isSet.some(Boolean) ? text.written() : undefined;
}

/** Spiking neurons: the current, the threshold, the reset, then the leak for the next step. */
function fire(stage: IntegerStage, isReadout: boolean): WrittenKernel {
  const { scale, threshold, resetTo } = stage;
  const firing = stage.stage.model?.firing;
  if (threshold === undefined || resetTo === undefined || firing === undefined)
    throw new Error('these neurons do not spike');
  const text = new KernelWriter(stage.accumulatorBits);
  let v = withCurrent(text, stage, text.load('self.v'));
  if (firing.reset === 'dead') v = text.value('sel', text.load('self.spiked'), 0, v);
  const { given } = scale;
  const scores = isReadout ? text.load('self.score') : undefined;
  let [count, fired, level] = ['', '', ''];
  if (given.is === 'count') {
    const above = text.value('max', v, 0);
    const whole = text.value('sra', above, text.parameter('unit', scale.potential));
    count = text.value('min', whole, text.parameter('most', 2 ** given.bits - 1));
    fired = text.value('cmp.gt', count, 0);
  } else {
    level = text.constant('threshold', threshold);
    fired = text.value(firing.fires === 'above' ? 'cmp.gt' : 'cmp.ge', v, level);
  }
  const taken = () =>
    given.is === 'count' ? text.value('shl', count, text.parameter('unit', scale.potential)) : '';
  const less = (from: string): string =>
    given.is === 'count'
      ? text.sum('sub', from, taken())
      : text.value('sel', fired, text.sum('sub', from, level), from);
  if (firing.reset === 'subtract') v = less(v);
  if (firing.reset === 'value') {
    const to = text.constant('reset', resetTo);
    v = text.value('sel', fired, to, v);
  }
  if (firing.reset === 'zero-late') v = text.value('sel', fired, 0, v);
  v = text.decayed(v, stage.leak, stage.drive, '');
  if (firing.reset === 'subtract-late') v = less(v);
  text.store(v, 'self.v');
  if (firing.reset === 'dead') text.store(fired, 'self.spiked');
  if (scores !== undefined) {
    const more = given.is === 'count' ? count : text.value('sel', fired, 1, 0);
    text.store(text.value('add', scores, more), 'self.score');
  }
  text.emit(...(given.is === 'count' ? [fired, count] : [fired]));
  return text.written();
}

/** Adds input of fields of its own and the current, and lets that leak if it leaks at the end of a step. */
function withCurrent(text: KernelWriter, stage: IntegerStage, v: string): string {
  const { current, scale, threshold } = stage;
  if (current === undefined) return withInput(text, stage, scale.potential, v);
  const i = withInput(text, stage, scale.current, text.load('self.i'));
  const finer = scale.current - scale.potential;
  const seen = finer === 0 ? i : text.value('sra.rn', i, text.parameter('finer', finer));
  const sum = text.sum('add', v, seen);
  if (threshold !== undefined) text.store(text.decayed(i, current.leak, current.drive, 'current'), 'self.i');
  return sum;
}

/** Adds what fields of their own keep or have gathered for a step to a value of a scale, with the neuron's gain. */
function withInput(text: KernelWriter, stage: IntegerStage, unit: number, value: string): string {
  const { keepsConstant, gathers, scale } = stage;
  const gain = stage.stage.model?.inputGain;
  const parts = [
    ...(keepsConstant ? [text.load('self.constant')] : []),
    ...(gathers ? [text.load('self.gathered')] : []),
  ];
  const [first, second] = parts;
  if (first === undefined) return value;
  if (gathers) text.store(text.value('ldi', 0), 'self.gathered');
  const came = second === undefined ? first : text.sum('add', first, second);
  const finer = scale.input - unit;
  if (gain !== undefined) {
    const factor = text.factor('input_gain', gain.factors);
    const down = text.parameter('input_down', gain.bits + finer);
    return text.sum('add', value, text.value('mulsra.rn', came, factor, down));
  }
  const seen = finer === 0 ? came : text.value('sra.rn', came, text.parameter('input_finer', finer));
  return text.sum('add', value, seen);
}

/** Neurons that do not spike leak at the start of a step, so that the potential can be read at its end. */
function leak({ leak: kept, drive, current, accumulatorBits }: IntegerStage): NeuronKernels['leak'] {
  const isQuiet = drive.every((value) => value === 0) && current === undefined;
  if (isQuiet && kept.is === 'nothing') return 'clear';
  if (isQuiet && kept.is === 'all') return undefined;
  const text = new KernelWriter(accumulatorBits);
  const v = kept.is === 'nothing' ? '' : text.load('self.v');
  const i = current === undefined ? '' : text.load('self.i');
  text.store(text.decayed(v, kept, drive, ''), 'self.v');
  if (current !== undefined) text.store(text.decayed(i, current.leak, current.drive, 'current'), 'self.i');
  return text.written();
}

function read(
  stage: IntegerStage,
  emits: boolean,
  readoutShift: number | undefined,
): WrittenKernel | undefined {
  const { current, keepsConstant, gathers, scale } = stage;
  const hasInput = keepsConstant || gathers;
  if (current === undefined && !hasInput && !emits && readoutShift === undefined) return undefined;
  const text = new KernelWriter(stage.accumulatorBits);
  const loaded = text.load('self.v');
  const scores = readoutShift === undefined ? undefined : text.load('self.score');
  const v = withCurrent(text, stage, loaded);
  if (current !== undefined || hasInput) text.store(v, 'self.v');
  if (scores !== undefined && readoutShift !== undefined) {
    const share = readoutShift === 0 ? v : text.value('sra', v, text.parameter('coarser', readoutShift));
    text.store(text.value('add', scores, share), 'self.score');
  }
  if (!emits || scale.given.is !== 'value') return text.written();
  const drop = scale.potential - scale.given.scale;
  const sent = drop === 0 ? v : text.value('sra.rn', v, text.parameter('dropped', drop));
  const any = text.value('cmp.ne', sent, 0);
  text.emit(any, sent);
  return text.written();
}

/** Bits of a lane's arithmetic without the sign; no sum of a product and a potential needs more. */
const safeBits = 29;

/**
 * The kernel that one spike runs over its row: it adds weights, times the value of the spike, to a field of the
 * targets.
 *
 * @param shift to the left, from units of the product to those of the field
 */
export function integrateKernel(
  given: StageOutput,
  field: IntegerLink['field'],
  shift: number,
  { weightBits, accumulatorBits }: MemoryWidths,
): WrittenKernel {
  const text = new KernelWriter(accumulatorBits, 'row');
  let added = text.load('syn.weight');
  const valueBits = given.is === 'spike' ? 0 : given.bits;
  const saturates = weightBits + valueBits + shift > safeBits ? '.s' : '';
  if (given.is === 'value' && shift < 0) {
    const value = text.load('ev.value');
    const down = text.parameter('down', -shift);
    // The product may be wider than the lanes, but not after the shift; otherwise it saturates.
    if (saturates === '') added = text.value('mulsra.rn', added, value, down);
    else text.line('sra.rn', added, text.value('mul.s', added, value), down);
  } else {
    if (given.is !== 'spike') added = text.value(`mul${saturates}`, added, text.load('ev.value'));
    // A parameter of zero costs nothing: it shifts a register onto itself.
    text.line(`shl${saturates}`, added, added, text.parameter('align', shift));
  }
  const before = text.load(`post.${field}`);
  const sum = saturates === '' ? text.sum('add', before, added) : text.value('add.s', before, added);
  text.store(sum, `post.${field}`);
  return text.written();
}
