import {
  type CoreImage,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  kernelText,
  loadedField,
  payloadRange,
  spikingPopulation,
} from '../../image/index.ts';
import { eventScalars, forward, hostScalars, type Operation, valueRange } from '../../isa/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, KernelPlan, Pipeline } from '../plan/core-plan.ts';
import { identifier, scalarRange, signedBits } from '../plan/widths.ts';
import { type CarriedValue, Carrier } from './carrier.ts';
import { DeclaredDraws } from './declared-draws.ts';
import { LaneText, type Wire } from './lane-text.ts';
import { moduleText } from './module-text.ts';
import { WordPlaces } from './place.ts';
import { type Store, StoreText } from './store-text.ts';
import { type Port, Taps } from './taps.ts';
import { commentLine } from './text.ts';

/** A pipeline as a module, and the ports through which the core feeds it. */
export interface KernelModule extends Pipeline {
  readonly text: string;
  readonly ports: readonly Port[];
}

export function kernelModule(pipeline: Pipeline, core: CorePlan): KernelModule {
  return new KernelText(pipeline, core).module();
}

class KernelText {
  readonly #pipeline: Pipeline;
  /** The first of its kernels, which stands for all. */
  readonly #plan: KernelPlan;
  readonly #core: CorePlan;
  readonly #image: CoreImage;
  readonly #lanes: LaneText;
  readonly #taps: Taps;
  readonly #place: WordPlaces;
  /** Text outside the lanes. */
  readonly #shared: string[] = [];
  readonly #carrier: Carrier;
  /** Names of the registers that loads have filled. */
  readonly #loadedNames = new Set<string>();
  /** For each phase that draws, the name of the last new word. */
  readonly #drawn = new Map<number, string>();
  readonly #declared: DeclaredDraws;

  constructor(pipeline: Pipeline, core: CorePlan) {
    const { first: plan } = pipeline;
    this.#pipeline = pipeline;
    this.#plan = plan;
    this.#core = core;
    this.#image = core.image;
    this.#lanes = new LaneText(core.image.core.datapathBits);
    this.#taps = new Taps(core.widths);
    this.#carrier = new Carrier(this.#lanes, this.#taps, plan.intervalCycles);
    this.#place = new WordPlaces(pipeline, core, this.#taps);
    this.#declared = new DeclaredDraws(core.image, this.#taps, this.#lanes, this.#shared);
  }

