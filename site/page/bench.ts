import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Remote } from 'comlink';
import type { ErrorParts } from '../../src/text/index.ts';
import { type Design, differInTexts } from '../shared/design.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';
import type { GalleryCard } from '../shared/gallery.ts';
import type {
  AccuracyPoint,
  Adaptation,
  CostView,
  Frame,
  MeshView,
  OpenDesign,
  OpenOptions,
  Outcome,
  SampleArrays,
  SampleView,
  Watch,
  WeightsView,
  Workbench,
} from '../shared/protocol.ts';
import { type SimulatorWorker, startWorker } from './worker.ts';

/**
 * After so many designs a worker gives way to a new one: that frees the memories of simulated cores, of which a browser
 * has about a hundred. What was learnt goes with it: it stays for longer while somebody writes.
 */
const mostOpens = 8;
const mostTexts = 24;

/** The outcome of a design, and the worker that it was opened on; no outcome if that was ended before. */
interface OpenResult {
  readonly worker: SimulatorWorker;
  readonly outcome: Outcome<OpenDesign> | undefined;
}

/** Files of a person's own, and the arrays in them that hold the samples. */
interface OwnData {
  readonly files: readonly DroppedFile[];
  readonly arrays?: SampleArrays | undefined;
}

/** A machine in a worker of its own, and what the page knows of it. */
export class Bench {
  /** The latest requested design. {@link opened} keeps the running one until this compiles. */
  readonly design: Signal<Design>;
  readonly opened: Signal<OpenDesign | undefined> = signal(undefined);
  readonly frame: Signal<Frame | undefined> = signal(undefined);
  /** Accuracy and energy since the first sample. */
  readonly points: Signal<readonly AccuracyPoint[]> = signal([]);
  /** The parts of frames, as they were seen last: they come in turns. */
  readonly cost: Signal<CostView | undefined> = signal(undefined);
  /** The cost of learning: of the latest frame before the test began. */
  readonly learningCost: Signal<CostView | undefined> = signal(undefined);
  readonly mesh: Signal<MeshView | undefined> = signal(undefined);
  readonly sample: Signal<SampleView | undefined> = signal(undefined);
  readonly weights: Signal<WeightsView | undefined> = signal(undefined);
  /** Why the latest design does not run. */
  readonly fault: Signal<ErrorParts | undefined> = signal(undefined);
  /** The change that makes the latest design fit the data, if that is why it does not run. */
  readonly adaptation: Signal<Adaptation | undefined> = signal(undefined);
  /** The person's own data, in words; undefined while there are none. */
  readonly ownData: Signal<string | undefined> = signal(undefined);
  readonly isOpening: ReadonlySignal<boolean>;
  readonly #isOpening = signal(false);
  /** The running design. */
  #worker: SimulatorWorker;
  /** The worker that compiles the latest design, if it is another. */
  #coming: SimulatorWorker | undefined;
  #watch: Watch = {};
  #data: OwnData = { files: [] };
  /** Data that the latest design does not fit, and that were therefore not kept. */
  #refused: OwnData | undefined;
  /** The request that came while a design was being opened. */
  #wish: 'play' | 'pause' | undefined;
  /** Number of the latest design asked for. */
  #asked = 0;
  /** Number of the design that runs, and frames of the next ones. */
  #shown = 0;
  #early: Frame[] = [];

  constructor(design: Design) {
    this.design = signal(design);
    this.isOpening = this.#isOpening;
    this.#worker = this.#start();
  }

  /** The worker of what runs now. */
  get remote(): Remote<Workbench> {
    return this.#worker.remote;
  }

  /** Whether it learns or tests at the moment. */
  get isPlaying(): boolean {
    return this.frame.value?.running ?? true;
  }

  /** Whether it has presented all samples: whoever changes something then wants to see it run. */
  get isDone(): boolean {
    return this.frame.value?.part === 'done';
  }

