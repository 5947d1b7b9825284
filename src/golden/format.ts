import type * as z from 'zod';
import type { HwModel } from '../hardware/index.ts';
import type { Image, Placement } from '../image/index.ts';
import type { Program } from '../program/index.ts';
import type { Override } from '../text/index.ts';
import type { Divergence } from './divergence.ts';
import { checkJson, type JsonText } from './json.ts';
import type { CoreCoverage, ReplayCoverage } from './replay-coverage.ts';

/** The result of a replay. */
export type Verdict =
  | {
      readonly agrees: true;
      /** The parts that were compared, in a few words. */
      readonly summary: string;
      /** How much of the model the replay ran; absent where its cores are not known. */
      readonly exercised?: ReplayCoverage;
    }
  | { readonly agrees: false; readonly divergence: Divergence };

/** The program and the hw-model that a replay needs as an image. */
export interface ReplayDeployment {
  /** Its name, or the program itself. */
  readonly program: string | Program;
  readonly hw: string;
  /** The file that names both; '' means that both are bundled. */
  readonly from: string;
  readonly precision: string;
  readonly seed: number;
  /** Where the neurons are, on a chip of many cores. */
  readonly placement?: Placement | undefined;
  /** Values that replace parts of the program and of the hw-model. */
  readonly settings?:
    | { readonly program?: readonly Override[]; readonly hw?: readonly Override[] }
    | undefined;
}

/** The hw-model that a replay needs by itself. */
export interface ReplayHwModel {
  readonly hw: string;
  /** The file that names it; '' means that it is bundled. */
  readonly from: string;
  /** Values that replace parts of it. */
  readonly settings?: readonly Override[] | undefined;
}

/** What a replay needs besides the trace. It compiles nothing itself: it asks for an image. */
export interface ReplayContext {
  /** The trace's file. References in the trace are relative to it. */
  readonly file: string;
  /** Name of the engine. */
  readonly engine: string;
  /** Compiles a program on an hw-model. */
  deploy(request: ReplayDeployment): Image;
  /** The constants among a program's parameters, by name. */
  parameters(request: ReplayDeployment): Readonly<Record<string, number>>;
  /** Loads an hw-model, for a replay that runs no program. */
  hwModel(request: ReplayHwModel): HwModel;
  /** Reads an image file that the trace names. */
  readImage(reference: string): Image;
  /** Tells of a core that the replay is about to run, so that the verdict can say how much of it has run. */
  readonly onCore?: (core: CoreCoverage) => void;
}

/** A trace that has been read and checked. */
export interface GoldenTrace {
  /** Name of its format. */
  readonly format: string;
  /** Whether its replay runs a core; if not, the engine makes no difference. */
  readonly usesEngine: boolean;
  /** The trace itself, in the form defined by the schema of its format. */
  readonly content: unknown;
  /**
   * Runs the stimulus and compares everything that the trace states.
   *
   * @throws PlasticoreError if the trace cannot be replayed: something that it names is missing, or does not match its
   * description
   */
  replay(context: ReplayContext): Verdict;
  /** Absent for formats of which no bench knows. */
  readonly bench?: TraceBench | undefined;
}

/** A file's name and text. */
export type TextFile = readonly [name: string, text: string];

/** How the RTL of a chip is made to do what a trace states, and held against it. */
export interface TraceBench {
  /** The name of the chip's controller. */
  controller(context: ReplayContext): string | undefined;
  /** The files that the bench reads. */
  files(context: ReplayContext): readonly TextFile[];
  /** Compares what it has observed with what the trace states. */
  compare(observed: string): Verdict;
}

/** A format of golden traces. */
export interface GoldenFormat {
  /** Name and version: `plasticore-trace/1`. */
  readonly name: string;
  /**
   * Checks a trace of this format.
   *
   * @throws PlasticoreError with the place of the first fault
   */
  read(json: JsonText): GoldenTrace;
}

/** Makes a format from the schema of its traces, the function that replays them, and what benches do with them. */
export function goldenFormat<Trace>(
  name: string,
  schema: z.ZodType<Trace>,
  replay: (trace: Trace, context: ReplayContext) => Verdict,
  {
    usesEngine = true,
    bench,
  }: { readonly usesEngine?: boolean; readonly bench?: (trace: Trace) => TraceBench } = {},
): GoldenFormat {
  return {
    name,
    read(json) {
      const trace = checkJson(json, schema);
      return {
        format: name,
        usesEngine,
        content: trace,
        replay: (context) => replay(trace, context),
        bench: bench?.(trace),
      };
    },
  };
}
