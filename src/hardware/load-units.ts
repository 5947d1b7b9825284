import { PlasticoreError } from '../text/index.ts';
import { arithmetic, hardwiredControl, instructionFetch, registers } from './estimate/index.ts';
import type { Estimates, SourcedFigure } from './estimates.ts';
import type { MergedFiles } from './layers.ts';
import type { Arithmetic, CostClass, HwModel, Registers, Unit } from './model.ts';
import type { HwModelFile } from './schema.ts';
import { auto } from './schema-values.ts';
import type { Sources } from './sources.ts';

type Units = NonNullable<HwModelFile['operations']>['integer'];
type UnitEntry = NonNullable<NonNullable<Units>[CostClass]>;

/** The units of a lane, their registers, and instruction fetch. */
export class LaneFigures {
  readonly #value: HwModelFile;
  readonly #layered: MergedFiles<HwModelFile>;
  readonly #estimates: Estimates;
  readonly #sources: Sources;

  constructor(layered: MergedFiles<HwModelFile>, estimates: Estimates, sources: Sources) {
    this.#value = layered.value;
    this.#layered = layered;
    this.#estimates = estimates;
    this.#sources = sources;
  }

  units(numbers: Arithmetic): HwModel['operations'][Arithmetic] {
    return Object.fromEntries(
      Object.entries(this.#value.operations?.[numbers] ?? {}).flatMap(([name, entry]): [string, Unit][] =>
        entry === undefined ? [] : [[name, this.#unit(numbers, name, entry)]],
      ),
    );
  }

  #unit(numbers: Arithmetic, name: string, { source, energyPj, areaUm2, unitsPerLane }: UnitEntry): Unit {
    const path = ['operations', numbers, name];
    const at = (widthBits: number) =>
      this.#estimates.of(
        arithmetic,
        path,
        { widthBits: this.#estimates.input(widthBits, 'datapathBits') },
        `${numbers}-${name}`,
      );
    const whole = numbers === 'float32' || name === 'random' ? [32] : this.#widths();
    const energy = this.#byWidth(energyPj, whole, (width) => at(width).of('energyPj'), source, path);
    const area = at(whole.at(-1) ?? 32).or('areaUm2', areaUm2, () => this.#sources.named(source));
    return {
      unitsPerLane,
      energyPj: energy.table,
      areaUm2: area.value,
      sources: { energyPj: energy.source, areaUm2: area.source },
    };
  }

  /** The widths at which integer operations are estimated, up to the datapath. */
  #widths(): number[] {
    const { datapathBits } = this.#value;
    return [...[8, 16].filter((width) => width < datapathBits), datapathBits];
  }

  /** A table as stated, or estimated at some widths. */
  #byWidth(
    stated: UnitEntry['energyPj'],
    widths: readonly number[],
    at: (width: number) => SourcedFigure,
    source: string | undefined,
    path: readonly string[],
  ): { readonly table: Readonly<Record<number, number>>; readonly source: SourcedFigure['source'] } {
    if (stated !== auto) return { table: stated, source: this.#sources.named(source, ...path) };
    const rows = widths.map((width) => ({ width, ...at(width) }));
    const [first] = rows;
    if (first === undefined) throw new Error('no widths');
    return {
      table: Object.fromEntries(rows.map(({ width, value }) => [width, value])),
      source: first.source,
    };
  }

  registers(): Registers | undefined {
    const entry = this.#value.registers;
    if (entry === undefined || this.#isHardwired) return undefined;
    const { perLane, energyPj, areaUm2, source } = entry;
    const at = (widthBits: number) =>
      this.#estimates.of(registers, ['registers'], {
        widthBits: this.#estimates.input(widthBits, 'datapathBits'),
      });
    const energy = this.#byWidth(energyPj, this.#widths(), (width) => at(width).of('energyPj'), source, [
      'registers',
    ]);
    const area =
      areaUm2 === auto
        ? at(this.#value.datapathBits).of('areaUm2')
        : { value: areaUm2 / perLane, source: this.#sources.named(source) };
    return {
      perLane,
      energyPj: energy.table,
      areaUm2: perLane * area.value,
      sources: { energyPj: energy.source, areaUm2: area.source },
    };
  }

  fetch(): HwModel['fetch'] {
    const entry = this.#value.fetch;
    if (entry === undefined || this.#isHardwired) return undefined;
    const energy = this.#estimates
      .of(instructionFetch, ['fetch'], {})
      .or('energyPj', entry.energyPj, () => this.#sources.named(entry.source, 'fetch'));
    return { energyPj: energy.value, sources: { energyPj: energy.source } };
  }

  get #isHardwired(): boolean {
    return this.#value.sequencer === 'hardwired';
  }

  control(): HwModel['control'] {
    const { areaUm2, energyPj = 0, source } = this.#value.control;
    const stated = () => this.#sources.named(source, 'control');
    if (this.#isHardwired) return this.#hardwiredControl();
    if (areaUm2 === auto) throw this.#noEstimate();
    const energy = this.#estimates.of(instructionFetch, ['control'], {}).or('energyPj', energyPj, stated);
    return {
      areaUm2,
      energyPj: energy.value,
      sources: { areaUm2: this.#sources.named(source), energyPj: energy.source },
    };
  }

  /** Figures that a model states for a core with microcode are no figures of a hard-wired one. */
  #hardwiredControl(): HwModel['control'] {
    const { source } = this.#value.control;
    const estimated = this.#estimates.of(hardwiredControl, ['control'], {});
    const figure = (name: 'areaUm2' | 'energyPj'): SourcedFigure => {
      const path = ['control', name];
      const given = this.#value.control[name];
      const isOwn = sequencerOf(this.#layered.statedWith(path)) === 'hardwired';
      return estimated.or(name, isOwn ? given : auto, () =>
        name === 'areaUm2' ? this.#sources.named(source) : this.#sources.named(source, 'control'),
      );
    };
    const [area, energy] = [figure('areaUm2'), figure('energyPj')];
    return {
      areaUm2: area.value,
      energyPj: energy.value,
      sources: { areaUm2: area.source, energyPj: energy.source },
    };
  }

  #noEstimate(): PlasticoreError {
    return new PlasticoreError(
      'range',
      'control.areaUm2: nothing estimates the control of a core with microcode',
      {
        ...this.#layered.locate(['control', 'areaUm2']),
        hint: 'state it as a number, or set sequencer: hardwired',
      },
    );
  }
}

function sequencerOf(stated: unknown): unknown {
  return typeof stated === 'object' && stated !== null && 'sequencer' in stated
    ? stated.sequencer
    : undefined;
}