  /**
   * Compiles a design and starts it. If it does not compile, what ran before runs on, and {@link fault} says why. Of
   * several that are asked for in a row, those between may be left out; the latest decides.
   */
  async open(
    design: Design,
    options: OpenOptions = { play: this.isPlaying || this.isDone },
  ): Promise<boolean> {
    const asked = ++this.#asked;
    this.design.value = design;
    this.#isOpening.value = true;
    this.#wish = undefined;
    this.#coming?.close();
    this.#coming = this.#suits(design, options) ? undefined : this.#start();
    const worker = this.#coming ?? this.#worker;
    const opening = worker.turn.then(async (): Promise<OpenResult | undefined> => {
      // Another one has been asked for meanwhile.
      if (asked !== this.#asked) return undefined;
      const adopted =
        worker === this.#worker || options.keep !== true ? undefined : await this.#adopted(design, asked);
      if (adopted !== undefined) return adopted;
      worker.opens += 1;
      const outcome = await this.#opened(worker, design, options, asked);
      // Only a design that was started has taken memory.
      if (outcome?.ok !== true || outcome.value.goesOn) worker.opens -= 1;
      return { worker, outcome };
    });
    worker.turn = opening;
    const opened = await opening;
    if (opened?.outcome === undefined) return false;
    if (opened.outcome.ok) await this.#fulfil(opened.worker, asked);
    return this.#take(opened.worker, asked, opened.outcome);
  }

  /** Plays or pauses what was opened, as was asked for meanwhile: nothing of it is shown before. */
  async #fulfil(worker: SimulatorWorker, asked: number): Promise<void> {
    let wish: 'play' | 'pause' | undefined;
    while (asked === this.#asked && wish !== this.#wish) {
      wish = this.#wish;
      await worker.ask((remote) => (wish === 'play' ? remote.play() : remote.pause()));
    }
  }

  /** A worker that has opened too many designs still takes one that means the same as what it runs. */
  async #adopted(design: Design, asked: number): Promise<OpenResult | undefined> {
    const present = this.#worker;
    if (!this.#isOfSame(design)) return undefined;
    const outcome = await present.ask<Outcome<OpenDesign> | undefined>((remote) =>
      remote.adopt(design, asked),
    );
    return outcome && { worker: present, outcome };
  }

