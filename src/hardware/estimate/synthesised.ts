/** What a synthesis tool makes of whole cores, in areas of a NAND with two inputs. */

/** The area of a NAND with two inputs in the Nangate open cell library, 45 nm. */
export const nandUm2 = 0.798;

export const synthesisedBy =
  'yosys 0.52, -booth, standard cells with the areas of the Nangate open cell library, 45 nm';

/** A core as `plasticore rtl` writes it, without its banks. */
export interface SynthesisedCore {
  readonly of: string;
  readonly lanes: number;
  /** The pipelines of its kernels: the work of its units, and their registers. */
  readonly pipelines: number;
  /** All else: sequencer, walker with its lists, FIFO, generators, gate bits, multiplexers of the banks' ports. */
  readonly control: number;
}

export const synthesisedCores: readonly SynthesisedCore[] = [
  {
    of: 'mnist-snn with 16 hidden neurons, learning, mp8-8 sliced',
    lanes: 4,
    pipelines: 27_517,
    control: 157_635,
  },
  {
    of: 'mnist-snn with 16 hidden neurons, learning, mp8-8 sliced',
    lanes: 8,
    pipelines: 52_918,
    control: 131_215,
  },
  { of: 'recurrent with 64 neurons, to infer, mp16-8', lanes: 2, pipelines: 1605, control: 36_528 },
  { of: 'recurrent with 64 neurons, to infer, mp16-8', lanes: 4, pipelines: 3130, control: 38_356 },
];
