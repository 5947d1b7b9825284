/** A drawing and what the core that runs makes of it: nothing that is shown is of a core or a drawing before. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';
import type { Frame, OpenDesign, Outcome, SampleView } from '../../shared/protocol.ts';
import type { Bench } from '../bench.ts';
import { digitSide } from './digit.ts';

/** While the run goes on, a drawing is asked again after so many milliseconds. */
const againMs = 1000;

/** Whether a person can draw what the design is asked. */
export function canDraw({ pictureSide, canWatch }: OpenDesign): boolean {
  return pictureSide === digitSide && canWatch;
}

/** A drawing, which is asked again whenever what runs has changed. */
export class OwnDrawing {
  /** Of the core that runs; undefined without a drawing, and until the core has answered. */
  readonly answer: ReadonlySignal<SampleView | undefined>;
  /** What the core has learnt the drawing as; undefined once either is another. */
  readonly taughtAs: ReadonlySignal<number | undefined>;
  /** Why it was not asked, or not learnt. */
  readonly fault: ReadonlySignal<string | undefined>;
  readonly isEmpty: ReadonlySignal<boolean>;
  readonly #answer: Signal<SampleView | undefined> = signal(undefined);
  readonly #taughtAs: Signal<number | undefined> = signal(undefined);
  readonly #fault: Signal<string | undefined> = signal(undefined);
  readonly #isEmpty = signal(true);
  readonly #bench: Pick<Bench, 'opened' | 'frame' | 'isOpening' | 'ask' | 'teach'>;
  #picture: Uint8Array | undefined;
  /** One question at a time: while one is on its way, only the latest drawing waits. */
  #isBusy = false;
  #isDue = false;
  /** Where the run stood when it was asked last, and when that was. */
  #askedAt: number | undefined;
  #askedMs = 0;
  #opened: OpenDesign | undefined;
  #frame: Frame | undefined;

  constructor(bench: Pick<Bench, 'opened' | 'frame' | 'isOpening' | 'ask' | 'teach'>) {
    this.#bench = bench;
    this.answer = this.#answer;
    this.taughtAs = this.#taughtAs;
    this.fault = this.#fault;
    this.isEmpty = this.#isEmpty;
  }

  /** From now on, what runs is asked about the drawing. Returns what ends that. */
  follow(): () => void {
    const { opened, frame, isOpening } = this.#bench;
    return effect(() => {
      const now = [opened.value, frame.value, isOpening.value] as const;
      untracked(() => this.#heed(...now));
    });
  }

  /** There is a new stroke. */
  async draw(picture: Uint8Array): Promise<void> {
    this.#picture = picture;
    this.#isEmpty.value = false;
    this.#forget();
    await this.#ask();
  }

  clear(): void {
    this.#picture = undefined;
    this.#isEmpty.value = true;
    this.#answer.value = undefined;
    this.#forget();
  }

  async teach(label: number): Promise<void> {
    const [picture, opened] = [this.#picture, this.#bench.opened.value];
    if (picture === undefined) return;
    const outcome = await this.#bench.teach(picture, label);
    // A new stroke, and another core, are asked anyway.
    if (picture !== this.#picture || opened !== this.#bench.opened.value) return;
    this.#take(outcome);
    this.#taughtAs.value = outcome?.ok === true ? label : undefined;
  }

  #forget(): void {
    this.#taughtAs.value = undefined;
    this.#fault.value = undefined;
  }

  #heed(opened: OpenDesign | undefined, frame: Frame | undefined, isOpening: boolean): void {
    const isOther = opened !== this.#opened && opened?.goesOn !== true;
    const isAnew = isOther || (frame !== this.#frame && frame?.isFirst === true);
    this.#opened = opened;
    this.#frame = frame;
    if (isAnew) this.#forget();
    if (isOther) this.#answer.value = undefined;
    if (isOpening || this.#isEmpty.value) return;
    if (isAnew || (!this.#isBusy && this.#isStale(frame))) void this.#ask();
  }

  /** Whether the core has gone on since it answered: while it does, now and then. */
  #isStale(frame: Frame | undefined): boolean {
    if (this.#answer.value === undefined) return this.#fault.value === undefined;
    return (
      frame?.position !== this.#askedAt &&
      (frame?.running !== true || performance.now() - this.#askedMs >= againMs)
    );
  }

  async #ask(): Promise<void> {
    if (this.#isBusy) {
      this.#isDue = true;
      return;
    }
    const [picture, opened] = [this.#picture, this.#bench.opened.value];
    this.#isDue = false;
    if (picture === undefined || opened === undefined || !canDraw(opened)) return;
    this.#isBusy = true;
    this.#askedAt = this.#bench.frame.value?.position;
    this.#askedMs = performance.now();
    try {
      const outcome = await this.#bench.ask(picture);
      // What another core has answered, or what was cleared meanwhile, is not shown.
      if (opened !== this.#bench.opened.value) this.#isDue = true;
      else if (this.#picture !== undefined) this.#take(outcome);
    } finally {
      this.#isBusy = false;
    }
    if (this.#isDue) await this.#ask();
  }

  #take(outcome: Outcome<SampleView> | undefined): void {
    if (outcome === undefined) return;
    this.#answer.value = outcome.ok ? outcome.value : undefined;
    this.#fault.value = outcome.ok ? undefined : outcome.error.message;
  }
}
