import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { proxy, type Remote, wrap } from 'comlink';
import type { ErrorParts } from '../../src/text/index.ts';
import type { Design } from '../shared/design.ts';
import type {
  AccuracyPoint,
  DroppedFile,
  Frame,
  Opened,
  OpenOptions,
  Outcome,
  SampleView,
  Watch,
  Workbench,
} from '../shared/protocol.ts';

/** A machine in a worker of its own, and what the page knows of it. */
export class Bench {
  /** What was asked for last; while it does not compile, {@link opened} is what runs. */
  readonly design: Signal<Design>;
  readonly opened: Signal<Opened | undefined> = signal(undefined);
  readonly frame: Signal<Frame | undefined> = signal(undefined);
  /** Accuracy and energy since the first sample. */
  readonly points: Signal<readonly AccuracyPoint[]> = signal([]);
  /** Why the latest design does not run. */
  readonly fault: Signal<ErrorParts | undefined> = signal(undefined);
  readonly isOpening: ReadonlySignal<boolean>;
  readonly #isOpening = signal(false);
  readonly #worker: Worker;
  readonly remote: Remote<Workbench>;
  /** Number of the latest design asked for: an answer to an earlier one is dropped. */
  #asked = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(design: Design) {
    this.design = signal(design);
    this.isOpening = this.#isOpening;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    this.remote = wrap<Workbench>(this.#worker);
    void this.remote.subscribe(proxy((frame: Frame) => this.#show(frame)));
  }

  /** Whether it learns or tests at the moment. */
  get isPlaying(): boolean {
    return this.frame.value?.running ?? true;
  }

  /** Compiles a design and starts it. If it does not compile, what ran before runs on, and {@link fault} says why. */
  async open(design: Design, options: OpenOptions = { play: this.isPlaying }): Promise<boolean> {
    const asked = ++this.#asked;
    this.design.value = design;
    this.#isOpening.value = true;
    const outcome = await this.#inTurn(async (): Promise<Outcome<Opened> | undefined> => {
      // Another one has been asked for meanwhile: only the latest is compiled.
      if (asked !== this.#asked) return undefined;
      return this.remote.open(design, options);
    });
    if (outcome === undefined || asked !== this.#asked) return false;
    batch(() => {
      this.#isOpening.value = false;
      this.fault.value = outcome.ok ? undefined : outcome.error;
      if (outcome.ok) this.opened.value = outcome.value;
    });
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
    void this.remote.watch(watch);
  }

  ask(picture: Uint8Array): Promise<Outcome<SampleView>> {
    return this.remote.ask(picture);
  }

  teach(picture: Uint8Array, label: number): Promise<Outcome<SampleView>> {
    return this.remote.teach(picture, label);
  }

  /** Takes files as the data, and starts anew with them; no files: back to the digits. */
  async useData(files: readonly DroppedFile[]): Promise<void> {
    const outcome = await this.remote.useData(files);
    if (outcome.ok) await this.open(this.design.value);
    else this.fault.value = outcome.error;
  }

  close(): void {
    this.#worker.terminate();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #show(frame: Frame): void {
    batch(() => {
      const before = this.frame.value?.position ?? 0;
      const kept = frame.position < before || frame.isFirst ? [] : this.points.value;
      if (kept !== this.points.value || frame.points.length > 0)
        this.points.value = [...kept, ...frame.points];
      this.frame.value = frame;
    });
  }
}
