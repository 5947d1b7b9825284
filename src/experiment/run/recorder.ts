import type { Core } from '../../engine/index.ts';
import { type Counters, countsSince } from '../../image/index.ts';
import { stepReport } from '../../report/index.ts';
import { emptyRecording, type Recording, type RecordingPlan } from './recording.ts';

/** Records what a plan asks for, sample by sample and step by step. */
export class Recorder {
  readonly recording: Recording;
  readonly #core: Core;
  readonly #plan: RecordingPlan;
  /** The counts before the step to come. */
  #before: Counters | undefined;

  /** @param from what was recorded before the run was interrupted */
  constructor(core: Core, plan: RecordingPlan, from: Recording = emptyRecording(plan)) {
    this.#core = core;
    this.#plan = plan;
    this.recording = structuredClone(from);
  }

  /** Begins a sample: the steps recorded from now on are its own. What begins it counts with its first step. */
  sample(): void {
    this.recording.steps.push(0);
    if (this.#plan.costs) this.#before = this.#core.counters();
  }

  /** Appends what one step of the sample leaves, and what it took. */
  step(): void {
    const { steps, fields, spikes, costs } = this.recording;
    const { fields: plannedFields, populations } = this.#plan;
    steps.push((steps.pop() ?? 0) + 1);
    for (const [slot, field] of plannedFields.entries()) fields[slot]?.push(...this.#core.read(field));
    for (const [slot, population] of populations.entries()) {
      const of = spikes[slot];
      of?.indices.push(...this.#core.spikesOf(population));
      of?.ends.push(of.indices.length);
    }
    if (this.#before === undefined) return;
    const now = this.#core.counters();
    costs.push(stepReport(this.#core.image, countsSince(this.#before, now)));
    this.#before = now;
  }
}
