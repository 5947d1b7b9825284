/** Completions at a place in a text of microcode. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import {
  domains,
  findOperation,
  type Operation,
  operations,
  registerCount,
} from '../../../../src/isa/index.ts';
import { type OutlineItem, outlineItemAt, outlineOf } from '../kernels.ts';
import { fieldsOf, gatesOf, type Vocabulary } from './names.ts';
import {
  bodyWords,
  headWords,
  keywords,
  type Meaning,
  operationMeaning,
  type Word,
  wordsIn,
} from './words.ts';

/** A word that may be written, with what it means. */
export interface WordOffer {
  readonly label: string;
  readonly type: 'keyword' | 'function' | 'variable' | 'property' | 'constant' | 'type';
  readonly detail?: string;
  readonly meaning?: Meaning;
  /** The text that replaces it. */
  readonly apply?: string;
  readonly boost?: number;
}

/** The words that fit at a column (from 0) of a line (from 1), and where the word begins that is being written. */
export function offersAt(
  text: string,
  line: number,
  column: number,
  known: Vocabulary,
): { readonly from: number; readonly offers: readonly WordOffer[] } | undefined {
  const before = (text.split('\n')[line - 1] ?? '').slice(0, column);
  if (before.includes(';')) return undefined;
  const from = column - (/[^\s,]*$/.exec(before)?.[0].length ?? 0);
  const words = wordsIn(before.slice(0, from));
  const outline = outlineOf(text);
  const place = outlineItemAt(outline, line);
  const [head] = words;
  if (head === undefined)
    return { from, offers: lineOffers(place !== undefined && place.firstLine < line, text, line) };
  if (head.text === 'kernel') return { from, offers: headerOffers(words, place) };
  if (head.text === 'call') {
    const routines = outline.filter(
      (each) => each.is === 'routine' && each.firstLine < line && each !== place,
    );
    const isFirst = words.length === 1;
    return {
      from,
      offers: isFirst ? routines.map(({ name }) => ({ label: name, type: 'function' as const })) : [],
    };
  }
  const operand = words.filter(({ text: word }) => word === ',').length;
  const isOperand = words.length === 1 || words.at(-1)?.text === ',';
  if (!isOperand) return undefined;
  const shapes = new Set(
    operations
      .filter(({ mnemonic, written }) => mnemonic === head.text || written === head.text)
      .map(({ operands }) => operands[operand]),
  );
  const offers = [...shapes].flatMap((shape) => operandOffers(shape, text, line, place, known));
  return {
    from,
    offers: offers.filter(({ label }, at) => offers.findIndex((each) => each.label === label) === at),
  };
}

/** First words: operations within a kernel, heads outside. */
function lineOffers(isInside: boolean, text: string, line: number): WordOffer[] {
  const worded = (label: string): WordOffer => ({
    label,
    type: 'keyword',
    ...(keywords[label] && { meaning: keywords[label] }),
    apply: label === 'end' ? label : `${label} `,
  });
  if (!isInside) return headWords.map(worded);
  const width = operandColumn(text, line);
  const ops = operations.map((operation): WordOffer => {
    const { mnemonic, written = mnemonic } = operation;
    const meaning = operationMeaning(operation);
    return {
      label: written,
      type: 'function',
      detail: meaning.title.slice(meaning.title.indexOf(' ') + 1),
      meaning,
      apply: `${written} `.padEnd(width),
    };
  });
  return [...ops, ...bodyWords.map(worded)];
}

/** How far from an operation's first letter its operands begin, on the line above. */
function operandColumn(text: string, line: number): number {
  const above = text
    .split('\n')
    .slice(0, line - 1)
    .reverse();
  for (const each of above) {
    const [head, operand] = wordsIn(each);
    if (head !== undefined && operand !== undefined && findOperation(head.text) !== undefined)
      return operand.from - head.from;
  }
  return 0;
}

