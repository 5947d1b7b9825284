import type { Processor } from '../../engine/index.ts';
import { type Counters, countsSince } from '../../image/index.ts';
import { stepReport } from '../../report/index.ts';
import { append } from '../../text/index.ts';
import { emptyRecording, type Recording, type RecordingPlan } from './recording.ts';

/** Records what a plan asks for, sample by sample and step by step. */
export class Recorder {
  readonly recording: Recording;
  readonly #machine: Processor;
  readonly #plan: RecordingPlan;
  /** The counts before the step to come. */
  #before: Counters | undefined;

  /** @param from what was recorded before the run was interrupted */
  constructor(machine: Processor, plan: RecordingPlan, from: Recording = emptyRecording(plan)) {
    this.#machine = machine;
    this.#plan = plan;
    this.recording = structuredClone(from);
  }

  /** Begins a sample: the steps recorded from now on are its own. What begins it counts with its first step. */
  sample(): void {
    this.recording.steps.push(0);
    if (this.#plan.costs) this.#before = this.#machine.counters();
  }

  /** Appends what one step of the sample leaves, and what it took. */
  step(): void {
    const { steps, fields, spikes, costs } = this.recording;
    const { fields: plannedFields, populations } = this.#plan;
    steps.push((steps.pop() ?? 0) + 1);
    for (const [slot, field] of plannedFields.entries())
      append(fields[slot] ?? [], this.#machine.read(field));
    for (const [slot, population] of populations.entries()) {
      const of = spikes[slot];
      if (of === undefined) continue;
      append(of.indices, this.#machine.spikesOf(population));
      of.ends.push(of.indices.length);
    }
    if (this.#before === undefined) return;
    const now = this.#machine.counters();
    costs.push(stepReport(this.#machine.image, countsSince(this.#before, now)));
    this.#before = now;
  }
}
