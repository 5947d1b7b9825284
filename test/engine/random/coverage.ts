import { isBatchable } from '../../../src/engine/fast/plan/analysis/batch.ts';
import type { Segmentation } from '../../../src/engine/fast/plan/analysis/segments.ts';
import { planSegments, segmentationOf } from '../../../src/engine/fast/plan/analysis/segments.ts';
import { type KernelPlan, planKernels } from '../../../src/engine/fast/plan/kernel-plan.ts';
import {
  type Action,
  type BoundKernel,
  type CoreImage,
  factsOf,
  kernelsIn,
  spikeLists,
} from '../../../src/image/index.ts';
import { domains, hostScalars, type Operation, operationNamed, operations } from '../../../src/isa/index.ts';
import type { Outcome } from './compare.ts';
import { ofPositions, positionKinds } from './coverage-positions.ts';
import { ofSpikes, spikesSeen } from './coverage-spikes.ts';
import { edges, ending, stateOf } from './edges.ts';
import type { RandomProgram } from './program.ts';

type Mode = 'vector16' | 'vector32' | 'scalar';
const modes: readonly Mode[] = ['vector16', 'vector32', 'scalar'];
const modeOf = { i16x8: 'vector16', i32x4: 'vector32', f32x4: 'vector32', one: 'scalar' } as const;

/** What random programs have run, by name, and how often. */
export class Coverage {
  readonly #seen = new Map<string, number>();

