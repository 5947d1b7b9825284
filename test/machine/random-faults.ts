import { createCore, engineNames } from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { withFailingBanks } from '../engine/random/faults.ts';
import type { Sample } from '../engine/random/program.ts';
import {
  type Change,
  engineDifference,
  faultOf,
  fill,
  type PlacementOutcome,
  placedProgramOf,
  presentations,
  roomy,
} from './random-placement.ts';

/** What became of a random program on several cores that have faults. */
export type FaultyOutcome =
  /** Both engines do the same. */
  | {
      readonly is: 'equal';
      /** How cells of some banks fail; undefined where none do. */
      readonly errors: 'stuck' | 'fresh' | undefined;
      readonly flips: number;
      /** Packets that were lost. */
      readonly lost: number;
    }
  | Exclude<PlacementOutcome, { is: 'equal' | 'different' }>
  | { readonly is: 'different'; readonly where: string };

/** The random program of a seed under its random placement, on cores that have faults. */
export function faultyProgramOf(seed: number): ReturnType<typeof placedProgramOf> {
  // Dice of their own: what else a seed stands for stays as it was.
  const dice = new Dice(seed ^ 0x3956c25b);
  const change: Change = (hw, compiled) => {
    const onMesh = withFork(dice, roomy(hw, true));
    const failing = dice.chance(0.7) ? withFailingBanks(dice, onMesh, seed, compiled) : onMesh;
    return dice.chance(0.7) ? withLostPackets(dice, failing, seed) : failing;
  };
  return placedProgramOf(seed, change);
}

/** A packet to several cores forks on its way on half of the chips. */
function withFork(dice: Dice, hw: HwModel): HwModel {
  const { chip } = hw;
  if (chip === undefined || dice.chance(0.5)) return hw;
  const plain = { bits: 32, payloadBits: 0, source: chip.costs.send.source };
  return { ...hw, chip: { ...chip, packet: { ...plain, ...chip.packet, perDestination: 'tree' } } };
}

function withLostPackets(dice: Dice, hw: HwModel, seed: number): HwModel {
  const sound = { seed, errors: 'stuck', prefers: 'either', rate: 0, banks: [] } as const;
  return { ...hw, faults: { ...(hw.faults ?? sound), lostPackets: dice.pick([0.1, 0.5, 0.5, 1]) } };
}

/** Runs it on both engines. */
export function checkFaultsOf(seed: number): FaultyOutcome {
  const placed = faultyProgramOf(seed);
  if (placed.is !== 'placed') return placed;
  const { random, image, system } = placed;
  const machines = engineNames.map((engine) => createMachine(system, { engine }));
  for (const machine of machines) fill(createCore(image), machine, seed);
  const where = firstDifference(machines, random.samples);
  if (where !== undefined) return { is: 'different', where };
  const { flips = 0, network } = machines[0]?.counters() ?? {};
  return { is: 'equal', errors: system.faults?.errors, flips, lost: network?.lost ?? 0 };
}

function firstDifference([one, other]: readonly Machine[], samples: readonly Sample[]): string | undefined {
  if (one === undefined || other === undefined) throw new Error('two engines are needed');
  for (const [index, { presentation, epoch }] of presentations(one, samples)) {
    for (let step = -1; step < presentation.steps; step++) {
      const at = `sample ${index}, step ${step}: `;
      const [want, have] = [one, other].map((machine) =>
        faultOf(() => {
          if (step >= 0) return machine.step();
          machine.setEpoch(epoch);
          return machine.begin(presentation);
        }),
      );
      if (want !== have)
        return `${at}${want ?? 'no error'} on the ${one.engine} engine, ${have ?? 'no error'} on the other`;
      if (want !== undefined) return undefined;
      const difference = engineDifference(one, other);
      if (difference !== undefined) return `${at}${difference}`;
    }
  }
  return undefined;
}
