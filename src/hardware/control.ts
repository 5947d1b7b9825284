import type * as z from 'zod';
import { key, type MergedFiles, PlasticoreError, strictObject, whole } from '../text/index.ts';
import { controlAreas, hardwiredControl, instructionFetch, usualControlBits } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { Source, Sources } from './source.ts';
import { auto, estimable, sourceName } from './values.ts';

/** Everything except banks, lanes and router: sequencer, interface. */
export interface Control {
  readonly areaUm2: number;
  /** Energy of a cycle in which the core works without a tile; on a hard-wired core, of any in which it works. */
  readonly energyPj: number;
  /** Bits of lists, FIFO and gates, of a hard-wired core whose program is known. */
  readonly bits: number | undefined;
  /** Its flip-flops, which the clock drives, where they are known. */
  readonly flipFlops: number | undefined;
  readonly sources: { readonly areaUm2: Source; readonly energyPj: Source };
}

export const controlSection = strictObject({
  areaUm2: key(
    estimable('um2'),
    'Area in µm². `auto`, on a hard-wired core: [estimated](estimators/control.md) from its bits.',
    35860,
  ),
  bits: key(
    whole('a number of bits', 0, 1e8),
    'Bits of the lists, the FIFO and the row and column gates of a hard-wired core. If absent, those of the program that is compiled for it.',
    1456,
  ).optional(),
  energyPj: key(
    estimable('pJ'),
    'Energy in pJ of a cycle in which the core works without a tile: when a kernel starts, a row begins or the pipeline fills. `auto`: as the [fetch](estimators/fetch.md) of an instruction. If absent, 0. On a hard-wired core, of every cycle in which it works; absent or `auto`, it is [estimated](estimators/control.md).',
    1.3,
  ).optional(),
  flipFlops: key(
    whole('a number of flip-flops', 0, 1e8),
    'Flip-flops, pipelines included, for the [estimate of the clock](estimators/clock.md); [synthesis](build-your-core.md#as-a-chip) writes it. If absent, each bit is one, and a quarter of the other area is theirs.',
    2343,
  ).optional(),
  source: sourceName,
});

/** What of a model says what controls it. */
interface ControlledFile {
  readonly technologyNm: number;
  readonly sequencer?: 'microcode' | 'hardwired' | undefined;
  readonly control: z.infer<typeof controlSection>;
}

/** What controls a core. */
export function readControl(
  layered: MergedFiles<ControlledFile>,
  estimates: Estimates,
  sources: Sources,
): Control {
  const { control, sequencer } = layered.value;
  if (sequencer === 'hardwired') return hardwired(layered, estimates, sources);
  const { areaUm2, energyPj = 0, flipFlops, source } = control;
  const stated = () => sources.named(source, 'control');
  if (areaUm2 === auto)
    throw new PlasticoreError(
      'range',
      'control.areaUm2: nothing estimates the control of a core with microcode',
      {
        ...layered.locate(['control', 'areaUm2']),
        hint: 'state it as a number, or set sequencer: hardwired',
      },
    );
  const energy = estimates.of(instructionFetch, ['control'], {}).or('energyPj', energyPj, stated);
  return {
    areaUm2,
    energyPj: energy.value,
    bits: undefined,
    flipFlops,
    sources: { areaUm2: sources.named(source), energyPj: energy.source },
  };
}

/** Figures that a model states for a core with microcode are no figures of a hard-wired one. */
function hardwired(layered: MergedFiles<ControlledFile>, estimates: Estimates, sources: Sources): Control {
  const { control, technologyNm } = layered.value;
  const { bits, flipFlops, source } = control;
  const estimated = estimates.of(hardwiredControl, ['control'], {
    controlBits: estimates.input(bits ?? usualControlBits, 'control', 'bits'),
  });
  const isOwn = (name: 'areaUm2' | 'energyPj' | 'flipFlops') =>
    sequencerOf(layered.statedWith(['control', name])) === 'hardwired';
  const given = (name: 'areaUm2' | 'energyPj') => (isOwn(name) ? (control[name] ?? auto) : auto);
  const [ownUm2, ownPj] = [given('areaUm2'), given('energyPj')];
  const area = estimated.or('areaUm2', ownUm2, () => sources.named(source));
  const energy = estimated.or('energyPj', ownPj, () => sources.named(source, 'control'));
  // The law has the energy from the area without the bits: a smaller core takes less. 0 is an area not known.
  const { logicUm2 } = controlAreas(technologyNm);
  const isSmall = ownUm2 !== auto && ownUm2 > 0 && ownUm2 < logicUm2 && ownPj === auto;
  return {
    areaUm2: area.value,
    energyPj: energy.value * (isSmall ? ownUm2 / logicUm2 : 1),
    bits,
    flipFlops: isOwn('flipFlops') ? flipFlops : undefined,
    sources: { areaUm2: area.source, energyPj: energy.source },
  };
}

/** What the layer of a model that states a figure is wired as. */
export function sequencerOf(stated: unknown): unknown {
  return typeof stated === 'object' && stated !== null && 'sequencer' in stated
    ? stated.sequencer
    : undefined;
}
