import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { SampleView } from '../../shared/protocol.ts';
import { digitSide, toDigit } from '../draw/digit.ts';
import { Pad, padSide } from '../draw/pad.tsx';
import { numbered } from '../numbered.ts';
import { bench } from '../store.ts';
import { Panel } from './panel.tsx';
import { Chain } from './sample.tsx';

/** A digit of one's own: asked, and taught. */
export function Drawing() {
  const opened = bench.opened.value;
  const cleared = useSignal(0);
  const view = useSignal<SampleView | undefined>(undefined);
  const label = useSignal(0);
  const said = useSignal('');
  const digit = useRef<Uint8Array>(new Uint8Array(digitSide * digitSide));
  const asking = useRef({ isBusy: false, isDue: false });

  /** One question at a time: while one is on its way, only the latest drawing waits. */
  const ask = async (): Promise<void> => {
    if (asking.current.isBusy) {
      asking.current.isDue = true;
      return;
    }
    asking.current = { isBusy: true, isDue: false };
    const outcome = await bench.ask(digit.current);
    asking.current.isBusy = false;
    if (outcome?.ok === true) view.value = outcome.value;
    else if (outcome !== undefined) said.value = outcome.error.message;
    if (asking.current.isDue) await ask();
  };
  const teach = async (): Promise<void> => {
    const outcome = await bench.teach(digit.current, label.value);
    if (outcome?.ok !== true) {
      said.value = outcome?.error.message ?? '';
      return;
    }
    view.value = outcome.value;
    said.value = `It has learnt your drawing as a ${label.value}, and now answers ${outcome.value.answer}.`;
  };
  const clear = (): void => {
    cleared.value += 1;
    view.value = undefined;
    said.value = '';
    digit.current = new Uint8Array(digitSide * digitSide);
  };
  if (opened?.pictureSide !== digitSide || !opened.canWatch) return null;
  const isEmpty = view.value === undefined;
  return (
    <Panel
      id="draw"
      title="Draw a digit"
      about="The core answers while you draw. If it is wrong, teach it: that is one step of its learning rule, on your drawing."
    >
      <div class="drawing">
        <div class="sheet">
          <Pad
            cleared={cleared.value}
            onInk={(ink) => {
              digit.current = toDigit(ink, padSide);
              void ask();
            }}
          />
          <div class="row">
            <button type="button" id="clear" onClick={clear} disabled={isEmpty}>
              Clear
            </button>
            <label>
              It is a{' '}
              <select
                id="teach-label"
                value={label.value}
                onChange={({ currentTarget }) => {
                  label.value = Number(currentTarget.value);
                }}
              >
                {numbered(new Array<undefined>(opened.classes).fill(undefined)).map(({ number }) => (
                  <option key={number} value={number}>
                    {number}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" id="teach" onClick={() => void teach()} disabled={isEmpty}>
              Teach it
            </button>
          </div>
        </div>
        {view.value === undefined ? (
          <p class="about">Nothing is drawn yet.</p>
        ) : (
          <Chain opened={opened} sample={view.value} />
        )}
      </div>
      <p class="said" role="status">
        {said.value}
      </p>
    </Panel>
  );
}