  #see(name: string): void {
    this.#seen.set(name, (this.#seen.get(name) ?? 0) + 1);
  }

  note(program: RandomProgram, outcome: Outcome): void {
    const { image, reference, stopped } = outcome;
    const counters = reference.counters();
    for (const plan of planKernels(image)) {
      const { kernel } = plan;
      const count = counters.work[plan.index];
      if (count === undefined || count.items === 0) continue;
      this.#noteKernel(image, plan);
      const columns =
        image.populations[kernel.population ?? image.projections[kernel.projection ?? 0]?.target ?? 0];
      if (count.items < count.passes * (columns?.size ?? 0)) this.#see('a gate switches columns off');
    }
    for (const [population, actions] of image.events.spike.entries()) {
      if ((counters.spikes[population] ?? 0) > counters.steps) this.#noteBatch(image, actions);
    }
    this.#noteInputs(program, image);
    for (const name of spikesSeen(outcome)) this.#see(name);
    for (const rate of image.faults?.rates ?? [])
      if (rate > 0) this.#see(`cells that are ${image.faults?.errors}`);
    if (program.inference === true) this.#see('a core that only infers');
    if (Object.values(program.spec.projections).some(({ frozen }) => frozen === true))
      this.#see('a frozen projection');
    for (const { event } of program.triggers) {
      const named = image.events.named.find(({ name }) => name === event);
      for (const index of kernelsIn(named?.actions ?? []))
        this.#see(`a named event runs over ${image.kernels[index]?.domain}`);
      if (counters.spikes.some((count) => count > 0)) this.#see('a named event emits');
    }
    if (counters.stalls > 0) this.#noteNested(image);
    if (stopped !== undefined) this.#see('a NaN stops both engines');
    if (counters.drops > 0) this.#see('the FIFO drops');
    if (counters.stalls > 0) this.#see('the FIFO stalls');
    const floods = image.populations.some(
      ({ size }, index) => (counters.spikes[index] ?? 0) > size * counters.steps,
    );
    if (program.samples.some(({ spikes }) => spikes.length < image.steps))
      this.#see('a sample of fewer steps');
    if (floods) this.#see('a neuron spikes twice in a step');
    const presented = program.samples.reduce((sum, { spikes }) => sum + spikes.length, 0);
    if (counters.steps > presented) this.#see('a sample is presented again');
    for (const condition of conditionsOf([
      ...image.events.sample,
      ...image.events.tick,
      ...spikeLists(image.events).flat(),
    ]))
      this.#see(condition);
    this.#noteEdges(program, outcome);
  }

  /** Inputs that a step lists more than once. */
  #noteInputs({ samples }: RandomProgram, image: CoreImage): void {
    const inputs = image.populations[image.input]?.size ?? 0;
    for (const spikes of samples.flatMap((sample) => sample.spikes)) {
      if (new Set(spikes).size < spikes.length) this.#see('a step repeats an input');
      if (spikes.length > inputs) this.#see('a step has more inputs than neurons');
    }
  }

  /** A kernel that the input's spikes run stalls, so that it is suspended while it serves others of them. */
  #noteNested(image: CoreImage): void {
    if (image.core.whenFull !== 'stall') return;
    for (const index of kernelsIn(image.events.spike[image.input] ?? [])) {
      const kernel = image.kernels[index];
      if (kernel === undefined || !factsOf(kernel).emits) continue;
      const where = segmentationOf(kernel, planSegments(image)) === undefined ? 'a dense row' : 'segments';
      this.#see(`a kernel over ${where} is suspended within itself`);
    }
  }

  /** Some step has several spikes that run a list. */
  #noteBatch(image: CoreImage, actions: readonly Action[]): void {
    const plans = planKernels(image);
    if (!isBatchable(image, plans, actions)) return;
    const kernels = kernelsIn(actions).flatMap((index) => plans[index] ?? []);
    if (kernels.length > 1) this.#see('a batch of spikes runs several kernels');
    for (const { kernel, lanes, resident, gathering } of kernels) {
      if (gathering !== undefined) this.#see('a batch joins the rows of listed targets');
      const mode = modeOf[lanes];
      const isByColumns = resident !== undefined;
      this.#see(isByColumns ? `${mode} takes a batch by columns` : `a batch runs over ${kernel.domain}`);
    }
  }

  #noteKernel(image: CoreImage, { kernel, lanes, lines, positions }: KernelPlan): void {
    const mode = modeOf[lanes];
    for (const name of ofPositions(lines, positions)) this.#see(`${mode} ${name}`);
    const { columnGate } = image.core;
    if (mode === 'vector16' && lines.some(({ isDiscarded }) => isDiscarded))
      this.#see('a select discards what 16 bits do not hold');
    this.#see(`${mode} over ${kernel.domain}`);
    const segmentation = segmentationOf(kernel, planSegments(image));
    if (segmentation !== undefined)
      this.#noteSegments(kernel, `${mode} over segments`, columnGate, segmentation);
    if (segmentation?.index !== undefined)
      this.#noteSegments(kernel, `${mode} over listed targets`, columnGate, segmentation);
    if (kernel.domain === 'weights' && image.projections[kernel.projection ?? -1]?.index !== undefined)
      this.#see(`${mode} over the weights of listed targets`);
    if (segmentation !== undefined && image.core.lanes % 4 !== 0)
      this.#see(`${mode} over segments, on lanes that are no vectors`);
    const part = kernel.order === 'columns' ? 'by columns' : `over ${kernel.domain}`;
    if (kernel.columns !== undefined) this.#see(`${mode} ${part}, the first columns`);
    if (kernel.rows !== undefined) this.#see(`${mode} ${part}, the first rows`);
    if (kernel.order === 'columns') this.#see(`${mode} by columns`);
    this.#noteDraws(image, kernel, mode);
    if (kernel.rowGate !== undefined) this.#see(`${mode} gated by rows`);
    if (kernel.columnGate !== undefined) this.#see(`${mode} gated by columns, ${columnGate}`);
    for (const { mnemonic, arithmetic, operands } of kernel.code) {
      this.#see(`${mode} ${arithmetic} ${mnemonic}`);
      if (operands.some(({ is }) => is === 'parameter')) this.#see(`${mode} with a scheduled parameter`);
      const [first, operand] = operands;
      if (first?.is !== 'register' || operand?.is !== 'field' || mnemonic !== 'st') continue;
      const field = image.fields[operand.field];
      if (field === undefined) continue;
      const sort =
        field.storage === 'float32' ? 'float32' : `${field.signed ? 'signed' : 'unsigned'} ${field.overflow}`;
      this.#see(`${mode} stores ${sort}`);
      if (field.storedView !== undefined) this.#see(`${mode} stores a view`);
    }
    const readsLabel = kernel.code.some(({ operands }) =>
      operands.some((operand) => operand.is === 'host' && hostScalars[operand.scalar] === 'label'),
    );
    if (image.regression !== undefined && readsLabel)
      this.#see(`${image.core.arithmetic} takes the number that is asked for, ${mode}`);
    for (const { operands } of kernel.code) {
      const [, source] = operands;
      const field = source?.is === 'field' ? image.fields[source.field] : undefined;
      if (field?.view !== undefined && field.layout === undefined) this.#see(`${mode} slices a view`);
    }
  }

  #noteDraws(image: CoreImage, kernel: BoundKernel, mode: Mode): void {
    const { drawsFrom, emits } = factsOf(kernel);
    for (const index of drawsFrom) {
      const { lanes = 0 } = image.generators[index] ?? {};
      const served = lanes < image.core.lanes ? 'a part of the lanes' : 'all lanes';
      this.#see(`${mode} draws from a generator of ${served}`);
      if (segmentationOf(kernel, planSegments(image)) !== undefined)
        this.#see(`draws over segments, ${served}`);
      if (new Set(drawsFrom).size < drawsFrom.length) this.#see('two draws of one generator');
      if (emits) this.#see('a kernel draws from a declared generator and emits');
    }
  }

  #noteSegments(
    kernel: BoundKernel,
    name: string,
    columnGate: string,
    { emptyRows, columns = 0, areWeightRows }: Segmentation,
  ): void {
    this.#see(`${name} of a ${kernel.domain === 'row' ? 'row' : 'projection'}`);
    if (kernel.rowGate !== undefined) this.#see(`${name}, gated by rows`);
    if (kernel.columnGate !== undefined) this.#see(`${name}, gated by columns, ${columnGate}`);
    if (emptyRows > 0) this.#see(`${name}, rows without any`);
    if (columns > 64) this.#see(`${name} longer than 64 columns`);
    if (!areWeightRows) this.#see(`${name} without weights`);
    const mnemonics = new Set(kernel.code.map(({ mnemonic }) => mnemonic));
    if ([...mnemonics].some((mnemonic) => operationNamed(mnemonic).draws)) this.#see(`${name}, drawing`);
    for (const mnemonic of ['reduce', 'reduce.max', 'emit', 'ld.row', 'st.tile'])
      if (mnemonics.has(mnemonic)) this.#see(`${name}, ${mnemonic}`);
  }

  /** Looks for edges not reached so far. */
  #noteEdges(program: RandomProgram, { image, reference, stopped }: Outcome): void {
    const { work } = reference.counters();
    const ran = image.kernels.filter((_, index) => (work[index]?.items ?? 0) > 0);
    let as: string | undefined;
    for (const { name, without } of edges) {
      const other = this.#seen.has(name) ? undefined : without(image, ran);
      if (other === undefined) continue;
      as ??= stopped ?? stateOf(reference);
      if (ending(program, other) !== as) this.#see(name);
    }
  }

  /** Everything that has to be seen and was not. */
  missing(): string[] {
    return expected().filter((name) => !this.#seen.has(name));
  }
}

