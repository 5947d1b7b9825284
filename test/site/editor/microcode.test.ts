import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { describe, expect, test } from 'vitest';
import { offersAt } from '../../../site/page/editor/code/microcode-completion.ts';
import { microcode } from '../../../site/page/editor/code/microcode-language.ts';
import { emptyVocabulary } from '../../../site/page/editor/code/names.ts';
import { explainLine, explainWord, wordsIn } from '../../../site/page/editor/code/words.ts';
import { outlineItemAt, outlineOf } from '../../../site/page/editor/kernels.ts';
import { assemble, findOperation, operations } from '../../../src/isa/index.ts';
import { compiled, texts } from './known.ts';

const rules = Object.keys(texts).filter((path) => path.endsWith('.uc'));
/** An experiment for each bundled rule. */
const experiments = [
  'mnist-snn',
  'mnist-cnn',
  'mnist-csnn',
  'mnist-mlp',
  'mnist-stdp',
  'odin-mnist',
  'reckon-cue',
  'recurrent-1024',
  'loihi-chip',
  'truenorth-chip',
  'shd-rsnn',
];

describe('the outline of a text', () => {
  test.each(rules)('%s has the kernels that the assembler finds, at their lines', (path) => {
    const text = texts[path] ?? '';
    const outline = outlineOf(text);
    const kernels = outline.filter(({ is }) => is === 'kernel');
    expect(kernels.map(({ name, domain, firstLine }) => ({ name, domain, firstLine }))).toEqual(
      assemble(text, path).map(({ name, domain, place }) => ({ name, domain, firstLine: place.line })),
    );
    const lines = text.split('\n');
    for (const { lastLine } of outline) expect(lines[lastLine - 1]?.trim()).toMatch(/^end\b/);
  });

  test('a kernel that nobody has ended goes on to the next, or to the end of the text', () => {
    const text = 'kernel a over neurons\n  ld r0, self.v\nkernel b\n  st';
    expect(outlineOf(text)).toEqual([
      { is: 'kernel', name: 'a', domain: 'neurons', firstLine: 1, lastLine: 2 },
      { is: 'kernel', name: 'b', domain: '', firstLine: 3, lastLine: 4 },
    ]);
    expect(outlineItemAt(outlineOf(text), 2)?.name).toBe('a');
    expect(outlineItemAt(outlineOf('; a\nkernel c over row'), 1)).toBeUndefined();
  });
});

