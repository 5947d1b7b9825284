/** Marks of the run in the text: the lines of the kernel in hand, and each kernel's share of the cycles. */
import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import { outlineOf } from '../kernels.ts';

export interface Marks {
  /** The kernel whose lines are coloured. */
  readonly inHand: string | undefined;
  /** Share of the run's cycles by kernel, in hundredths. */
  readonly percents: ReadonlyMap<string, number>;
}

export const noMarks: Marks = { inHand: undefined, percents: new Map() };

export const setMarks = StateEffect.define<Marks>();

interface MarkState {
  readonly marks: Marks;
  readonly decorations: DecorationSet;
}

class Share extends WidgetType {
  readonly percent: number;

  constructor(percent: number) {
    super();
    this.percent = percent;
  }

  override eq(other: Share): boolean {
    return other.percent === this.percent;
  }

  // Tables of the page have the same number: a screen reader need not read it in the text.
  override toDOM(): HTMLElement {
    const share = document.createElement('span');
    share.className = 'cm-share';
    share.ariaHidden = 'true';
    const track = document.createElement('span');
    track.className = 'track';
    const bar = document.createElement('span');
    bar.className = 'bar';
    track.append(bar);
    share.append(track, document.createElement('span'));
    return this.show(share);
  }

  override updateDOM(share: HTMLElement): boolean {
    this.show(share);
    return true;
  }

  show(share: HTMLElement): HTMLElement {
    const [track, words] = share.children;
    const bar = track?.firstElementChild;
    if (bar instanceof HTMLElement) bar.style.width = `${this.percent}%`;
    if (words !== undefined) words.textContent = `${this.percent < 1 ? '< 1' : this.percent} % of the cycles`;
    return share;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const inHandLine = Decoration.line({ class: 'cm-inHand' });

function decorate(text: string, lineStart: (line: number) => { from: number; to: number }, marks: Marks) {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { is, name, firstLine, lastLine } of outlineOf(text)) {
    if (is !== 'kernel') continue;
    const percent = marks.percents.get(name);
    for (let line = firstLine; line <= lastLine; line++) {
      const { from, to } = lineStart(line);
      if (name === marks.inHand) builder.add(from, from, inHandLine);
      if (line === firstLine && percent !== undefined)
        builder.add(to, to, Decoration.widget({ widget: new Share(percent), side: 1 }));
    }
  }
  return builder.finish();
}

const field = StateField.define<MarkState>({
  create: () => ({ marks: noMarks, decorations: Decoration.none }),
  update(before, { docChanged, effects, newDoc }) {
    const marks = effects.findLast((effect) => effect.is(setMarks))?.value ?? before.marks;
    if (marks === before.marks && !docChanged) return before;
    return {
      marks,
      decorations: decorate(newDoc.toString(), (line) => newDoc.line(line), marks),
    };
  },
  provide: (self) => EditorView.decorations.from(self, ({ decorations }) => decorations),
});

export const marks: Extension = field;
