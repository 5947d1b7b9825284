import {
  barrierTime,
  type ChipModel,
  type HwModel,
  Mesh,
  PlasticoreError,
  type StatedCost,
} from 'plasticore/chips';
import { type NetworkFigures, networkFigures, type Units } from './network/figures.ts';
import type { SanafeTrace, SynapseUnit } from './trace-parts.ts';

/** The costs of one event of a unit of a core. */
export interface UnitCost {
  /** In s. */
  readonly latency: number;
  /** In J. */
  readonly energy: number;
}

/** A chip in the units of SANA-FE, seconds and joules. */
export interface SanafeChip {
  readonly mesh: Mesh;
  readonly figures: NetworkFigures;
  /** The times of a barrier in s, by number of tiles. */
  readonly barrier: readonly { readonly tiles: number; readonly time: number }[];
  readonly barrierTime: (tiles: number) => number;
  readonly soma: { readonly access: UnitCost; readonly update: UnitCost; readonly spike: UnitCost };
  readonly synapse: Readonly<Record<SynapseUnit, UnitCost>>;
}

/** The number that a program has which reads `5.1e-9` where another reads `5.1`: the decimal digits, rounded once. */
function shifted(value: number, exponent: number): number {
  const [digits, power = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(power) + exponent}`);
}

const si: Units = { time: (ns) => shifted(ns, -9), energy: (pj) => shifted(pj, -12) };

/** Stated costs of kernels in an hw-model that a replay takes for the units of a core. */
const kernelOf = {
  access: 'somaAccess',
  update: 'somaUpdate',
  spike: 'somaSpike',
  loihi_dense_synapse: 'denseSynapse',
  loihi_sparse_synapse: 'sparseSynapse',
  loihi_conv_synapse: 'convolutionSynapse',
} as const;

/** @throws PlasticoreError `invalid-value` if the hw-model is not of such a chip */
export function sanafeChip(hw: HwModel): SanafeChip {
  const { mesh, costs, costSet } = chipIn(hw);
  const unit = (name: keyof typeof kernelOf): UnitCost => {
    const cost = kernelIn(hw, kernelOf[name]);
    return {
      latency: shifted(cost.cyclesPerItem * (1000 / hw.clockMhz), -9),
      energy: shifted(cost.energyPjPerItem, -12),
    };
  };
  return {
    mesh: new Mesh(mesh),
    figures: networkFigures(costSet, costs, si),
    barrier: costs.barrier.latencyNs.map(({ tiles, ns }) => ({ tiles, time: si.time(ns) })),
    barrierTime: (tiles) => si.time(barrierTime(costs.barrier, tiles)),
    soma: { access: unit('access'), update: unit('update'), spike: unit('spike') },
    synapse: {
      loihi_dense_synapse: unit('loihi_dense_synapse'),
      loihi_sparse_synapse: unit('loihi_sparse_synapse'),
      loihi_conv_synapse: unit('loihi_conv_synapse'),
    },
  };
}

function chipIn({ chip, name }: HwModel): ChipModel {
  if (chip !== undefined) return chip;
  throw new PlasticoreError('invalid-value', `hw-model '${name}' has one core: expected chip`);
}

function kernelIn({ kernels, name }: HwModel, kernel: string): StatedCost {
  const cost = kernels[kernel];
  if (cost !== undefined) return cost;
  throw new PlasticoreError('invalid-value', `hw-model '${name}' states no cost of kernel '${kernel}'`);
}

/**
 * Checks that a recording is of this chip: it states all figures of the chip itself.
 *
 * @throws PlasticoreError `data` at the first figure that differs
 */
export function checkArchitecture({ architecture }: SanafeTrace, chip: SanafeChip, file: string): void {
  const { mesh, figures, barrier, soma, synapse } = chip;
  const both = <Value>(x: Value, y: Value) => ({ east: x, west: x, north: y, south: y });
  const perEvent = ({ latency, energy }: UnitCost) => ({
    energy_per_event: energy,
    latency_per_event: latency,
  });
  const isHere = {
    mesh: {
      width: mesh.columns,
      height: mesh.rows,
      tiles: mesh.tiles,
      cores_per_tile: mesh.coresPerTile,
      link_buffer_size: figures.linkDepth,
    },
    sync_latency_by_mapped_tiles: Object.fromEntries(barrier.map(({ tiles, time }) => [String(tiles), time])),
    hop: {
      energy: both(figures.hopEnergyX, figures.hopEnergyY),
      latency: both(figures.hopTimeX, figures.hopTimeY),
    },
    axon_out: { energy_per_packet: figures.sendEnergy, latency_per_packet: figures.sendTime },
    axon_in: { energy_per_packet: figures.receiveEnergy, latency_per_packet: figures.receiveTime },
    synapse: {
      loihi_dense_synapse: perEvent(synapse.loihi_dense_synapse),
      loihi_sparse_synapse: perEvent(synapse.loihi_sparse_synapse),
      loihi_conv_synapse: perEvent(synapse.loihi_conv_synapse),
    },
    soma: {
      loihi_lif: {
        energy: { access: soma.access.energy, update: soma.update.energy, spike: soma.spike.energy },
        latency: { access: soma.access.latency, update: soma.update.latency, spike: soma.spike.latency },
      },
    },
  };
  const inTrace = new Map(leaves({ ...architecture, dendrite: undefined }, 'architecture'));
  for (const [path, value] of leaves(isHere, 'architecture')) {
    const stated = inTrace.get(path);
    inTrace.delete(path);
    if (stated !== value) throw another(path, value, stated);
  }
  for (const [path, stated] of inTrace)
    if (typeof stated === 'number' && stated !== 0) throw another(path, undefined, stated);

  function another(path: string, has: unknown, states: unknown): PlasticoreError {
    return new PlasticoreError(
      'data',
      `the trace describes another chip: ${path}: expected ${has ?? 'nothing'}, found ${states ?? 'nothing'}`,
      { file, hint: `it is replayed on hw-model loihi with cost set '${figures.costSet}'` },
    );
  }
}

/** Every value of nested mappings, with its path. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));
}
