import { benchFiles } from './bench/files.ts';
import { boardFiles, boardSources, type RtlTemplates } from './board/files.ts';
import { coreFiles } from './emit/core-text.ts';
import type { SourceFile } from './emit/text.ts';
import type { CorePlan } from './plan/core-plan.ts';
import { synthesisFiles } from './synthesis/script.ts';

/** The files of a core. */
export interface RtlFiles {
  /** The core alone. */
  readonly sources: readonly SourceFile[];
  /** The files around it: benches, contents of banks, the board, scripts. */
  readonly others: readonly SourceFile[];
}

/**
 * The files of a core, all but what its bench presents.
 *
 * @param templates the texts of `templates/rtl`
 */
export function rtlFiles(plan: CorePlan, templates: RtlTemplates): RtlFiles {
  const { placed } = plan;
  const sources = coreFiles(plan);
  // A board has one core, which knows samples and steps.
  const board = placed === undefined ? boardSources(plan, templates) : [];
  const around = placed === undefined ? [...board, ...boardFiles(plan, templates)] : [];
  return {
    sources,
    others: [...around, ...benchFiles(plan, templates), ...synthesisFiles(plan, sources, board)],
  };
}