  /** Shows an opened design; the latest one also ends the waiting. Returns whether it is the one that runs. */
  #take(worker: SimulatorWorker, asked: number, outcome: Outcome<OpenDesign>): boolean {
    const isLatest = asked === this.#asked;
    batch(() => {
      if (isLatest) {
        this.#isOpening.value = false;
        this.fault.value = outcome.ok ? undefined : outcome.error;
        this.adaptation.value = outcome.ok ? undefined : outcome.adaptation;
        this.#refused = undefined;
      }
      if (!outcome.ok) return;
      this.opened.value = outcome.value;
      this.#shown = asked;
      const early = this.#early.filter(({ run }) => run === asked);
      this.#early = this.#early.filter(({ run }) => run > asked);
      for (const frame of early) this.#show(frame);
    });
    if (worker === this.#worker && isLatest) {
      this.#coming?.close();
      this.#coming = undefined;
    }
    if (worker !== this.#worker) {
      if (this.#coming === worker) this.#coming = undefined;
      const [left, kept] = outcome.ok ? [this.#worker, worker] : [worker, this.#worker];
      left.close();
      this.#worker = kept;
      if (outcome.ok) void kept.remote.watch(this.#watch);
    }
    return outcome.ok;
  }

  /** Changes a part of the design. A change of no meaning lets the run go on. */
  change(part: Partial<Design>): Promise<boolean> {
    return this.open({ ...this.design.value, ...part }, { play: this.isPlaying || this.isDone, keep: true });
  }

  /** Gives up what was asked for last, if it does not run: what runs goes on. */
  async goBack(): Promise<void> {
    const opened = this.opened.value;
    if (opened !== undefined) await this.open(opened.design, { play: this.isPlaying, keep: true });
  }

  play(): void {
    this.#wish = 'play';
    void this.remote.play();
  }

  pause(): void {
    this.#wish = 'pause';
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

  /** An experiment as it is shown before it is chosen; undefined once the page ends. */
  async card(experiment: string): Promise<Outcome<GalleryCard> | undefined> {
    const worker = this.#worker;
    const card = await worker.ask<Outcome<GalleryCard>>((remote) => remote.card(experiment));
    // The worker of another design has taken its place: cards are the same on each.
    return card === undefined && worker !== this.#worker ? this.card(experiment) : card;
  }

  /** Asks about a picture; undefined if another design has taken the place of the one that was asked. */
  ask(picture: Uint8Array): Promise<Outcome<SampleView> | undefined> {
    return this.#worker.ask<Outcome<SampleView>>((remote) => remote.ask(picture));
  }

  /** Learns a picture; undefined as with {@link ask}. */
  teach(picture: Uint8Array, label: number): Promise<Outcome<SampleView> | undefined> {
    return this.#worker.ask<Outcome<SampleView>>((remote) => remote.teach(picture, label));
  }

  /**
   * Takes files as the data, and starts a design anew with them; no files: back to the digits. Unsuitable data are not
   * kept.
   *
   * @param arrays that hold the samples, where the design names them
   */
  async useData(
    files: readonly DroppedFile[],
    design = this.design.value,
    arrays?: SampleArrays,
  ): Promise<Outcome<string>> {
    const before = { data: this.#data, words: this.ownData.value };
    const outcome = await this.remote.useData(files, arrays);
    if (!outcome.ok) return outcome;
    this.#data = { files, arrays };
    this.ownData.value = files.length === 0 ? undefined : outcome.value;
    await this.open(design);
    if (this.fault.value === undefined) return outcome;
    this.#refused = { files, arrays };
    this.#data = before.data;
    this.ownData.value = before.words;
    await this.remote.useData(before.data.files, before.data.arrays);
    return outcome;
  }

  /** Makes the latest design fit the data, and starts it. */
  async adapt(): Promise<Outcome<string> | undefined> {
    const adaptation = this.adaptation.value;
    if (adaptation === undefined) return undefined;
    const design = this.design.value;
    const adapted = { ...design, settings: { ...design.settings, ...adaptation.settings } };
    if (this.#refused !== undefined) return this.useData(this.#refused.files, adapted, this.#refused.arrays);
    await this.open(adapted, { play: true });
    return undefined;
  }

  close(): void {
    this.#worker.close();
    this.#coming?.close();
  }

  #start(): SimulatorWorker {
    return startWorker((frame) => this.#receive(frame));
  }

  /** Whether the present worker takes a design: another experiment gets a new one, which can be ended early. */
  #suits(design: Design, { keep = false }: OpenOptions): boolean {
    const now = this.opened.value?.design;
    if (now === undefined) return this.#worker.opens === 0;
    const most = keep && differInTexts(now, design) ? mostTexts : mostOpens;
    return this.#isOfSame(design) && this.#worker.opens < most;
  }

  #isOfSame({ experiment, hw }: Design): boolean {
    const now = this.opened.value?.design;
    return now?.experiment === experiment && now.hw === hw;
  }

  async #opened(
    worker: SimulatorWorker,
    design: Design,
    options: OpenOptions,
    asked: number,
  ): Promise<Outcome<OpenDesign> | undefined> {
    try {
      if (worker !== this.#worker && this.#data.files.length > 0) {
        const taken = await worker.ask<Outcome<string>>((remote) =>
          remote.useData(this.#data.files, this.#data.arrays),
        );
        if (taken?.ok !== true) return taken;
      }
      return await worker.ask<Outcome<OpenDesign>>((remote) =>
        remote.open(design, { ...options, run: asked }),
      );
    } catch (error) {
      // The browser has refused something: memory, say.
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, error: { code: 'system', message: `the browser refuses: ${message}`, place: {} } };
    }
  }

  /** Frames of a run that is being opened wait until it is known what they show. */
  #receive(frame: Frame): void {
    if (frame.run === this.#shown) this.#show(frame);
    else if (frame.run > this.#shown) this.#early.push(frame);
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
