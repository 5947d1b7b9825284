import {
  FastCore,
  fieldsInJoint,
  JointCore,
  type JointPlan,
  layJoint,
  MemorySpace,
  planJoint,
} from '../engine/index.ts';
import type { CoreEvent, SpreadImage } from '../image/index.ts';
import { at } from '../text/index.ts';
import { jobsOf } from './core-group.ts';

/** Cores on one thread, in one memory, and the joint cores that carry out jobs for them. */
export interface JointCores {
  readonly cores: readonly FastCore[];
  /** By job; undefined where the cores do it one after the other. */
  readonly byJob: readonly (JointCore | undefined)[];
  /** The fields of the whole program of which joint cores have copies. */
  readonly copied: ReadonlySet<number>;
}

/** Cores without a joint one begin another memory behind so many bytes: one has at most 4 GiB. */
const mostBytes = 2 ** 31;

/**
 * Creates the cores of a system in one memory. A memory for each would take so many addresses that browsers, which
 * reserve gigabytes for one, refuse the hundredth.
 */
export function createJointly(system: SpreadImage): JointCores {
  const plans = jobsOf(system).map(({ on, spikes }) =>
    // It serves spikes on all of its cores, and one that is lost is served on some.
    spikes === 'reaching' && system.lostPackets === undefined
      ? planJoint(on.map(({ core, event }) => ({ ...at(system.cores, core), event })))
      : undefined,
  );
  if (plans.every((plan) => plan === undefined))
    return { cores: createTogether(system), byJob: [], copied: new Set() };
  const space = new MemorySpace(0);
  const places = system.cores.map(() => new Map<number, number>());
  const copied = new Set<number>();
  const laid = jobsOf(system).map(({ on }, job) => {
    const plan = plans[job];
    const wide = plan && layInSpace(system, plan, on, space, places, copied);
    return plan && wide && { plan, wide, on };
  });
  const cores = system.cores.map(
    ({ image, number }, core) => new FastCore(image, { index: number }, { space, fields: at(places, core) }),
  );
  const byJob = laid.map(
    (one) =>
      one &&
      new JointCore(
        one.plan,
        space,
        one.wide,
        one.on.map(({ core }) => at(cores, core)),
      ),
  );
  return { cores, byJob, copied };
}

/** Cores that lie one behind the other. */
function createTogether({ cores }: SpreadImage): FastCore[] {
  const fields = new Map<number, number>();
  let space = new MemorySpace(0);
  return cores.map(({ image, number }) => {
    if (space.end > mostBytes) space = new MemorySpace(0);
    return new FastCore(image, { index: number }, { space, fields });
  });
}

/** Lays out a joint core; undefined if another one has placed the fields that it works on, and not as it needs them. */
function layInSpace(
  { cores }: SpreadImage,
  plan: JointPlan,
  on: readonly CoreEvent[],
  space: MemorySpace,
  places: readonly Map<number, number>[],
  copied: Set<number>,
): FastCore | undefined {
  const known = new Map<number, number>();
  const placeOf = (part: number, field: number): number | undefined => places[at(on, part).core]?.get(field);
  for (const field of at(plan.parts, 0).post) {
    const address = placeOf(0, field);
    if (address !== undefined) known.set(field, address);
  }
  const isPlaced = plan.parts.some(({ post }, part) =>
    post.some((field) => placeOf(part, field) !== undefined),
  );
  if (isPlaced && known.size === 0) return undefined;
  const wide = layJoint(plan, space, known);
  const fields = plan.parts.map((_, part) => fieldsInJoint(plan, wide, part));
  const fits = fields.every((own, part) =>
    [...own].every(([field, address]) => !isPlaced || placeOf(part, field) === address),
  );
  if (!fits) return undefined;
  for (const [part, { syn }] of plan.parts.entries()) {
    const { core } = at(on, part);
    for (const [field, address] of at(fields, part)) at(places, core).set(field, address);
    for (const field of syn) copied.add(cores[core]?.fields[field]?.field ?? -1);
  }
  return wide;
}
