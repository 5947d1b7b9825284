import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Remote } from 'comlink';
import type { ErrorParts } from '../../src/text/index.ts';
import type { Design } from '../shared/design.ts';
import type {
  AccuracyPoint,
  CostView,
  DroppedFile,
  Frame,
  MeshView,
  Opened,
  OpenOptions,
  Outcome,
  SampleView,
  Watch,
  WeightsView,
  Workbench,
} from '../shared/protocol.ts';
import { type Machine, startMachine } from './machine.ts';

/** A worker that has opened so many designs gives way to a new one: the memories of simulated cores are freed with it. */
const mostOpens = 8;

/** A machine in a worker of its own, and what the page knows of it. */
export class Bench {
  /** What was asked for last; while it does not compile, {@link opened} is what runs. */
  readonly design: Signal<Design>;
  readonly opened: Signal<Opened | undefined> = signal(undefined);
  readonly frame: Signal<Frame | undefined> = signal(undefined);
  /** Accuracy and energy since the first sample. */
  readonly points: Signal<readonly AccuracyPoint[]> = signal([]);
  /** The parts of frames, as they were seen last: they come in turns. */
  readonly cost: Signal<CostView | undefined> = signal(undefined);
  /** What learning has cost: of the latest frame before the test began. */
  readonly learningCost: Signal<CostView | undefined> = signal(undefined);
  readonly mesh: Signal<MeshView | undefined> = signal(undefined);
  readonly sample: Signal<SampleView | undefined> = signal(undefined);
  readonly weights: Signal<WeightsView | undefined> = signal(undefined);
  /** Why the latest design does not run. */
  readonly fault: Signal<ErrorParts | undefined> = signal(undefined);
  /** The person's own data, in words; undefined while there are none. */
  readonly ownData: Signal<string | undefined> = signal(undefined);
  readonly isOpening: ReadonlySignal<boolean>;
  readonly #isOpening = signal(false);
  /** What runs now. */
  #machine: Machine;
  /** What the latest design is compiled on, if not on the same. */
  #coming: Machine | undefined;
  #watch: Watch = {};
  #data: readonly DroppedFile[] = [];
  /** Number of the latest design asked for: an answer to an earlier one is dropped. */
  #asked = 0;
  /** Number of the design that runs, and frames of the next one. */
  #shown = 0;
  #early: Frame[] = [];

  constructor(design: Design) {
    this.design = signal(design);
    this.isOpening = this.#isOpening;
    this.#machine = this.#start();
  }

  /** The worker of what runs now. */
  get remote(): Remote<Workbench> {
    return this.#machine.remote;
  }

  /** Whether it learns or tests at the moment. */
  get isPlaying(): boolean {
    return this.frame.value?.running ?? true;
  }

  /** Whether it has presented all samples: whoever changes something then wants to see it run. */
  get isDone(): boolean {
    return this.frame.value?.part === 'done';
  }

  /** Compiles a design and starts it. If it does not compile, what ran before runs on, and {@link fault} says why. */
  async open(
    design: Design,
    options: OpenOptions = { play: this.isPlaying || this.isDone },
  ): Promise<boolean> {
    const asked = ++this.#asked;
    this.#early = [];
    this.design.value = design;
    this.#isOpening.value = true;
    this.#coming?.close();
    this.#coming = this.#suits(design) ? undefined : this.#start();
    const machine = this.#coming ?? this.#machine;
    machine.opens += 1;
    const outcome = await this.#opened(machine, design, options, asked);
    if (asked !== this.#asked) return false;
    batch(() => {
      this.#isOpening.value = false;
      this.fault.value = outcome.ok ? undefined : outcome.error;
      if (!outcome.ok) return;
      this.opened.value = outcome.value;
      this.#shown = asked;
      for (const frame of this.#early) this.#show(frame);
      this.#early = [];
    });
    this.#coming = undefined;
    if (machine === this.#machine) return outcome.ok;
    const [left, kept] = outcome.ok ? [this.#machine, machine] : [machine, this.#machine];
    left.close();
    this.#machine = kept;
    if (outcome.ok) void kept.remote.watch(this.#watch);
    return outcome.ok;
  }

  /** Changes a part of the design. */
  change(part: Partial<Design>): Promise<boolean> {
    return this.open({ ...this.design.value, ...part });
  }

  play(): void {
    void this.remote.play();
  }

  pause(): void {
    void this.remote.pause();
  }

  step(samples = 1): void {
    void this.remote.advance(samples);
  }

  reset(): void {
    void this.remote.reset();
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    void this.remote.watch(watch);
  }

  ask(picture: Uint8Array): Promise<Outcome<SampleView>> {
    return this.remote.ask(picture);
  }

  teach(picture: Uint8Array, label: number): Promise<Outcome<SampleView>> {
    return this.remote.teach(picture, label);
  }

  /** Takes files as the data, and starts anew with them; no files: back to the digits. */
  async useData(files: readonly DroppedFile[]): Promise<Outcome<string>> {
    const outcome = await this.remote.useData(files);
    if (!outcome.ok) return outcome;
    this.#data = files;
    this.ownData.value = files.length === 0 ? undefined : outcome.value;
    await this.open(this.design.value);
    return outcome;
  }

  close(): void {
    this.#machine.close();
    this.#coming?.close();
  }

  #start(): Machine {
    return startMachine((frame) => this.#receive(frame));
  }

  /** Whether the present worker takes a design: another experiment gets a new one, which can be ended while it compiles. */
  #suits({ experiment, hw }: Design): boolean {
    const now = this.opened.value?.design;
    if (now === undefined) return this.#machine.opens === 0;
    return now.experiment === experiment && now.hw === hw && this.#machine.opens < mostOpens;
  }

  async #opened(
    machine: Machine,
    design: Design,
    options: OpenOptions,
    asked: number,
  ): Promise<Outcome<Opened>> {
    try {
      if (machine !== this.#machine && this.#data.length > 0) {
        const taken = await machine.remote.useData(this.#data);
        if (!taken.ok) return taken;
      }
      return await machine.remote.open(design, { ...options, run: asked });
    } catch (error) {
      // The browser has refused something: memory, say.
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, error: { code: 'system', message: `the browser refuses: ${message}`, place: {} } };
    }
  }

  /** Frames of a run that is being opened wait until it is known what they show. */
  #receive(frame: Frame): void {
    if (frame.run === this.#shown) this.#show(frame);
    else if (frame.run === this.#asked) this.#early.push(frame);
  }

  #show(frame: Frame): void {
    batch(() => {
      const { isFirst, points = [] } = frame;
      if (isFirst || points.length > 0)
        this.points.value = [...(isFirst ? [] : this.points.value), ...points];
      if (isFirst || frame.cost !== undefined) this.cost.value = frame.cost;
      if (isFirst || (frame.cost !== undefined && frame.part === 'train'))
        this.learningCost.value = frame.cost;
      if (isFirst || frame.mesh !== undefined) this.mesh.value = frame.mesh;
      if (isFirst || frame.sample !== undefined) this.sample.value = frame.sample;
      if (isFirst || frame.weights !== undefined) this.weights.value = frame.weights;
      this.frame.value = frame;
    });
  }
}