  module(): KernelModule {
    const { kernels, name } = this.#pipeline;
    const { kernel, schedule } = this.#plan;
    const values = new Map<number, CarriedValue>();
    const texts = kernelText(this.#image, kernel).lines;
    for (const access of [...schedule.loads, ...schedule.rowLoads])
      this.#shared.push(...this.#place.reads(access));
    const stores: Store[] = [];
    forward<ImageInstruction, undefined>(kernel.code, ({ line, instruction, operation, sources }) => {
      const text = at(texts, line).text;
      this.#lanes.lines.push('', commentLine(`line ${line + 1}, phase ${at(schedule.lines, line)}: ${text}`));
      this.#lanes.begin(`l${line + 1}`);
      const operands = sources.map(({ operand, definition }) =>
        definition === undefined ? this.#operand(line, operand) : values.get(definition),
      );
      const phase = at(schedule.lines, line);
      const { does } = operation.effect;
      if (does === 'load') {
        const value = this.#loaded(instruction, phase);
        values.set(
          line,
          this.#result(line, operation.effect.predicated ? this.#where(operands[1], value, phase) : value),
        );
      } else if (does === 'compute') {
        const wires = operands.map((operand) => this.#carrier.at(operand, phase));
        values.set(line, this.#result(line, this.#computed(operation, wires, phase)));
      } else if (does === 'any') {
        values.set(line, this.#any(line, this.#carrier.at(operands[0], phase), phase));
      } else if (does === 'draw') {
        const predicate = operation.effect.predicated ? this.#carrier.at(operands[1], phase) : undefined;
        const wire = this.#declared.draw({ line, phase, operand: instruction.operands[1], predicate });
        values.set(line, { wire, phase, isRegister: false });
      } else if (does === 'emit') {
        const [value, sent] = operands;
        this.#emitted(value, operation.effect.sends ? this.#carrier.at(sent, schedule.phases) : undefined);
      } else {
        const target = instruction.operands[1];
        if (target?.is !== 'field' || operands[0] === undefined) throw new Error(`${text}: no field`);
        stores.push({ line, field: target.field, value: operands[0], where: operands[2] });
      }
      return undefined;
    });
    new StoreText({
      pipeline: this.#pipeline,
      core: this.#core,
      lanes: this.#lanes,
      taps: this.#taps,
      carrier: this.#carrier,
      place: this.#place,
      shared: this.#shared,
    }).write(stores);
    this.#draws();
    this.#declared.finish();
    this.#taps.connect(this.#image.banks.map(({ wordBits }) => wordBits));
    const ports = this.#taps.ports();
    const text = moduleText({
      comment: commentLine(
        `${kernels.map((own) => own.name).join(', ')}: a tile enters every ${this.#plan.intervalCycles} cycles, ${schedule.phases} phases, ${schedule.writeCycles} to write`,
      ),
      name,
      ports: ports.map(({ declaration }) => declaration),
      body: [this.#shared, this.#taps.declarations()],
      lane: this.#lanes.lines,
      lanes: this.#image.core.lanes,
    });
    return { ...this.#pipeline, text, ports };
  }

  /** An operand that is no register: a number, or a parameter. Kernels that share the pipeline bring their own. */
  #operand(line: number, operand: ImageOperand): CarriedValue | undefined {
    if (operand.is !== 'number' && operand.is !== 'parameter') return undefined;
    const place = at(this.#plan.kernel.code, line).operands.indexOf(operand);
    const operands = this.#pipeline.kernels.map(({ kernel }) => at(at(kernel.code, line).operands, place));
    const values = operands.flatMap((own) => constantsOf(this.#image, own));
    const range = valueRange(Math.min(...values), Math.max(...values));
    if (range.low === range.high)
      return { wire: this.#lanes.constant(range.low), phase: undefined, isRegister: false };
    const text = this.#taps.input(`constant_${line + 1}_${place}`, signedBits(range), 'signed', {
      does: 'constant',
      operands,
    });
    return { wire: { text, range, values }, phase: undefined, isRegister: false };
  }

  /** The value of a line, as narrow as the analysis has proven. */
  #result(line: number, { wire, phase, isRegister }: CarriedValue): CarriedValue {
    const { result } = at(this.#pipeline.ranges, line);
    const fits = result === undefined || (wire.range.low >= result.low && wire.range.high <= result.high);
    if (fits || wire.values !== undefined || isRegister) return { wire, phase, isRegister };
    return {
      wire: this.#lanes.wire(result, (bits) => this.#lanes.as(wire, bits)),
      phase,
      isRegister: false,
    };
  }

  #computed({ effect, draws }: Operation, operands: readonly Wire[], phase: number): CarriedValue {
    if (effect.does !== 'compute') throw new Error('not an operation on registers');
    if (draws) this.#draw(phase);
    const [a, b, c] = operands;
    const none = this.#lanes.constant(0);
    // A draw of bits has its number of bits as its only operand.
    const wire = effect.lower(this.#lanes, a ?? none, b ?? none, c ?? none);
    return { wire, phase, isRegister: false };
  }

  /** Steps the generator of the lane. */
  #draw(phase: number): void {
    const before = this.#drawn.get(phase) ?? this.#taps.lane('random', 32, { does: 'random' });
    const name = `draw_${this.#lanes.lines.length}`;
    this.#lanes.lines.push(`wire [31:0] ${name} = xorshift(${before});`);
    this.#lanes.random = name;
    this.#drawn.set(phase, name);
  }

  #draws(): void {
    if (this.#drawn.size === 0) return;
    const phases = [...this.#drawn];
    this.#taps.output(
      'random_step',
      1,
      { does: 'random-step' },
      phases.map(([phase]) => this.#taps.valid(2 + phase)).join(' | '),
    );
    const next = phases
      .slice(1)
      .reduce(
        (others, [phase, name]) => `${this.#taps.valid(2 + phase)} ? ${name} : ${others}`,
        phases[0]?.[1] ?? '',
      );
    const word = this.#taps.laneOutput('random_next', 32, { does: 'random-next' });
    this.#lanes.lines.push('', `assign ${word} = ${next};`);
  }

  /** The value of a predicated load: zero, where the predicate of the row is. */
  #where(predicate: CarriedValue | undefined, value: CarriedValue, phase: number): CarriedValue {
    const condition = this.#carrier.at(predicate, phase);
    const wire = this.#lanes.select(condition, this.#carrier.at(value, phase), this.#lanes.constant(0));
    return { wire, phase, isRegister: false };
  }

  /** Whether a value is not zero in any active lane. */
  #any(line: number, value: Wire, phase: number): CarriedValue {
    const lanes = this.#taps.packed(`any_${line + 1}`, 1);
    const active = this.#taps.active(2 + phase);
    this.#lanes.lines.push(`assign ${lanes}[l] = ${active}[l] & ${this.#lanes.isSet(value)};`);
    const wire = this.#lanes.wire(valueRange(0, 1), () => `$signed({1'b0, |${lanes}})`);
    return { wire, phase, isRegister: false };
  }

  #loaded({ operands }: ImageInstruction, phase: number): CarriedValue {
    const operand = operands[1];
    switch (operand?.is) {
      case 'payload': {
        const { payload } = spikingPopulation(this.#image, this.#plan.kernel);
        if (payload === undefined) throw new Error('a spike that carries no value');
        const range = payloadRange(payload);
        const { bits } = payload;
        const text = this.#taps.input('payload', bits, '', { does: 'payload' });
        const wire = this.#lanes.wire(range, () =>
          payload.signed ? `$signed(${text})` : `$signed({1'b0, ${text}})`,
        );
        return { wire, phase: undefined, isRegister: false };
      }
      case 'field':
        return this.#loadedField(operand.role, operand.field, phase);
      case 'host':
        return this.#scalar(operand.scalar);
      case 'event':
        return this.#scalar(operand.scalar - eventScalars.length);
      case 'index':
        return this.#index(operand.role, phase);
      default:
        throw new Error('a load from nowhere');
    }
  }

  #scalar(scalar: number): CarriedValue {
    const range = scalarRange(this.#image, scalar);
    const meaning = { does: 'host', scalar } as const;
    const text = this.#taps.input(at(hostScalars, scalar), signedBits(range), 'signed', meaning);
    return { wire: { text, range }, phase: undefined, isRegister: false };
  }

  #index(role: string, phase: number): CarriedValue {
    if (role === 'pre') {
      const { source } = at(this.#image.projections, this.#plan.kernel.projection ?? -1);
      const range = valueRange(0, at(this.#image.populations, source).size - 1);
      const isOfTile = this.#plan.walks === 'columns';
      const row = isOfTile ? this.#taps.line(2 + phase) : this.#taps.row();
      const wire = this.#lanes.wire(range, (bits) => `${bits}'(${row})`);
      return { wire, phase: isOfTile ? phase : undefined, isRegister: false };
    }
    const { population, projection } = this.#plan.kernel;
    const of = population ?? at(this.#image.projections, projection ?? -1).target;
    const { size, first = 0 } = at(this.#image.populations, of);
    const range = valueRange(first, first + size - 1);
    const { lanes } = this.#image.core;
    const tile = this.#taps.tile(2 + phase);
    // Lanes past the last column hold no item, and their number may not fit.
    const wire = this.#lanes.wire(
      range,
      (bits) => `${bits}'(32'(${tile}) * 32'd${lanes} + 32'(l) + 32'd${first})`,
    );
    return { wire, phase, isRegister: false };
  }

  #loadedField(role: string, index: number, phase: number): CarriedValue {
    const named = at(this.#image.fields, index);
    const field = loadedField(this.#image.fields, index);
    const { schedule } = this.#plan;
    const isOfRow = role === 'pre' && this.#plan.walks !== 'columns';
    const accesses = isOfRow ? schedule.rowLoads : schedule.loads;
    const access = accesses.find((other) => other.role === role && other.layout === field.layout);
    if (access === undefined) throw new Error(`${named.name} is not loaded`);
    const name = `${role}_${identifier(field.name)}`;
    const range = fieldRange(field);
    const bits = signedBits(range);
    const raw: CarriedValue = isOfRow
      ? { wire: { text: name, range }, phase: undefined, isRegister: false }
      : { wire: { text: name, range }, phase: Math.max(...access.slots) - 1, isRegister: true };
    if (!this.#loadedNames.has(name)) {
      this.#loadedNames.add(name);
      this.#shared.push(...(isOfRow ? this.#place.rowRegister(access, field, name, bits) : []));
      this.#lanes.lines.push(...(isOfRow ? [] : this.#place.laneRegister(access, field, name, bits)));
    }
    if (named.view === undefined || named.layout !== undefined || named.view.droppedBits === 0) return raw;
    const view = this.#lanes.view(this.#carrier.at(raw, phase), named);
    return { wire: view, phase: isOfRow ? undefined : phase, isRegister: false };
  }

  #emitted(value: CarriedValue | undefined, sent: Wire | undefined): void {
    const { phases } = this.#plan.schedule;
    const valid = this.#taps.valid(2 + phases);
    for (const [name, does, phase] of [
      ['spike_lanes', 'spike-lanes', phases],
      // Spikes are counted in the last phase, before they are pushed.
      ['spike_soon', 'spike-soon', phases - 1],
    ] as const) {
      const active = this.#taps.active(2 + phase);
      const lanes = this.#taps.laneOutput(name, 1, { does });
      const isSet = this.#lanes.isSet(this.#carrier.at(value, phase));
      this.#lanes.lines.push(`assign ${lanes} = ${active}[l] & ${isSet};`);
    }
    const { payload } = at(this.#image.populations, this.#plan.emits ?? -1);
    if (sent !== undefined && payload !== undefined) {
      const bits = this.#core.widths.value;
      const vector = this.#taps.laneOutput('spike_values', bits, { does: 'spike-values' });
      const carried = this.#lanes.as(this.#lanes.within(sent, payloadRange(payload)), payload.bits);
      this.#lanes.lines.push(`assign ${vector} = ${bits}'({${carried}});`);
    }
    this.#taps.output('spike_valid', 1, { does: 'spike-valid' }, valid);
    this.#taps.output(
      'spike_tile',
      this.#core.widths.tile,
      { does: 'spike-tile' },
      this.#taps.tile(2 + phases),
    );
  }
}

/** The values that a constant operand takes: a number, or those of a parameter. */
function constantsOf(image: CoreImage, operand: ImageOperand): readonly number[] {
  if (operand.is === 'number') return [operand.value];
  if (operand.is === 'parameter') return at(image.parameters, operand.parameter).values;
  throw new Error('no constant');
}
