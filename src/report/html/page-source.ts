/** The input and output of a page. These types name nothing of the charts, which the package does not bring along. */
import type { ObjectiveName } from '../figures.ts';
import type { StudyReport } from '../schema-study.ts';
import type { RunFolder } from './input.ts';
import type { PublishedEnergy } from './study.ts';

/** The parts of a page. */
export interface PageSource {
  readonly folders: readonly RunFolder[];
  /** The result of the study that the runs are of. */
  readonly study?: StudyReport | undefined;
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
  /** A table of the designs in LaTeX: of a search, those of the front. Of all figures, or of those that are chosen. */
  readonly latex: (chosen?: readonly ObjectiveName[]) => string;
}
