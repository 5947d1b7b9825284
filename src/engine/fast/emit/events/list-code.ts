import type { Action, Condition } from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import { addToCounter, type FunctionBuilder, type Local } from '../../builder/index.ts';
import type { FieldArea } from '../../plan/memory/index.ts';
import type { ModuleContext } from '../body/index.ts';
import { type Batch, writeKernel, writeKernelBatch } from '../loops/index.ts';
import type { EventCode } from './event-code.ts';
import { putCell } from './ring-code.ts';
import { clear, hold, putAny } from './sweep-code.ts';

const stepScalar = hostScalars.indexOf('step');

/** Code of lists of actions. */
export class ListCode {
  readonly #context: ModuleContext;
  readonly #events: EventCode;

  constructor(context: ModuleContext, events: EventCode) {
    this.#context = context;
    this.#events = events;
  }

  /** A list; a test that fails leaves it. */
  write(f: FunctionBuilder, actions: readonly Action[], neuron: Local<'i32'>): void {
    f.block((end) => {
      for (const action of actions) this.#action(f, action, neuron, () => f.brIf(end));
    });
  }

  /** @param leave leaves the list if the i32 on the stack is not zero */
  #action(f: FunctionBuilder, action: Action, neuron: Local<'i32'>, leave: () => void): void {
    switch (action.does) {
      case 'run':
        writeKernel(f, action.kernel, this.#context, neuron);
        break;
      case 'deliver':
        this.#events.deliver(f, action.population, action.spikes);
        break;
      case 'clear':
        for (const field of action.fields) clear(f, this.#area(field));
        this.#countSweep(f, action.work);
        break;
      case 'stop-unless-any':
        this.#countSweep(f, action.work);
        putAny(f, this.#area(action.field));
        f.i32.eqz();
        leave();
        break;
      case 'hold':
        hold(
          f,
          action.fields.map((field) => this.#area(field)),
          action.after,
          action.period,
        );
        break;
      case 'group':
        this.#putCondition(f, action.condition);
        f.if(() => this.write(f, action.actions, neuron));
        break;
    }
  }

  /** A list that runs kernels, each for all spikes of a batch; what its conditions test is the same for all of them. */
  writeBatch(f: FunctionBuilder, actions: readonly Action[], batch: Batch): void {
    for (const action of actions) {
      if (action.does === 'run') writeKernelBatch(f, action.kernel, this.#context, batch);
      if (action.does !== 'group') continue;
      this.#putCondition(f, action.condition);
      f.if(() => this.writeBatch(f, action.actions, batch));
    }
  }

  #countSweep(f: FunctionBuilder, work: number): void {
    const { counters, image, map } = this.#context;
    const slot = counters.sweeps[work - image.kernels.length];
    if (slot !== undefined) addToCounter(f, map.counters + 8 * slot, 1);
  }

  #putCondition(f: FunctionBuilder, { learning, from, every, last }: Condition): void {
    if (learning) putCell(f, this.#context.map.sample);
    else f.i32.const(1);
    if (from > 0) {
      putCell(f, this.#context.map.host + 4 * stepScalar);
      f.i32.const(from);
      f.i32.ge_s();
      f.i32.and();
    }
    if (every > 1) {
      // Steps before `from` are excluded already, so the remainder of a negative number does not matter.
      putCell(f, this.#context.map.host + 4 * stepScalar);
      f.i32.const(from);
      f.i32.sub();
      f.i32.const(every);
      f.i32.rem_s();
      f.i32.eqz();
      f.i32.and();
    }
    if (last > 0) {
      putCell(f, this.#context.map.host + 4 * stepScalar);
      putCell(f, this.#context.map.sample + 4);
      f.i32.const(last);
      f.i32.sub();
      f.i32.ge_s();
      f.i32.and();
    }
  }

  #area(field: number): FieldArea {
    const area = this.#context.map.fields[field];
    if (area === undefined) throw new Error(`field ${field} is not stored`);
    return area;
  }
}
