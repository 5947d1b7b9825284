import type { Image } from '../image/index.ts';
import { benchFiles } from './bench/files.ts';
import { boardFiles, boardSources } from './board/files.ts';
import { coreFiles, type SourceFile } from './emit/core-text.ts';
import type { CorePlan } from './plan/core-plan.ts';
import { synthesisScript } from './synthesis/script.ts';

/** What is written for a core. */
export interface RtlFiles {
  /** The core alone. */
  readonly sources: readonly SourceFile[];
  /** What is around it: benches, contents of banks, the board, scripts. */
  readonly others: readonly SourceFile[];
}

/** The files of a core, all but what its bench presents. */
export function rtlFiles(image: Image, plan: CorePlan): RtlFiles {
  const sources = coreFiles(plan);
  return {
    sources,
    others: [
      ...boardSources(plan),
      ...boardFiles(plan),
      ...benchFiles(image, plan),
      synthesisScript(plan.image, sources),
    ],
  };
}
