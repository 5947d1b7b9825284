import type { Action, Condition } from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import { addToCounter, type FunctionBuilder, i32, type Local, type Value } from '../../../../wasm/index.ts';
import type { ModuleContext } from '../body/context.ts';
import { type Batch, writeKernel, writeKernelBatch } from '../loops/kernel.ts';
import type { NeuronList } from '../loops/row-tally.ts';
import { type Hooks, StoredI32 } from './fifo.ts';
import { clear, hold, isAnySet } from './sample.ts';
import type { SpikeCode } from './spikes.ts';

/** Code of lists of actions. */
export class ListCode {
  readonly #context: ModuleContext;
  readonly #spikes: SpikeCode;
  readonly #hooks: Hooks;

  constructor(context: ModuleContext, spikes: SpikeCode, hooks: Hooks) {
    this.#context = context;
    this.#spikes = spikes;
    this.#hooks = hooks;
  }

  /** A list; a test that fails ends it. @param given the neurons that a named event gives */
  write(f: FunctionBuilder, actions: readonly Action[], neuron: Local<'i32'>, given?: NeuronList): void {
    f.block((end) => {
      for (const action of actions)
        this.#action(f, action, neuron, (condition) => f.brIf(end, condition), given);
    });
  }

  #action(
    f: FunctionBuilder,
    action: Action,
    neuron: Local<'i32'>,
    leaveIf: (condition: Value<'i32'>) => void,
    given: NeuronList | undefined,
  ): void {
    switch (action.does) {
      case 'run':
        this.#hooks.call(f, 'began', action.kernel, neuron);
        writeKernel(f, action.kernel, this.#context, neuron);
        this.#hooks.call(f, 'ended', action.kernel);
        break;
      case 'deliver':
        this.#spikes.deliver(f, action.population, action.spikes);
        break;
      case 'deliver-delayed':
        this.#spikes.deliverDelayed(f, action.delayed);
        break;
      case 'keep':
        this.#beginPass(f, action.work, neuron);
        this.#spikes.keep(f, action, given);
        this.#hooks.call(f, 'ended', action.work);
        break;
      case 'clear':
        this.#beginPass(f, action.work, neuron);
        for (const field of action.fields) clear(f, at(this.#context.map.fields, field));
        this.#hooks.call(f, 'ended', action.work);
        break;
      case 'stop-unless-any': {
        this.#beginPass(f, action.work, neuron);
        const any = isAnySet(f, at(this.#context.map.fields, action.field));
        this.#hooks.call(f, 'ended', action.work);
        leaveIf(any.isZero());
        break;
      }
      case 'hold':
        for (const field of action.fields)
          hold(f, at(this.#context.map.fields, field), action.after, action.period);
        break;
      case 'group':
        f.if(this.#holds(action.condition), () => this.write(f, action.actions, neuron));
        break;
    }
  }

  /** A list that runs kernels, each for all spikes of a batch; its conditions are the same for all of them. */
  writeBatch(f: FunctionBuilder, actions: readonly Action[], batch: Batch): void {
    for (const action of actions) {
      if (action.does === 'run') writeKernelBatch(f, action.kernel, this.#context, batch);
      if (action.does === 'group')
        f.if(this.#holds(action.condition), () => this.writeBatch(f, action.actions, batch));
    }
  }

  /** Begins a pass over words of fields. Its cost follows from the number of passes. */
  #beginPass(f: FunctionBuilder, work: number, neuron: Local<'i32'>): void {
    const { counters, image, map } = this.#context;
    const slot = at(counters.fieldPasses, work - image.kernels.length);
    this.#hooks.call(f, 'began', work, neuron);
    addToCounter(f, map.counters + 8 * slot, 1);
  }

  #holds({ learning, pass, from, until, every, last, everySample, intervals }: Condition): Value<'i32'> {
    const { map } = this.#context;
    const step = new StoredI32(map.host + 4 * hostScalars.indexOf('step'));
    const [learn, steps, isReplay] = [0, 4, 8].map((bytes) => new StoredI32(map.sample + bytes)) as [
      StoredI32,
      StoredI32,
      StoredI32,
    ];
    let holds = learning ? learn.value() : i32.const(1);
    if (pass === 'first') holds = holds.and(isReplay.value().isZero());
    if (pass === 'replay') holds = holds.and(isReplay.value());
    if (from > 0) holds = holds.and(step.value().isAtLeast(from));
    if (until !== undefined) holds = holds.and(step.value().isBelow(until));
    // Steps before `from` are excluded already, so the remainder of a negative number does not matter.
    if (every > 1) holds = holds.and(step.value().minus(from).modulo(every).isZero());
    if (last > 0) holds = holds.and(step.value().isAtLeast(steps.value().minus(last)));
    if (everySample !== undefined) {
      const [index, isLast] = [new StoredI32(map.sample + 16), new StoredI32(map.sample + 20)];
      const isFull = index.value().plus(1).modulo(everySample).isZero();
      holds = holds.and(isFull.or(isLast.value()));
    }
    if (intervals !== undefined) {
      const interval = new StoredI32(map.sample + 12);
      const isOne = intervals.map((one) => interval.value().equals(one));
      holds = holds.and(isOne.reduce((any, other) => any.or(other)));
    }
    return holds;
  }
}
