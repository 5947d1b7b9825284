import * as z from 'zod';
import { PlasticoreError, recordOf } from '../../text/index.ts';
import { resources } from './parts.ts';

/** The resources that a core takes of a part, and its clock there. */
export interface Synthesis {
  /** The clock that the longest path allows after routing, in MHz. */
  readonly clockMhz: number;
  readonly used: readonly UsedResource[];
}

export interface UsedResource {
  readonly resource: string;
  /** Its name in an hw-model, if it has one there. */
  readonly is: (typeof resources)[keyof typeof resources]['is'];
  readonly used: number;
  readonly available: number;
}

const schema = z.object({
  fmax: recordOf(z.string(), z.object({ achieved: z.number() })),
  utilization: recordOf(z.string(), z.object({ used: z.number(), available: z.number() })),
});

/**
 * Reads the report of nextpnr.
 *
 * @throws PlasticoreError `run` if it is no such report
 */
export function readSynthesis(json: string, file: string): Synthesis {
  const report = schema.safeParse(JSON.parse(json));
  const clocks = report.success ? Object.values(report.data.fmax) : [];
  if (!report.success || clocks.length === 0)
    throw new PlasticoreError('run', `${file}: expected a report of nextpnr, with the clock it achieved`);
  return {
    clockMhz: Math.min(...clocks.map(({ achieved }) => achieved)),
    used: Object.entries(resources).flatMap(([key, { text, is }]) => {
      const found = report.data.utilization[key];
      return found === undefined ? [] : [{ resource: text, is, ...found }];
    }),
  };
}
