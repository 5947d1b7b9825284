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
import type { CorePlan, Pipeline } from '../plan/core-plan.ts';
import { identifier, signedBits } from '../plan/widths.ts';
import { type CarriedValue, Carrier } from './carrier.ts';
import { runsText } from './context.ts';
import { DeclaredDraws } from './declared-draws.ts';
import type { KernelBody, KernelModule } from './kernel-body.ts';
import { LaneText, type Wire } from './lane-text.ts';
import { WordPlaces } from './place.ts';
import { type Store, storesText } from './store-text.ts';
import { Taps } from './taps.ts';
import { commentLine, extended, literal, moduleText, signedLiteral } from './verilog.ts';

/** A line of microcode, and the phase that carries it out. */
interface Line {
  readonly line: number;
  readonly phase: number;
  readonly instruction: ImageInstruction;
  readonly operation: Operation;
}

export function kernelModule(pipeline: Pipeline, core: CorePlan): KernelModule {
  return new KernelText(pipeline, core).module();
}

class KernelText {
  readonly #body: KernelBody;
  readonly #place: WordPlaces;
  /** Names of the registers that loads have filled. */
  readonly #loadedNames = new Set<string>();
  /** For each phase that draws, the name of the last new word. */
  readonly #drawn = new Map<number, string>();
  readonly #declared: DeclaredDraws;

  constructor(pipeline: Pipeline, core: CorePlan) {
    const { first: plan, kernels, name } = pipeline;
    const lanes = new LaneText(core.image.core.datapathBits);
    // While a kernel waits, others run.
    const waits = kernels.some((kernel) => core.waiting.kernels.includes(kernel));
    const starts = `pass_start & (state == START ? ${runsText(core, pipeline, 'start_kernel')} : runs_${name})`;
    const taps = waits
      ? new Taps(core.widths, starts, `runs_${name}`)
      : new Taps(core.widths, 'pass_start', undefined);
    const carrier = new Carrier(lanes, taps, plan.intervalCycles);
    this.#body = { pipeline, plan, core, image: core.image, taps, carrier, lanes, shared: [] };
    this.#place = new WordPlaces(this.#body);
    this.#declared = new DeclaredDraws(this.#body);
  }

  module(): KernelModule {
    const { pipeline, plan, image, taps, lanes, shared } = this.#body;
    const { kernel, schedule } = plan;
    const values = new Map<number, CarriedValue>();
    const texts = kernelText(image, kernel).lines;
    for (const access of [...schedule.loads, ...schedule.rowLoads]) shared.push(...this.#place.reads(access));
    const stores: Store[] = [];
    forward<ImageInstruction, undefined>(kernel.code, ({ line, instruction, operation, sources }) => {
      const text = at(texts, line).text;
      const phase = at(schedule.lines, line);
      lanes.lines.push('', commentLine(`line ${line + 1}, phase ${phase}: ${text}`));
      lanes.begin(`l${line + 1}`);
      const operands = sources.map(({ operand, definition }) =>
        definition === undefined ? this.#operand(line, operand) : values.get(definition),
      );
      if (operation.effect.does === 'store' || operation.effect.does === 'reduce') {
        const target = instruction.operands[1];
        if (target?.is !== 'field' || operands[0] === undefined) throw new Error(`${text}: no field`);
        stores.push({ line, field: target.field, value: operands[0], where: operands[2] });
      } else {
        const value = this.#value({ line, phase, instruction, operation }, operands);
        if (value !== undefined) values.set(line, value);
      }
      return undefined;
    });
    storesText(this.#body, this.#place, stores);
    this.#draws();
    this.#declared.finish();
    taps.connect(image.banks.map(({ wordBits }) => wordBits));
    const names = pipeline.kernels.map((own) => own.name).join(', ');
    const text = moduleText({
      comment: commentLine(
        `${names}: a tile enters every ${plan.intervalCycles} cycles, ${schedule.phases} phases, ${schedule.writeCycles} to write`,
      ),
      name: pipeline.name,
      ports: taps.ports().map(({ declaration }) => declaration),
      body: [shared, taps.declarations()],
      lane: lanes.lines,
      lanes: image.core.lanes,
    });
    return { ...pipeline, text, taps };
  }

  /** The value of a line that computes one. */
  #value(
    { line, phase, instruction, operation }: Line,
    operands: readonly (CarriedValue | undefined)[],
  ): CarriedValue | undefined {
    const { effect } = operation;
    const { carrier, plan } = this.#body;
    const taken = (operand: number): Wire => carrier.at(operands[operand], phase);
    switch (effect.does) {
      case 'load': {
        const value = this.#loaded(instruction, phase);
        return this.#result(line, effect.predicated ? this.#where(operands[1], value, phase) : value);
      }
      case 'compute':
        return this.#result(line, this.#computed(operation, [...operands.keys()].map(taken), phase));
      case 'any':
        return this.#any(line, taken(0), phase);
      case 'draw': {
        const predicate = effect.predicated ? taken(1) : undefined;
        return {
          wire: this.#declared.draw({ line, phase, operand: instruction.operands[1], predicate }),
          phase,
        };
      }
      case 'emit': {
        const [value, sent] = operands;
        this.#emitted(value, effect.sends ? carrier.at(sent, plan.schedule.phases) : undefined);
        return undefined;
      }
      default:
        throw new Error(`a line that does ${effect.does}`);
    }
  }

  /** An operand that is no register: a number, or a parameter. Kernels that share the pipeline bring their own. */
  #operand(line: number, operand: ImageOperand): CarriedValue | undefined {
    if (operand.is !== 'number' && operand.is !== 'parameter') return undefined;
    const { plan, pipeline, core, image, taps, lanes } = this.#body;
    const place = at(plan.kernel.code, line).operands.indexOf(operand);
    const operands = pipeline.kernels.map(({ kernel }) => at(at(kernel.code, line).operands, place));
    const values = operands.flatMap((own) => constantsOf(image, own));
    const range = valueRange(Math.min(...values), Math.max(...values));
    if (range.low === range.high) return { wire: lanes.constant(range.low), phase: undefined };
    const bits = signedBits(range);
    const source = constantText(core, operands, bits);
    const text = taps.input(`constant_${line + 1}_${place}`, bits, source, 'signed ');
    return { wire: { text, range, values }, phase: undefined };
  }

