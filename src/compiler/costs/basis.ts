import {
  allLists,
  type BoundKernel,
  factsOf,
  isDense,
  type ProgramView,
  plainActions,
  rangesOfKernel,
} from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { type PipelineDemand, type PipelineView, pipelineDemand } from '../../schedule/index.ts';
import { type InstructionDemand, instructionDemand } from './instructions.ts';
import { type Demand, demandsOf, scanDemands, treeDemands } from './operations.ts';

/** The facts of a kernel that prices need: its code, and the width of each of its instructions. */
interface AnalysedCode {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/** The function of a kernel, whatever it costs. */
export interface KernelDemand {
  readonly name: string;
  /** Its population or projection. */
  readonly domain: string;
  readonly walksRows: boolean;
  /** Whether it looks up rows of segments, in which no tile may be open. */
  readonly looksUp: boolean;
  /** Whether it emits spikes. */
  readonly emits: boolean;
  readonly perSlot: readonly Demand[];
  readonly perPass: readonly Demand[];
  readonly perScannedTile: readonly Demand[];
  readonly instructions: InstructionDemand;
  readonly pipeline: PipelineDemand;
}

/**
 * The sources of an image's prices, besides an hw-model. Worked out once, it serves many models that do the same
 * at other costs.
 */
export interface CostBasis {
  readonly kernels: readonly KernelDemand[];
  /** For each pass over words of fields: what a tile costs that it scans as a gate does. */
  readonly scans: readonly (readonly Demand[])[];
}

/** The work of a program on a core with so many lanes. */
export interface AnalysedProgram {
  readonly kernels: readonly AnalysedCode[];
  /** For each pass over words of fields: the fields that it scans as a gate does. */
  readonly scans: readonly (readonly number[])[];
  readonly memory: PipelineView;
  readonly lanes: number;
}

export function basisOf({ kernels, scans, memory, lanes }: AnalysedProgram): CostBasis {
  const { fields } = memory;
  return {
    kernels: kernels.map(
      ({ bound, widths }): KernelDemand => ({
        name: bound.name,
        domain: bound.domain,
        walksRows: domainNamed(bound.domain).roles.includes('pre'),
        looksUp: looksUpSegments(bound, memory),
        emits: factsOf(bound).emits,
        perSlot: demandsOf(bound, widths, fields),
        perPass: treeDemands(bound, widths),
        perScannedTile: scanDemands([bound.rowGate, bound.columnGate], fields, lanes),
        instructions: instructionDemand(bound, widths),
        pipeline: pipelineDemand(bound, memory, lanes),
      }),
    ),
    scans: scans.map((scanned) => scanDemands(scanned, fields, lanes)),
  };
}

function looksUpSegments({ domain, projection: index }: BoundKernel, memory: PipelineView): boolean {
  const projection = memory.projections[index ?? -1];
  const walksRows = domain === 'row' || domain === 'synapses';
  return walksRows && projection !== undefined && !isDense(memory, projection);
}

/** That of a compiled image. */
export function costBasis(image: ProgramView): CostBasis {
  const { kernels, fields, layouts, projections, banks, populations, work } = image;
  const scans = work.slice(kernels.length).map((): readonly number[] => []);
  for (const action of allLists(image.events).flatMap(plainActions)) {
    if (action.does === 'stop-unless-any') scans[action.work - kernels.length] = [action.field];
  }
  return basisOf({
    kernels: kernels.map((bound) => ({
      bound,
      widths: rangesOfKernel(bound, image).map(({ widthBits }) => widthBits),
    })),
    scans,
    memory: { fields, layouts, projections, banks, populations },
    lanes: image.core.lanes,
  });
}
