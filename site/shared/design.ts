/** What a person can change, and a link carries: an experiment with its choices, settings and edited files. */

/** The value of a setting, as a slider or a choice gives it. */
export type SettingValue = number | string | boolean;

export interface Design {
  /** Name of a bundled experiment. */
  readonly experiment: string;
  /** Name of a bundled core model, in place of the experiment's own. */
  readonly hw?: string | undefined;
  readonly precision?: string | undefined;
  readonly seed?: number | undefined;
  /** Values in the program or the core model, by path: `hw.lanes`, `program.populations.hidden.size`. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** Texts that replace bundled files, by their paths: `programs/rules/learn.uc`. */
  readonly edits: Readonly<Record<string, string>>;
}

export const defaultDesign: Design = { experiment: 'mnist-snn', settings: {}, edits: {} };

/** Whether two designs choose the same: only their texts may differ. */
export function differInTexts(one: Design, other: Design): boolean {
  const choices = ({ experiment, hw, precision, seed, settings }: Design): string =>
    JSON.stringify([experiment, hw, precision, seed, Object.entries(settings).sort()]);
  return choices(one) === choices(other);
}

/** Rules of the same update that round in different ways. */
export const roundingRules = {
  stochastic: 'rules/learn.uc',
  nearest: 'rules/learn-nearest.uc',
  truncating: 'rules/learn-truncating.uc',
} as const;