function conditionsOf(actions: readonly Action[]): string[] {
  return actions.flatMap((action) => {
    if (action.does === 'clear' || action.does === 'stop-unless-any') return [action.does];
    if (action.does !== 'group') return [];
    const { learning, pass, from, until, every, last, intervals } = action.condition;
    const found = {
      learning,
      from: from > 0,
      until: until !== undefined,
      every: every > 1,
      last: last > 0,
      intervals: intervals !== undefined,
    };
    return [
      ...(pass === undefined ? [] : [`condition pass ${pass}`]),
      ...Object.entries(found).flatMap(([name, isGiven]) => (isGiven ? [`condition ${name}`] : [])),
      ...conditionsOf(action.actions),
    ];
  });
}

/** Each spike carries a value of its own: such kernels have no vectors. The largest of a row is found in 32 bits. */
function modesOf(effect: Operation['effect']): readonly Mode[] {
  if (effect.does === 'emit' && effect.sends) return ['scalar'];
  return effect.does === 'reduce' && effect.joins === 'largest' ? ['vector32', 'scalar'] : modes;
}

/** Kernels of reals have vectors of 32 bits at most; so have, for integers, only one neuron's. */
function expected(): string[] {
  const vectors = modes.filter((mode) => mode !== 'scalar');
  const wide: readonly Mode[] = ['vector32', 'scalar'];
  // Vectors draw from declared generators only where words are lanes of 32 bits.
  const declared = operations.filter(({ effect }) => effect.does === 'draw');
  const tried = operations.filter((operation) => !declared.includes(operation));
  const takesReals = tried.filter(({ kinds, effect }) =>
    effect.does === 'compute' ? effect.real !== undefined : kinds[0] === 'A' || kinds[0] === 'N',
  );
  const sorts = ['signed', 'unsigned'].flatMap((sign) =>
    ['saturate', 'saturate-symmetric', 'wrap'].map((overflow) => `stores ${sign} ${overflow}`),
  );
  return [
    ...domains.flatMap(({ name, single }) =>
      single ? [`scalar over ${name}`] : modes.map((mode) => `${mode} over ${name}`),
    ),
    ...domains.map(({ name }) => `a named event runs over ${name}`),
    'a named event emits',
    ...ofSpikes,
    'cells that are stuck',
    'cells that are fresh',
    'a core that only infers',
    'a frozen projection',
    'a step repeats an input',
    'a step has more inputs than neurons',
    ...['a dense row', 'segments'].map((where) => `a kernel over ${where} is suspended within itself`),
    ...declared.flatMap(({ mnemonic }) => wide.map((mode) => `${mode} integer ${mnemonic}`)),
    'scalar draws from a generator of a part of the lanes',
    ...wide.map((mode) => `${mode} draws from a generator of all lanes`),
    ...['a part of the lanes', 'all lanes'].map((served) => `draws over segments, ${served}`),
    'two draws of one generator',
    'a kernel draws from a declared generator and emits',
    ...modes.flatMap((mode) => [
      `${mode} by columns`,
      ...['neurons', 'row', 'synapses'].map((domain) => `${mode} over ${domain}, the first columns`),
      `${mode} over synapses, the first rows`,
    ]),
    ...wide.flatMap((mode) => [
      `${mode} by columns, the first columns`,
      `${mode} by columns, the first rows`,
    ]),
    ...tried.flatMap(({ mnemonic, effect }) => modesOf(effect).map((mode) => `${mode} integer ${mnemonic}`)),
    ...takesReals.flatMap(({ mnemonic, effect }) =>
      modesOf(effect).flatMap((mode) => (wide.includes(mode) ? [`${mode} real ${mnemonic}`] : [])),
    ),
    ...modes.flatMap((mode) => [
      `${mode} gated by rows`,
      `${mode} gated by columns, skip-tile`,
      `${mode} gated by columns, clock`,
      `${mode} with a scheduled parameter`,
      `${mode} stores a view`,
      `${mode} slices a view`,
      ...sorts.map((sort) => `${mode} ${sort}`),
    ]),
    ...wide.map((mode) => `${mode} stores float32`),
    ...modes.map((mode) => `integer takes the number that is asked for, ${mode}`),
    ...wide.map((mode) => `float32 takes the number that is asked for, ${mode}`),
    ...modes.flatMap((mode) =>
      [
        ' of a row',
        ' of a projection',
        ', gated by rows',
        ', gated by columns, skip-tile',
        ', gated by columns, clock',
        ', rows without any',
        ' longer than 64 columns',
        ', drawing',
        ', reduce',
        ', emit',
        ', ld.row',
        ', st.tile',
      ].map((sort) => `${mode} over segments${sort}`),
    ),
    ...wide.map((mode) => `${mode} over segments, reduce.max`),
    ...modes.flatMap((mode) =>
      [' of a row', ' of a projection'].map((sort) => `${mode} over listed targets${sort}`),
    ),
    ...[', gated by rows', ', gated by columns, skip-tile', ', gated by columns, clock'].map(
      (sort) => `scalar over listed targets${sort}`,
    ),
    ...[', rows without any', ', drawing', ', reduce', ', reduce.max', ', emit', ', ld.row', ', st.tile'].map(
      (sort) => `scalar over listed targets${sort}`,
    ),
    ...modes.flatMap((mode) => [
      `${mode} over the weights of listed targets`,
      `${mode} over segments, on lanes that are no vectors`,
    ]),
    'scalar over segments without weights',
    ...vectors.map((mode) => `${mode} over neurons`),
    ...vectors.map((mode) => `${mode} takes a batch by columns`),
    // A spike names no synapse.
    ...domains.flatMap(({ name }) => (name === 'synapse' ? [] : [`a batch runs over ${name}`])),
    'a batch of spikes runs several kernels',
    'a batch joins the rows of listed targets',
    ...modes.flatMap((mode) => positionKinds.map((name) => `${mode} ${name}`)),
    'a select discards what 16 bits do not hold',
    'a gate switches columns off',
    'a NaN stops both engines',
    'the FIFO drops',
    'the FIFO stalls',
    'a neuron spikes twice in a step',
    'a sample of fewer steps',
    ...['learning', 'from', 'until', 'every', 'last', 'intervals', 'pass first', 'pass replay'].map(
      (name) => `condition ${name}`,
    ),
    'a sample is presented again',
    'clear',
    'stop-unless-any',
    ...edges.map(({ name }) => name),
  ];
}
