import type { Image } from '../../image/index.ts';
import type { Find } from '../../text/index.ts';
import type { Trace } from '../formats/index.ts';
import type { Divergence } from './divergence.ts';

/** What a replay came to. */
export type Verdict =
  | { readonly agrees: true /** What was compared, in a few words. */; readonly summary: string }
  | { readonly agrees: false; readonly divergence: Divergence };

/** What a replay needs besides the trace. */
export interface ReplayContext {
  /** The trace's file: its references are from there. */
  readonly file: string;
  readonly engine: string;
  readonly find: Find;
  /** Reads the image that a trace names. */
  readonly readImage: (reference: string, from: string) => Image;
}

/** Replays traces of one format on an engine and compares. */
export type Replayer<Kind extends Trace = Trace> = (trace: Kind, context: ReplayContext) => Verdict;