  /** The value of a line, as narrow as the analysis has proven. */
  #result(line: number, value: CarriedValue): CarriedValue {
    const { wire, phase, isRegister } = value;
    const { result } = at(this.#body.pipeline.ranges, line);
    const fits = result === undefined || (wire.range.low >= result.low && wire.range.high <= result.high);
    if (fits || wire.values !== undefined || isRegister === true) return value;
    const { lanes } = this.#body;
    return { wire: lanes.wire(result, (bits) => lanes.as(wire, bits)), phase };
  }

  #computed({ effect, draws }: Operation, operands: readonly Wire[], phase: number): CarriedValue {
    if (effect.does !== 'compute') throw new Error('not an operation on registers');
    const { lanes } = this.#body;
    if (draws) this.#draw(phase);
    const [a, b, c] = operands;
    const none = lanes.constant(0);
    // A draw of bits has its number of bits as its only operand.
    return { wire: effect.lower(lanes, a ?? none, b ?? none, c ?? none), phase };
  }

  /** Steps the generator of the lane. */
  #draw(phase: number): void {
    const { lanes, taps, image } = this.#body;
    taps.input('random', 32 * image.core.lanes, 'random');
    const name = `draw_${lanes.lines.length}`;
    lanes.lines.push(`wire [31:0] ${name} = xorshift(${this.#drawn.get(phase) ?? 'random[l * 32 +: 32]'});`);
    lanes.random = name;
    this.#drawn.set(phase, name);
  }

  #draws(): void {
    if (this.#drawn.size === 0) return;
    const { taps, lanes } = this.#body;
    const { steps, next } = taps.ofPhases(this.#drawn);
    taps.output('random_step', undefined, steps);
    lanes.lines.push('', `assign ${taps.laneOutput('random_next', 32)} = ${next};`);
  }

  /** The value of a predicated load: zero, where the predicate of the row is. */
  #where(predicate: CarriedValue | undefined, value: CarriedValue, phase: number): CarriedValue {
    const { carrier, lanes } = this.#body;
    const condition = carrier.at(predicate, phase);
    return { wire: lanes.select(condition, carrier.at(value, phase), lanes.constant(0)), phase };
  }

  /** Whether a value is not zero in any active lane. */
  #any(line: number, value: Wire, phase: number): CarriedValue {
    const { lanes, taps } = this.#body;
    const set = taps.packed(`any_${line + 1}`, 1);
    lanes.lines.push(`assign ${set}[l] = ${taps.at('active', 2 + phase)}[l] & ${lanes.isSet(value)};`);
    return { wire: lanes.wire(valueRange(0, 1), () => `$signed({1'b0, |${set}})`), phase };
  }

  #loaded({ operands }: ImageInstruction, phase: number): CarriedValue {
    const operand = operands[1];
    switch (operand?.is) {
      case 'payload': {
        const { image, plan, taps, lanes } = this.#body;
        const { payload } = spikingPopulation(image, plan.kernel);
        if (payload === undefined) throw new Error('a spike that carries no value');
        const { bits, signed } = payload;
        const text = taps.input('payload', bits, `event_value[${bits - 1}:0]`);
        return { wire: lanes.wire(payloadRange(payload), () => extended(text, signed)), phase: undefined };
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
    const range = at(this.#body.core.scalars, scalar);
    const name = at(hostScalars, scalar);
    const text = this.#body.taps.input(name, signedBits(range), name, 'signed ');
    return { wire: { text, range }, phase: undefined };
  }

  #index(role: string, phase: number): CarriedValue {
    const { image, plan, taps, lanes } = this.#body;
    const { population, projection } = plan.kernel;
    if (role === 'pre') {
      const { source } = at(image.projections, projection ?? -1);
      const range = valueRange(0, at(image.populations, source).size - 1);
      const isOfTile = plan.walks === 'columns';
      const row = isOfTile ? taps.at('line', 2 + phase) : taps.row();
      return { wire: lanes.wire(range, (bits) => `${bits}'(${row})`), phase: isOfTile ? phase : undefined };
    }
    const of = population ?? at(image.projections, projection ?? -1).target;
    const { size, first = 0 } = at(image.populations, of);
    const neuron = `32'(${taps.at('tile', 2 + phase)}) * 32'd${image.core.lanes} + 32'(l) + 32'd${first}`;
    // Lanes past the last column hold no item, and their number may not fit.
    return { wire: lanes.wire(valueRange(first, first + size - 1), (bits) => `${bits}'(${neuron})`), phase };
  }

  #loadedField(role: string, index: number, phase: number): CarriedValue {
    const { image, plan, carrier, lanes, shared } = this.#body;
    const named = at(image.fields, index);
    const field = loadedField(image.fields, index);
    const isOfRow = role === 'pre' && plan.walks !== 'columns';
    const accesses = isOfRow ? plan.schedule.rowLoads : plan.schedule.loads;
    const access = accesses.find((other) => other.role === role && other.layout === field.layout);
    if (access === undefined) throw new Error(`${named.name} is not loaded`);
    const name = `${role}_${identifier(field.name)}`;
    const range = fieldRange(field);
    const bits = signedBits(range);
    const made = isOfRow ? undefined : Math.max(...access.slots) - 1;
    const raw: CarriedValue = { wire: { text: name, range }, phase: made, isRegister: !isOfRow };
    if (!this.#loadedNames.has(name)) {
      this.#loadedNames.add(name);
      if (isOfRow) shared.push(...this.#place.rowRegister(access, field, name, bits));
      else lanes.lines.push(...this.#place.laneRegister(access, field, name, bits));
    }
    if (named.view === undefined || named.layout !== undefined || named.view.droppedBits === 0) return raw;
    return { wire: lanes.view(carrier.at(raw, phase), named), phase: isOfRow ? undefined : phase };
  }

  #emitted(value: CarriedValue | undefined, sent: Wire | undefined): void {
    const { plan, core, image, taps, carrier, lanes } = this.#body;
    const { phases } = plan.schedule;
    const valid = taps.at('valid', 2 + phases);
    // Spikes are counted in the last phase, before they are pushed.
    for (const [name, phase] of [
      ['spike_lanes', phases],
      ['spike_soon', phases - 1],
    ] as const) {
      const active = taps.at('active', 2 + phase);
      const spikes = taps.laneOutput(name, 1);
      lanes.lines.push(`assign ${spikes} = ${active}[l] & ${lanes.isSet(carrier.at(value, phase))};`);
    }
    const { payload } = at(image.populations, plan.emits ?? -1);
    if (sent !== undefined && payload !== undefined) {
      const bits = core.widths.value;
      const carried = lanes.as(lanes.within(sent, payloadRange(payload)), payload.bits);
      lanes.lines.push(`assign ${taps.laneOutput('spike_values', bits)} = ${bits}'({${carried}});`);
    }
    taps.output('spike_valid', undefined, valid);
    taps.output('spike_tile', core.widths.tile, taps.at('tile', 2 + phases));
  }
}

/** The values that a constant operand takes: a number, or those of a parameter. */
function constantsOf(image: CoreImage, operand: ImageOperand): readonly number[] {
  if (operand.is === 'number') return [operand.value];
  if (operand.is === 'parameter') return at(image.parameters, operand.parameter).values;
  throw new Error('no constant');
}

/** A constant of a pipeline: that of the kernel that runs, where several share it. */
function constantText(
  { image, memberBits }: CorePlan,
  operands: readonly ImageOperand[],
  bits: number,
): string {
  const [first = '', ...others] = operands.map((operand) => {
    const values = constantsOf(image, operand);
    if (operand.is !== 'parameter' || new Set(values).size === 1) return signedLiteral(values[0] ?? 0, bits);
    return `${bits}'(p_${identifier(at(image.parameters, operand.parameter).name)})`;
  });
  if (others.every((text) => text === first)) return first;
  return `${others.map((text, index) => `member == ${literal(index + 1, memberBits)} ? ${text} : `).join('')}${first}`;
}
