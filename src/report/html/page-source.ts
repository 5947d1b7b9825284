/** The input and output of a page. These types name nothing of the charts, which the package does not bring along. */
import type { RunFolder } from './input.ts';
import type { PublishedEnergy } from './study.ts';

/** The parts of a page. */
export interface PageSource {
  readonly folders: readonly RunFolder[];
  /** `summary.csv` of a sweep. */
  readonly summary?: string | undefined;
  /** `explore.json` of a search. */
  readonly exploration?: string | undefined;
  /** Published energies of chips, to stand beside those of their models. */
  readonly published?: readonly PublishedEnergy[] | undefined;
}

/** A page, and each of its pictures as a file of its own. */
export interface Page {
  readonly text: string;
  readonly pictures: readonly {
    readonly id: string;
    readonly svg: () => string;
    readonly csv: () => string;
  }[];
  /** A table of the designs in LaTeX: of a search, those of the front. */
  readonly latex: () => string;
}