/** `kernel NAME over DOMAIN where GATE and GATE`. */
function headerOffers(words: readonly Word[], kernel: OutlineItem | undefined): WordOffer[] {
  const keyword = (label: string): WordOffer[] => [
    { label, type: 'keyword', apply: `${label} `, ...(keywords[label] && { meaning: keywords[label] }) },
  ];
  const gates = gatesOf(kernel?.domain ?? '').map(
    (role): WordOffer => ({ label: `${role}.`, type: 'property' }),
  );
  switch (words.length) {
    case 2:
      return keyword('over');
    case 3:
      return domains.map(({ name, meaning }) => ({
        label: name,
        type: 'type',
        meaning: { title: name, meaning, detail: '' },
      }));
    case 4:
      return gates.length > 0 ? keyword('where') : [];
    case 6:
      return gates.length > 1 ? keyword('and') : [];
    case 5:
    case 7:
      return gates;
    default:
      return [];
  }
}

function operandOffers(
  shape: Operation['operands'][number] | undefined,
  text: string,
  line: number,
  place: OutlineItem | undefined,
  known: Vocabulary,
): WordOffer[] {
  const kernel = { name: place?.name ?? '', domain: place?.domain ?? '' };
  switch (shape) {
    case undefined:
      return [];
    case 'field':
      return fieldsOf(known, kernel).map(({ word, arrays }) => ({
        label: word,
        type: 'property',
        ...(arrays.length > 0 && { detail: arrays.join(', ') }),
      }));
    case 'generator':
      return known.generators.map((label) => ({ label, type: 'constant' }));
    case 'result':
    case 'register':
      return registerOffers(text, line, place);
    case 'value':
      return [...registerOffers(text, line, place), ...parameterOffers(text, known)];
    case 'constant':
      return parameterOffers(text, known);
  }
}

/** All registers; first those that the kernel has used above, the latest before the others. */
function registerOffers(text: string, line: number, place: OutlineItem | undefined): WordOffer[] {
  const above = text.split('\n').slice(Math.max(0, (place?.firstLine ?? 1) - 1), line - 1);
  const used = new Set(
    above
      .flatMap(wordsIn)
      .flatMap(({ text: word }) => (/^r\d+$/.test(word) ? [word] : []))
      .reverse(),
  );
  const order = [...used];
  return Array.from({ length: registerCount }, (_, number): WordOffer => {
    const label = `r${number}`;
    const at = order.indexOf(label);
    return { label, type: 'variable', ...(at >= 0 && { boost: 20 - at, detail: 'used above' }) };
  });
}

/** The program's parameters, and those that the text already names. */
function parameterOffers(text: string, known: Vocabulary): WordOffer[] {
  const inText = text
    .split('\n')
    .flatMap(wordsIn)
    .flatMap(({ text: word }) => (word.length > 1 && word.startsWith('#') ? [word.slice(1)] : []));
  return [...new Set([...inText, ...known.parameters.keys()])].map((name): WordOffer => {
    const formula = known.parameters.get(name);
    return { label: `#${name}`, type: 'constant', ...(formula !== undefined && { detail: formula }) };
  });
}

/** The completion source of the editor. */
export function completeMicrocode(vocabularyNow: () => Vocabulary) {
  return (context: CompletionContext): CompletionResult | null => {
    const at = context.state.doc.lineAt(context.pos);
    const found = offersAt(context.state.doc.toString(), at.number, context.pos - at.from, vocabularyNow());
    if (found === undefined || found.offers.length === 0) return null;
    const from = at.from + found.from;
    // A new line offers nothing until somebody writes or asks: an empty line is left with Enter.
    if (from === context.pos && found.from <= (/^\s*/.exec(at.text)?.[0].length ?? 0) && !context.explicit)
      return null;
    return { from, options: found.offers.map(completionOf), validFor: /^[^\s,;]*$/ };
  };
}

function completionOf({ label, type, detail, meaning, apply, boost }: WordOffer): Completion {
  return {
    label,
    type,
    ...(detail !== undefined && { detail }),
    ...(apply !== undefined && { apply }),
    ...(boost !== undefined && { boost }),
    ...(meaning !== undefined && { info: () => meaningDom(meaning) }),
  };
}

/** A meaning as the editor shows it beside a completion and under the pointer. */
export function meaningDom({ title, meaning, detail }: Meaning): HTMLElement {
  const box = document.createElement('div');
  box.className = 'meaning';
  for (const [tag, text] of [
    ['code', title],
    ['p', meaning],
    ['small', detail],
  ] as const)
    if (text !== '') box.append(Object.assign(document.createElement(tag), { textContent: text }));
  return box;
}
