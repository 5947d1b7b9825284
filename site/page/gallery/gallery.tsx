import { computed, type Signal, signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { defaultDesign } from '../../shared/design.ts';
import { type GalleryCard, type GalleryGroup, galleryGroups } from '../../shared/gallery.ts';
import { pathOf } from '../editor/files.ts';
import { bench, catalogue } from '../store.ts';
import { matching } from './search.ts';
import { Sketch } from './sketch.tsx';

/** The cards that the worker has made so far. */
const cards: Signal<readonly GalleryCard[]> = signal([]);
let isMaking = false;
/** On a phone, a field with the focus brings up a keyboard, which covers the experiments. */
const hasKeyboard = matchMedia('(pointer: fine)').matches;
/** What a person looks for among them. */
const search = signal('');
const found = computed(() => {
  const descriptions = catalogue.value.experiments.map(
    ({ name, description }) => [name, description] as const,
  );
  return matching(cards.value, search.value, new Map(descriptions));
});

/** Asks for one card after the other: between two of them the run goes on. One that was not made is asked for again. */
async function makeCards(): Promise<void> {
  if (isMaking) return;
  isMaking = true;
  const made = new Set(cards.value.map(({ name }) => name));
  const { experiments } = catalogue.value;
  // What the others are compared with comes first.
  const isFirst = ({ name }: { readonly name: string }): boolean => name === defaultDesign.experiment;
  const all = [...experiments.filter(isFirst), ...experiments.filter((each) => !isFirst(each))];
  for (const { name } of all.filter((each) => !made.has(each.name))) {
    const card = await bench.card(name);
    if (card?.ok === true) cards.value = [...cards.value, card.value];
  }
  isMaking = false;
}

/** Edits that stay with another experiment. The files of an imported network belong to its own alone. */
function editsThatStay(): Readonly<Record<string, string>> {
  const { edits, experiment } = bench.design.value;
  const isArray = (path: string): boolean => path.endsWith('.npz');
  if (!Object.keys(edits).some(isArray)) return edits;
  const imported = [pathOf('experiment', experiment), pathOf('program', experiment)];
  return Object.fromEntries(
    Object.entries(edits).filter(([path]) => !isArray(path) && !imported.includes(path)),
  );
}

/** A button that names the experiment, and the experiments behind it. */
export function ExperimentChoice() {
  const dialog = useRef<HTMLDialogElement>(null);
  const closing = useRef<HTMLButtonElement>(null);
  const { experiment } = bench.design.value;
  const choose = (name: string): void => {
    dialog.current?.close();
    scrollTo({ top: 0 });
    void bench.open({ experiment: name, settings: {}, edits: editsThatStay() }, { play: true });
  };
  return (
    <>
      <button
        type="button"
        id="experiment"
        value={experiment}
        aria-haspopup="dialog"
        disabled={catalogue.value.version === ''}
        onClick={() => {
          search.value = '';
          dialog.current?.showModal();
          if (!hasKeyboard) closing.current?.focus();
          void makeCards();
        }}
      >
        <span class="kind">Experiment </span>
        {experiment}
        <span aria-hidden="true"> ▾</span>
      </button>
      <dialog id="gallery" ref={dialog} aria-labelledby="gallery-title">
        <div class="gallery-head">
          <h2 id="gallery-title">Experiments</h2>
          <input
            type="search"
            id="gallery-search"
            aria-label="Search the experiments"
            placeholder="Search"
            value={search.value}
            onInput={({ currentTarget }) => {
              search.value = currentTarget.value;
            }}
          />
          <button type="button" ref={closing} onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <p class="about" role="status">
          {told()}
        </p>
        {(Object.keys(galleryGroups) as GalleryGroup[]).map((group) => (
          <Group key={group} group={group} onChoice={choose} />
        ))}
        <button
          type="button"
          class="link"
          onClick={() => {
            dialog.current?.close();
            document.getElementById('own')?.scrollIntoView();
          }}
        >
          A network or data of your own
        </button>
      </dialog>
    </>
  );
}

function told(): string {
  const { length } = catalogue.value.experiments;
  const words = search.value.trim();
  if (cards.value.length < length)
    return `The experiments are being read: ${cards.value.length} of ${length} so far.`;
  if (words === '') return 'In a picture, each dot more stands for twice as many neurons. Squares are cores.';
  const count = found.value.length;
  return count === 0
    ? `No experiment has “${words}” in its name, its group or its description. Try another word, or a part of it.`
    : `${count} of ${length} experiments ${count === 1 ? 'has' : 'have'} “${words}”.`;
}

interface GroupProps {
  readonly group: GalleryGroup;
  onChoice(name: string): void;
}

function Group({ group, onChoice }: GroupProps) {
  const members = found.value.filter((card) => card.group === group);
  const { experiment } = bench.design.value;
  const hasOwn = bench.ownData.value !== undefined;
  if (members.length === 0) return null;
  return (
    <section aria-labelledby={`gallery-${group}`}>
      <h3 id={`gallery-${group}`}>{galleryGroups[group]}</h3>
      <ul class="cards">
        {members.map(({ name, line, sketch, needs }) => (
          <li key={name}>
            <button
              type="button"
              class="card"
              value={name}
              aria-current={name === experiment ? 'true' : undefined}
              onClick={() => onChoice(name)}
            >
              <Sketch sketch={sketch} />
              <strong>
                {name}
                {name === defaultDesign.experiment && <span class="begin"> begin here</span>}
              </strong>
              <span class="line">{line}</span>
              {needs !== undefined && !hasOwn && (
                <span class="needs" title={needs}>
                  Needs data: {needs.split(',')[0]}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