describe('completion offers what bundled rules write', () => {
  test.each(experiments)('in the rules of %s, at every word that is no number or new name', (name) => {
    const design = compiled(name);
    const missing: string[] = [];
    let count = 0;
    for (const path of design.rules) {
      const text = texts[path] ?? '';
      // Kernels that the program does not run know no fields of their own.
      const run = new Set(design.known.kernels.map((kernel) => kernel.name.replace(/\(.*$/, '')));
      for (const [index, line] of text.split('\n').entries()) {
        const kernel = outlineItemAt(outlineOf(text), index + 1);
        if (kernel?.is === 'kernel' && !run.has(kernel.name)) continue;
        const words = wordsIn(line);
        for (const [number, word] of words.entries()) {
          if (/^(?:,|-?\d.*)$/.test(word.text)) continue;
          const isName = number === 1 && ['kernel', 'routine'].includes(words[0]?.text ?? '');
          if (isName) continue;
          count += 1;
          const offers = offersAt(text, index + 1, word.from, design.known)?.offers ?? [];
          const isOffered = offers.some(
            ({ label }) => label === word.text || (label.endsWith('.') && word.text.startsWith(label)),
          );
          // Heads are offered between kernels, where no kernel is before them.
          if (!isOffered && !(number === 0 && words[0]?.text === 'kernel'))
            missing.push(`${path}:${index + 1}:${word.from + 1} ${word.text}`);
        }
      }
    }
    expect(count).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  const text = 'kernel k over neurons\n  ld       r0, self.v\n  \nend\n';

  test('every operation of the table, with its meaning, and its operands under those above', () => {
    const offers = offersAt(text, 3, 2, emptyVocabulary)?.offers ?? [];
    const offered = offers.map((offer) => [offer.label, offer.meaning?.meaning]);
    for (const { mnemonic, written, meaning } of operations)
      expect(offered).toContainEqual([written ?? mnemonic, meaning.replaceAll('`', '')]);
    expect(offers.find(({ label }) => label === 'mul')).toMatchObject({
      detail: 'rd, a, b',
      apply: 'mul      ',
      meaning: { title: 'mul rd, a, b', detail: 'a, b values · kinds N ← N, N · costs multiply' },
    });
  });

  test('heads outside of kernels, and nothing in comments', () => {
    const labels = (line: number, column: number) =>
      offersAt(`\n${text}; k`, line, column, emptyVocabulary)?.offers.map(({ label }) => label);
    expect(labels(1, 0)).toEqual(['kernel', 'routine']);
    expect(labels(6, 3)).toBeUndefined();
    expect(offersAt('kernel k over row ', 1, 18, emptyVocabulary)?.offers.map(({ label }) => label)).toEqual([
      'where',
    ]);
    const gates = offersAt('kernel k over row where ', 1, 24, emptyVocabulary)?.offers;
    expect(gates?.map(({ label }) => label)).toEqual(['post.']);
    expect(labels(2, 'kernel k '.length)).toEqual(['over']);
  });

  test('registers that are used above come first', () => {
    const body = 'kernel k over neurons\n  ld r5, self.v\n  add r6, r5, 1\n  st ';
    const boosted = offersAt(body, 4, 5, emptyVocabulary)?.offers.filter(({ boost = 0 }) => boost > 0);
    expect(boosted?.sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0)).map(({ label }) => label)).toEqual([
      'r5',
      'r6',
    ]);
  });
});

describe('words', () => {
  const { known } = compiled('mnist-snn');
  const text = texts['programs/rules/learn.uc'] ?? '';

  test('a field stands for the arrays that the kernel is bound to', () => {
    expect(explainWord(text, 5, 16, known)).toMatchObject({
      title: 'pre.trace',
      meaning: 'a field of the pre-synaptic neuron of the row, shared by all its synapses',
      detail: 'here input.trace, hidden.trace',
      word: { from: 15 },
    });
  });

  test('a parameter has the formula of the program', () => {
    const column = text.split('\n')[7]?.indexOf('#rate') ?? 0;
    expect(explainWord(text, 8, column, known)).toMatchObject({
      title: '#rate',
      detail: 'rate: outputRateShift',
    });
  });

  test('an operation that is written like another is told by its operands', () => {
    expect(explainLine('  emit r1', 1)?.title).toBe('emit a');
    expect(explainLine('  emit r1, r2', 1)?.title).toBe('emit.v a, b');
    expect(explainLine('; mul', 1)).toBeUndefined();
    expect(explainLine('  mull r1, r2', 1)).toBeUndefined();
  });
});

describe('colours', () => {
  const highlighter = tagHighlighter([
    { tag: tags.keyword, class: 'keyword' },
    { tag: tags.operatorKeyword, class: 'operation' },
    { tag: tags.variableName, class: 'register' },
    { tag: tags.definition(tags.variableName), class: 'name' },
    { tag: tags.propertyName, class: 'field' },
    { tag: tags.macroName, class: 'parameter' },
    { tag: tags.number, class: 'number' },
    { tag: tags.typeName, class: 'domain' },
    { tag: tags.comment, class: 'comment' },
    { tag: tags.invalid, class: 'invalid' },
  ]);
  const coloured = (text: string) => {
    const found: string[] = [];
    highlightTree(microcode().language.parser.parse(text), highlighter, (from, to, style) => {
      found.push(`${style} ${text.slice(from, to)}`);
    });
    return found;
  };

  test('of every kind of word', () => {
    expect(
      coloured(
        'kernel k over row where post.v ; c\n  sra.sr r2, r12, #rate\n  ldi r16, -0x1f\n  mull r0\nend',
      ),
    ).toEqual([
      'keyword kernel',
      'name k',
      'keyword over',
      'domain row',
      'keyword where',
      'field post.v',
      'comment ; c',
      'operation sra.sr',
      'register r2',
      'register r12',
      'parameter #rate',
      'operation ldi',
      'invalid r16',
      'number -0x1f',
      'invalid mull',
      'register r0',
      'keyword end',
    ]);
  });

  test.each(rules)('nothing in %s is invalid', (path) => {
    const found = coloured(texts[path] ?? '');
    expect(found.filter((each) => each.startsWith('invalid'))).toEqual([]);
    const mnemonics = assemble(texts[path] ?? '', path).flatMap(({ body }) =>
      body.map(({ mnemonic }) => mnemonic),
    );
    for (const mnemonic of mnemonics)
      expect(found).toContain(`operation ${findOperation(mnemonic)?.written ?? mnemonic}`);
  });
});
